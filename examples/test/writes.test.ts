import {
  delete_,
  func,
  insert,
  integer,
  MetaData,
  merge,
  type Node,
  newRow,
  numeric,
  oldRow,
  select,
  string,
  Table,
  unique,
  update,
} from "@acme/core";
import { mssql } from "@acme/dialect-mssql";
import { mariadb, mysql } from "@acme/dialect-mysql";
import { oracle } from "@acme/dialect-oracle";
import { postgres } from "@acme/dialect-postgres";
import { sqlite } from "@acme/dialect-sqlite";
import { describe, expect, test } from "vitest";

const metadata = new MetaData();
const pages = new Table(
  "pages",
  metadata,
  {
    id: integer().primaryKey(),
    path: string(100),
    title: string(50),
    hits: integer().default(1),
    price: numeric(10, 2).nullable(),
    version: integer()
      .nullable()
      .onUpdate(() => 7),
  },
  { constraints: (c) => [unique([c.path])] },
);
const visits = new Table("visits", metadata, {
  path: string(100).primaryKey(),
  count: integer(),
  title: string(50).nullable(),
});
const DIALECTS = [postgres(), mysql(), mariadb(), sqlite(), oracle(), mssql()];
const NEWEST = [postgres(), mariadb({ version: "13.0.1" }), oracle({ version: 23 }), mssql()];

/** The statement in each dialect, a line each. */
function texts(statement: Node, dialects = DIALECTS as readonly (typeof DIALECTS)[number][]): string {
  return dialects
    .map((dialect) => {
      try {
        return `${dialect.name}: ${statement.compile({ dialect }).sql}`;
      } catch (error) {
        return `${dialect.name}: ${(error as Error).name}: ${(error as Error).message}`;
      }
    })
    .join("\n");
}

const { id, path, title, hits } = pages.c;
const page = { path: "/", title: "Home" };

describe("the portable upsert", () => {
  test("[DML12] takes what is given from the new row, and sets on-update values", () => {
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1 })
          .upsert({ key: ["path"] }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO visits (path, count) VALUES ($1, $2) ON CONFLICT (path) DO UPDATE SET count = excluded.count RETURNING visits.path
      mysql: INSERT INTO visits (path, \`count\`) VALUES (?, ?) AS excluded ON DUPLICATE KEY UPDATE \`count\` = excluded.\`count\`
      mariadb: INSERT INTO visits (path, \`count\`) VALUES (?, ?) ON DUPLICATE KEY UPDATE \`count\` = VALUES(\`count\`) RETURNING visits.path
      sqlite: INSERT INTO visits (path, count) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET count = excluded.count RETURNING visits.path
      oracle: MERGE INTO visits USING (SELECT :1 AS path, :2 AS count FROM DUAL) excluded ON (visits.path = excluded.path) WHEN MATCHED THEN UPDATE SET count = excluded.count WHEN NOT MATCHED THEN INSERT (path, count) VALUES (excluded.path, excluded.count)
      mssql: MERGE INTO visits WITH (HOLDLOCK) USING (VALUES (@p1, @p2)) AS excluded (path, count) ON visits.path = excluded.path WHEN MATCHED THEN UPDATE SET count = excluded.count WHEN NOT MATCHED THEN INSERT (path, count) VALUES (excluded.path, excluded.count) OUTPUT inserted.path;"
    `);
    expect(
      texts(
        insert(pages)
          .values(page)
          .upsert({ key: ["path"] }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO pages (path, title, hits) VALUES ($1, $2, $3) ON CONFLICT (path) DO UPDATE SET title = excluded.title, version = $4 RETURNING pages.id
      mysql: INSERT INTO pages (path, title, hits) VALUES (?, ?, ?) AS excluded ON DUPLICATE KEY UPDATE title = excluded.title, version = ?
      mariadb: INSERT INTO pages (path, title, hits) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE title = VALUES(title), version = ? RETURNING pages.id
      sqlite: INSERT INTO pages (path, title, hits) VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE SET title = excluded.title, version = ? RETURNING pages.id
      oracle: MERGE INTO pages USING (SELECT :1 AS path, :2 AS title, :3 AS hits FROM DUAL) excluded ON (pages.path = excluded.path) WHEN MATCHED THEN UPDATE SET title = excluded.title, version = :4 WHEN NOT MATCHED THEN INSERT (path, title, hits) VALUES (excluded.path, excluded.title, excluded.hits)
      mssql: MERGE INTO pages WITH (HOLDLOCK) USING (VALUES (@p1, @p2, @p3)) AS excluded (path, title, hits) ON pages.path = excluded.path WHEN MATCHED THEN UPDATE SET title = excluded.title, version = @p4 WHEN NOT MATCHED THEN INSERT (path, title, hits) VALUES (excluded.path, excluded.title, excluded.hits) OUTPUT inserted.id;"
    `);
  });

  test("[DML12] computes from both rows, under a condition; where assignments go from left to right their order is right", () => {
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1, title: "x" }, { path: "/a", count: 2 })
          .upsert({
            key: ["path"],
            update: (incoming, existing) => ({
              count: existing.count.add(incoming.count),
              title: func.coalesce(incoming.title, existing.title),
            }),
            where: (incoming, existing) => existing.count.lt(incoming.count),
          }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO visits (path, count, title) VALUES ($1, $2, $3) ON CONFLICT (path) DO UPDATE SET count = visits.count + excluded.count, title = coalesce(excluded.title, visits.title) WHERE visits.count < excluded.count
      mysql: INSERT INTO visits (path, \`count\`, title) VALUES (?, ?, ?) AS excluded ON DUPLICATE KEY UPDATE title = CASE WHEN visits.\`count\` < excluded.\`count\` THEN coalesce(excluded.title, visits.title) ELSE visits.title END, \`count\` = CASE WHEN visits.\`count\` < excluded.\`count\` THEN visits.\`count\` + excluded.\`count\` ELSE visits.\`count\` END
      mariadb: INSERT INTO visits (path, \`count\`, title) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE title = CASE WHEN visits.\`count\` < VALUES(\`count\`) THEN coalesce(VALUES(title), visits.title) ELSE visits.title END, \`count\` = CASE WHEN visits.\`count\` < VALUES(\`count\`) THEN visits.\`count\` + VALUES(\`count\`) ELSE visits.\`count\` END
      sqlite: INSERT INTO visits (path, count, title) VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE SET count = visits.count + excluded.count, title = coalesce(excluded.title, visits.title) WHERE visits.count < excluded.count
      oracle: MERGE INTO visits USING (SELECT :1 AS path, :2 AS count, :3 AS title FROM DUAL) excluded ON (visits.path = excluded.path) WHEN MATCHED THEN UPDATE SET count = visits.count + excluded.count, title = coalesce(excluded.title, visits.title) WHERE visits.count < excluded.count WHEN NOT MATCHED THEN INSERT (path, count, title) VALUES (excluded.path, excluded.count, excluded.title)
      mssql: MERGE INTO visits WITH (HOLDLOCK) USING (VALUES (@p1, @p2, @p3)) AS excluded (path, count, title) ON visits.path = excluded.path WHEN MATCHED AND visits.count < excluded.count THEN UPDATE SET count = visits.count + excluded.count, title = coalesce(excluded.title, visits.title) WHEN NOT MATCHED THEN INSERT (path, count, title) VALUES (excluded.path, excluded.count, excluded.title);"
    `);
  });

  test("[DML12] leaves rows alone that are there", () => {
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1 })
          .ignoreExisting({ key: ["path"] }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO visits (path, count) VALUES ($1, $2) ON CONFLICT (path) DO NOTHING RETURNING visits.path
      mysql: INSERT INTO visits (path, \`count\`) VALUES (?, ?) AS excluded ON DUPLICATE KEY UPDATE path = visits.path
      mariadb: INSERT INTO visits (path, \`count\`) VALUES (?, ?) ON DUPLICATE KEY UPDATE path = visits.path
      sqlite: INSERT INTO visits (path, count) VALUES (?, ?) ON CONFLICT (path) DO NOTHING RETURNING visits.path
      oracle: MERGE INTO visits USING (SELECT :1 AS path, :2 AS count FROM DUAL) excluded ON (visits.path = excluded.path) WHEN NOT MATCHED THEN INSERT (path, count) VALUES (excluded.path, excluded.count)
      mssql: MERGE INTO visits WITH (HOLDLOCK) USING (VALUES (@p1, @p2)) AS excluded (path, count) ON visits.path = excluded.path WHEN NOT MATCHED THEN INSERT (path, count) VALUES (excluded.path, excluded.count) OUTPUT inserted.path;"
    `);
  });

  test("[DML12] from a query, with a default", () => {
    expect(
      texts(
        insert(pages)
          .fromSelect(["path", "title"], select(visits.c.path, visits.c.title))
          .upsert({ key: ["path"], update: ["title"] }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO pages (path, title, hits) SELECT visits.path, visits.title, $1::INTEGER FROM visits ON CONFLICT (path) DO UPDATE SET title = excluded.title, version = $2
      mysql: INSERT INTO pages (path, title, hits) SELECT * FROM (SELECT visits.path, visits.title, ? FROM visits) AS excluded (path, title, hits) ON DUPLICATE KEY UPDATE title = excluded.title, version = ?
      mariadb: INSERT INTO pages (path, title, hits) SELECT visits.path, visits.title, ? FROM visits ON DUPLICATE KEY UPDATE title = VALUES(title), version = ?
      sqlite: INSERT INTO pages (path, title, hits) SELECT * FROM (SELECT visits.path, visits.title, ? FROM visits) WHERE true ON CONFLICT (path) DO UPDATE SET title = excluded.title, version = ?
      oracle: MERGE INTO pages USING (WITH source (path, title, hits) AS (SELECT visits.path, visits.title, :1 FROM visits) SELECT path, title, hits FROM source) excluded ON (pages.path = excluded.path) WHEN MATCHED THEN UPDATE SET title = excluded.title, version = :2 WHEN NOT MATCHED THEN INSERT (path, title, hits) VALUES (excluded.path, excluded.title, excluded.hits)
      mssql: MERGE INTO pages WITH (HOLDLOCK) USING (SELECT visits.path, visits.title, @p1 FROM visits) AS excluded (path, title, hits) ON pages.path = excluded.path WHEN MATCHED THEN UPDATE SET title = excluded.title, version = @p2 WHEN NOT MATCHED THEN INSERT (path, title, hits) VALUES (excluded.path, excluded.title, excluded.hits);"
    `);
  });

  test("[DML12] RETURNING where the database tells the changed rows", () => {
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1 })
          .upsert({ key: ["path"] })
          .returning(visits.c.count),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO visits (path, count) VALUES ($1, $2) ON CONFLICT (path) DO UPDATE SET count = excluded.count RETURNING visits.count
      mysql: CompileError: mysql has no INSERT ... RETURNING.
      mariadb: INSERT INTO visits (path, \`count\`) VALUES (?, ?) ON DUPLICATE KEY UPDATE \`count\` = VALUES(\`count\`) RETURNING visits.\`count\`
      sqlite: INSERT INTO visits (path, count) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET count = excluded.count RETURNING visits.count
      oracle: CompileError: oracle has no INSERT ... RETURNING.
      mssql: MERGE INTO visits WITH (HOLDLOCK) USING (VALUES (@p1, @p2)) AS excluded (path, count) ON visits.path = excluded.path WHEN MATCHED THEN UPDATE SET count = excluded.count WHEN NOT MATCHED THEN INSERT (path, count) VALUES (excluded.path, excluded.count) OUTPUT inserted.count;"
    `);
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1 })
          .ignoreExisting({ key: ["path"] })
          .returning(visits.c.count),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO visits (path, count) VALUES ($1, $2) ON CONFLICT (path) DO NOTHING RETURNING visits.count
      mysql: CompileError: mysql has no RETURNING of an upsert that leaves rows as they are. Select the rows by their keys.
      mariadb: CompileError: mariadb has no RETURNING of an upsert that leaves rows as they are. Select the rows by their keys.
      sqlite: INSERT INTO visits (path, count) VALUES (?, ?) ON CONFLICT (path) DO NOTHING RETURNING visits.count
      oracle: CompileError: oracle has no INSERT ... RETURNING.
      mssql: MERGE INTO visits WITH (HOLDLOCK) USING (VALUES (@p1, @p2)) AS excluded (path, count) ON visits.path = excluded.path WHEN NOT MATCHED THEN INSERT (path, count) VALUES (excluded.path, excluded.count) OUTPUT inserted.count;"
    `);
  });

  test("[DML12] refuses a key that is none, and where another unique key could be met on MySQL", () => {
    expect(
      texts(
        insert(pages)
          .values(page)
          .upsert({ key: ["title"] }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: CompileError: "pages" declares no unique key of "title". Name the columns of its primary key, of a unique constraint or of a unique index, or declare one with unique([...]).
      mysql: CompileError: "pages" declares no unique key of "title". Name the columns of its primary key, of a unique constraint or of a unique index, or declare one with unique([...]).
      mariadb: CompileError: "pages" declares no unique key of "title". Name the columns of its primary key, of a unique constraint or of a unique index, or declare one with unique([...]).
      sqlite: CompileError: "pages" declares no unique key of "title". Name the columns of its primary key, of a unique constraint or of a unique index, or declare one with unique([...]).
      oracle: CompileError: "pages" declares no unique key of "title". Name the columns of its primary key, of a unique constraint or of a unique index, or declare one with unique([...]).
      mssql: CompileError: "pages" declares no unique key of "title". Name the columns of its primary key, of a unique constraint or of a unique index, or declare one with unique([...])."
    `);
    expect(
      texts(
        insert(pages)
          .values({ ...page, id: 5 })
          .upsert({ key: ["path"], update: ["title"] }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO pages (id, path, title, hits) VALUES ($1, $2, $3, $4) ON CONFLICT (path) DO UPDATE SET title = excluded.title, version = $5 RETURNING pages.id
      mysql: CompileError: On mysql an upsert into "pages" by path would also change rows that have the same id. Leave id out of the rows, or write onDuplicateKeyUpdate(), which means any unique key.
      mariadb: CompileError: On mariadb an upsert into "pages" by path would also change rows that have the same id. Leave id out of the rows, or write onDuplicateKeyUpdate(), which means any unique key.
      sqlite: INSERT INTO pages (id, path, title, hits) VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET title = excluded.title, version = ? RETURNING pages.id
      oracle: MERGE INTO pages USING (SELECT :1 AS id, :2 AS path, :3 AS title, :4 AS hits FROM DUAL) excluded ON (pages.path = excluded.path) WHEN MATCHED THEN UPDATE SET title = excluded.title, version = :5 WHEN NOT MATCHED THEN INSERT (id, path, title, hits) VALUES (excluded.id, excluded.path, excluded.title, excluded.hits)
      mssql: SET IDENTITY_INSERT pages ON; MERGE INTO pages WITH (HOLDLOCK) USING (VALUES (@p1, @p2, @p3, @p4)) AS excluded (id, path, title, hits) ON pages.path = excluded.path WHEN MATCHED THEN UPDATE SET title = excluded.title, version = @p5 WHEN NOT MATCHED THEN INSERT (id, path, title, hits) VALUES (excluded.id, excluded.path, excluded.title, excluded.hits) OUTPUT inserted.id; SET IDENTITY_INSERT pages OFF"
    `);
  });
});

describe("upserts of one database", () => {
  test("[PG18][LT12] ON CONFLICT DO UPDATE with target, partial index, condition and the excluded row", () => {
    expect(
      texts(
        insert(pages)
          .values(page)
          .onConflictDoUpdate({
            target: [func.lower(path), "title"],
            targetWhere: hits.gt(5),
            set: (excluded) => ({ title: excluded.title, hits: hits.add(1) }),
            where: (excluded) => title.ne(excluded.title),
          }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO pages (path, title, hits) VALUES ($1, $2, $3) ON CONFLICT (lower(path), title) WHERE hits > 5 DO UPDATE SET title = excluded.title, hits = pages.hits + $4, version = $5 WHERE pages.title != excluded.title RETURNING pages.id
      mysql: CompileError: mysql has no ON CONFLICT.
      mariadb: CompileError: mariadb has no ON CONFLICT.
      sqlite: INSERT INTO pages (path, title, hits) VALUES (?, ?, ?) ON CONFLICT (lower(path), title) WHERE hits > 5 DO UPDATE SET title = excluded.title, hits = pages.hits + ?, version = ? WHERE pages.title != excluded.title RETURNING pages.id
      oracle: CompileError: oracle has no ON CONFLICT. Use upsert() or ignoreExisting().
      mssql: CompileError: mssql has no ON CONFLICT. Use upsert() or ignoreExisting()."
    `);
  });

  test("[PG18] ON CONSTRAINT", () => {
    expect(
      texts(
        insert(pages)
          .values(page)
          .onConflictDoUpdate({ constraint: "uq_path", set: { title: "x" } }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO pages (path, title, hits) VALUES ($1, $2, $3) ON CONFLICT ON CONSTRAINT uq_path DO UPDATE SET title = $4, version = $5 RETURNING pages.id
      mysql: CompileError: mysql has no ON CONFLICT.
      mariadb: CompileError: mariadb has no ON CONFLICT.
      sqlite: CompileError: sqlite has no ON CONFLICT ON CONSTRAINT (uq_path). Name the columns with target.
      oracle: CompileError: oracle has no ON CONFLICT. Use upsert() or ignoreExisting().
      mssql: CompileError: mssql has no ON CONFLICT. Use upsert() or ignoreExisting()."
    `);
  });

  test("[PG19][LT12] ON CONFLICT DO NOTHING", () => {
    expect(texts(insert(pages).values(page).onConflictDoNothing())).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO pages (path, title, hits) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING pages.id
      mysql: CompileError: mysql has no ON CONFLICT.
      mariadb: CompileError: mariadb has no ON CONFLICT.
      sqlite: INSERT INTO pages (path, title, hits) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING pages.id
      oracle: CompileError: oracle has no ON CONFLICT. Use upsert() or ignoreExisting().
      mssql: CompileError: mssql has no ON CONFLICT. Use upsert() or ignoreExisting()."
    `);
    expect(
      texts(
        insert(pages)
          .values(page)
          .onConflictDoNothing({ target: ["path"] }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO pages (path, title, hits) VALUES ($1, $2, $3) ON CONFLICT (path) DO NOTHING RETURNING pages.id
      mysql: CompileError: mysql has no ON CONFLICT.
      mariadb: CompileError: mariadb has no ON CONFLICT.
      sqlite: INSERT INTO pages (path, title, hits) VALUES (?, ?, ?) ON CONFLICT (path) DO NOTHING RETURNING pages.id
      oracle: CompileError: oracle has no ON CONFLICT. Use upsert() or ignoreExisting().
      mssql: CompileError: mssql has no ON CONFLICT. Use upsert() or ignoreExisting()."
    `);
  });

  test("[LT12] several ON CONFLICT clauses", () => {
    expect(
      texts(
        insert(pages)
          .values(page)
          .onConflictDoUpdate({ target: ["path"], set: { title: "x" } })
          .onConflictDoNothing(),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: CompileError: postgresql has no several ON CONFLICT clauses.
      mysql: CompileError: mysql has no ON CONFLICT.
      mariadb: CompileError: mariadb has no ON CONFLICT.
      sqlite: INSERT INTO pages (path, title, hits) VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE SET title = ?, version = ? ON CONFLICT DO NOTHING RETURNING pages.id
      oracle: CompileError: oracle has no ON CONFLICT. Use upsert() or ignoreExisting().
      mssql: CompileError: mssql has no ON CONFLICT. Use upsert() or ignoreExisting()."
    `);
  });

  test("[MY14] ON DUPLICATE KEY UPDATE with the inserted row: a row alias on MySQL, VALUES() on MariaDB", () => {
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1 })
          .onDuplicateKeyUpdate((inserted, existing) => ({ count: existing.count.add(inserted.count) })),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: CompileError: postgresql has no ON DUPLICATE KEY UPDATE.
      mysql: INSERT INTO visits (path, \`count\`) VALUES (?, ?) AS excluded ON DUPLICATE KEY UPDATE \`count\` = visits.\`count\` + excluded.\`count\`
      mariadb: INSERT INTO visits (path, \`count\`) VALUES (?, ?) ON DUPLICATE KEY UPDATE \`count\` = visits.\`count\` + VALUES(\`count\`) RETURNING visits.path
      sqlite: CompileError: sqlite has no ON DUPLICATE KEY UPDATE.
      oracle: CompileError: oracle has no ON DUPLICATE KEY UPDATE. Use upsert() or ignoreExisting().
      mssql: CompileError: mssql has no ON DUPLICATE KEY UPDATE. Use upsert() or ignoreExisting()."
    `);
    expect(
      texts(
        insert(visits)
          .fromSelect(["path", "count"], select(path, hits))
          .onDuplicateKeyUpdate([
            ["count", visits.c.count.add(1)],
            ["title", visits.c.path],
          ]),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: CompileError: postgresql has no ON DUPLICATE KEY UPDATE.
      mysql: INSERT INTO visits (path, \`count\`) SELECT * FROM (SELECT pages.path, pages.hits FROM pages) AS excluded (path, \`count\`) ON DUPLICATE KEY UPDATE \`count\` = visits.\`count\` + ?, title = visits.path
      mariadb: INSERT INTO visits (path, \`count\`) SELECT pages.path, pages.hits FROM pages ON DUPLICATE KEY UPDATE \`count\` = visits.\`count\` + ?, title = visits.path
      sqlite: CompileError: sqlite has no ON DUPLICATE KEY UPDATE.
      oracle: CompileError: oracle has no ON DUPLICATE KEY UPDATE. Use upsert() or ignoreExisting().
      mssql: CompileError: mssql has no ON DUPLICATE KEY UPDATE. Use upsert() or ignoreExisting()."
    `);
  });
});

describe("UPDATE and DELETE of several tables", () => {
  const fromVisits = update(pages)
    .set({ hits: visits.c.count, title: func.coalesce(visits.c.title, title) })
    .where(visits.c.path.eq(path), visits.c.count.gt(10));

  test("[DML15][MY15][MS11] FROM is found from SET and WHERE", () => {
    expect(texts(fromVisits)).toMatchInlineSnapshot(`
      "postgresql: UPDATE pages SET hits = visits.count, title = coalesce(visits.title, pages.title), version = $1 FROM visits WHERE visits.path = pages.path AND visits.count > $2
      mysql: UPDATE pages, visits SET pages.hits = visits.\`count\`, pages.title = coalesce(visits.title, pages.title), pages.version = ? WHERE visits.path = pages.path AND visits.\`count\` > ?
      mariadb: UPDATE pages, visits SET pages.hits = visits.\`count\`, pages.title = coalesce(visits.title, pages.title), pages.version = ? WHERE visits.path = pages.path AND visits.\`count\` > ?
      sqlite: UPDATE pages SET hits = visits.count, title = coalesce(visits.title, pages.title), version = ? FROM visits WHERE visits.path = pages.path AND visits.count > ?
      oracle: UPDATE pages SET (hits, title, version) = (SELECT visits.count, coalesce(visits.title, pages.title), :1 FROM visits WHERE visits.path = pages.path AND visits.count > :2) WHERE EXISTS (SELECT 1 FROM visits WHERE visits.path = pages.path AND visits.count > :3)
      mssql: UPDATE pages SET hits = visits.count, title = coalesce(visits.title, pages.title), version = @p1 FROM pages, visits WHERE visits.path = pages.path AND visits.count > @p2"
    `);
    expect(texts(update(pages).set({ hits: 0 }).from(visits).where(visits.c.path.eq(path)))).toMatchInlineSnapshot(`
      "postgresql: UPDATE pages SET hits = $1, version = $2 FROM visits WHERE visits.path = pages.path
      mysql: UPDATE pages, visits SET pages.hits = ?, pages.version = ? WHERE visits.path = pages.path
      mariadb: UPDATE pages, visits SET pages.hits = ?, pages.version = ? WHERE visits.path = pages.path
      sqlite: UPDATE pages SET hits = ?, version = ? FROM visits WHERE visits.path = pages.path
      oracle: UPDATE pages SET (hits, version) = (SELECT :1, :2 FROM visits WHERE visits.path = pages.path) WHERE EXISTS (SELECT 1 FROM visits WHERE visits.path = pages.path)
      mssql: UPDATE pages SET hits = @p1, version = @p2 FROM pages, visits WHERE visits.path = pages.path"
    `);
  });

  test("[DML15] direct joins of Oracle 23ai", () => {
    const dialects = [oracle({ version: 23 })] as never;
    expect(texts(fromVisits, dialects)).toMatchInlineSnapshot(
      `"oracle: UPDATE pages SET hits = visits.count, title = coalesce(visits.title, pages.title), version = :1 FROM visits WHERE visits.path = pages.path AND visits.count > :2"`,
    );
    expect(texts(delete_(pages).where(visits.c.path.eq(path)), dialects)).toMatchInlineSnapshot(
      `"oracle: DELETE FROM pages FROM visits WHERE visits.path = pages.path"`,
    );
  });

  test("[DML19][MY15][MS11] DELETE: USING, FROM, or EXISTS", () => {
    expect(texts(delete_(pages).where(visits.c.path.eq(path), visits.c.count.lt(3)))).toMatchInlineSnapshot(`
      "postgresql: DELETE FROM pages USING visits WHERE visits.path = pages.path AND visits.count < $1
      mysql: DELETE FROM pages USING pages, visits WHERE visits.path = pages.path AND visits.\`count\` < ?
      mariadb: DELETE FROM pages USING pages, visits WHERE visits.path = pages.path AND visits.\`count\` < ?
      sqlite: DELETE FROM pages WHERE EXISTS (SELECT 1 FROM visits WHERE visits.path = pages.path AND visits.count < ?)
      oracle: DELETE FROM pages WHERE EXISTS (SELECT 1 FROM visits WHERE visits.path = pages.path AND visits.count < :1)
      mssql: DELETE FROM pages FROM pages, visits WHERE visits.path = pages.path AND visits.count < @p1"
    `);
    expect(texts(delete_(pages).using(visits.alias("v")).where(hits.eq(0)))).toMatchInlineSnapshot(`
      "postgresql: DELETE FROM pages USING visits AS v WHERE pages.hits = $1
      mysql: DELETE FROM pages USING pages, visits AS v WHERE pages.hits = ?
      mariadb: DELETE FROM pages USING pages, visits AS v WHERE pages.hits = ?
      sqlite: DELETE FROM pages WHERE EXISTS (SELECT 1 FROM visits AS v WHERE pages.hits = ?)
      oracle: DELETE FROM pages WHERE EXISTS (SELECT 1 FROM visits v WHERE pages.hits = :1)
      mssql: DELETE FROM pages FROM pages, visits AS v WHERE pages.hits = @p1"
    `);
  });

  test("[DML21] RETURNING of another table's columns where the database has it", () => {
    expect(texts(fromVisits.returning(id, visits.c.count))).toMatchInlineSnapshot(`
      "postgresql: UPDATE pages SET hits = visits.count, title = coalesce(visits.title, pages.title), version = $1 FROM visits WHERE visits.path = pages.path AND visits.count > $2 RETURNING pages.id, visits.count
      mysql: CompileError: mysql has no UPDATE ... RETURNING.
      mariadb: CompileError: mariadb has no UPDATE ... RETURNING.
      sqlite: CompileError: sqlite has no RETURNING of other tables' columns in UPDATE.
      oracle: CompileError: oracle has no RETURNING of other tables' columns in UPDATE.
      mssql: UPDATE pages SET hits = visits.count, title = coalesce(visits.title, pages.title), version = @p1 OUTPUT inserted.id, visits.count FROM pages, visits WHERE visits.path = pages.path AND visits.count > @p2"
    `);
    expect(texts(delete_(pages).where(visits.c.path.eq(path)).returning(id, visits.c.count))).toMatchInlineSnapshot(`
      "postgresql: DELETE FROM pages USING visits WHERE visits.path = pages.path RETURNING pages.id, visits.count
      mysql: CompileError: mysql has no DELETE ... RETURNING.
      mariadb: CompileError: mariadb has no RETURNING in a DELETE of several tables.
      sqlite: CompileError: sqlite has no RETURNING of other tables' columns in DELETE.
      oracle: CompileError: oracle has no RETURNING of other tables' columns in DELETE.
      mssql: DELETE FROM pages OUTPUT deleted.id, visits.count FROM pages, visits WHERE visits.path = pages.path"
    `);
    expect(texts(delete_(pages).where(visits.c.path.eq(path)).returning(id))).toMatchInlineSnapshot(`
      "postgresql: DELETE FROM pages USING visits WHERE visits.path = pages.path RETURNING pages.id
      mysql: CompileError: mysql has no DELETE ... RETURNING.
      mariadb: CompileError: mariadb has no RETURNING in a DELETE of several tables.
      sqlite: DELETE FROM pages WHERE EXISTS (SELECT 1 FROM visits WHERE visits.path = pages.path) RETURNING pages.id
      oracle: DELETE FROM pages WHERE EXISTS (SELECT 1 FROM visits WHERE visits.path = pages.path) RETURNING pages.id INTO :1
      mssql: DELETE FROM pages OUTPUT deleted.id FROM pages, visits WHERE visits.path = pages.path"
    `);
  });

  test("[DML16] a correlated subquery in SET", () => {
    expect(
      texts(
        update(pages).set({ hits: select(func.max(visits.c.count)).where(visits.c.path.eq(path)).scalar() as never }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: UPDATE pages SET hits = (SELECT max(visits.count) FROM visits WHERE visits.path = pages.path), version = $1
      mysql: UPDATE pages SET hits = (SELECT max(visits.\`count\`) FROM visits WHERE visits.path = pages.path), version = ?
      mariadb: UPDATE pages SET hits = (SELECT max(visits.\`count\`) FROM visits WHERE visits.path = pages.path), version = ?
      sqlite: UPDATE pages SET hits = (SELECT max(visits.count) FROM visits WHERE visits.path = pages.path), version = ?
      oracle: UPDATE pages SET hits = (SELECT max(visits.count) FROM visits WHERE visits.path = pages.path), version = :1
      mssql: UPDATE pages SET hits = (SELECT max(visits.count) FROM visits WHERE visits.path = pages.path), version = @p1"
    `);
  });

  test("[DML14] values in the given order: MySQL and MariaDB assign from left to right", () => {
    expect(
      texts(update(visits).setOrdered(["count", visits.c.count.add(1)], ["title", visits.c.path])),
    ).toMatchInlineSnapshot(`
      "postgresql: UPDATE visits SET count = visits.count + $1, title = visits.path
      mysql: UPDATE visits SET \`count\` = visits.\`count\` + ?, title = visits.path
      mariadb: UPDATE visits SET \`count\` = visits.\`count\` + ?, title = visits.path
      sqlite: UPDATE visits SET count = visits.count + ?, title = visits.path
      oracle: UPDATE visits SET count = visits.count + :1, title = visits.path
      mssql: UPDATE visits SET count = visits.count + @p1, title = visits.path"
    `);
    const swap = update(visits).setOrdered(["path", func.coalesce(visits.c.title, "")], ["title", visits.c.path]);
    expect(texts(swap)).toMatchInlineSnapshot(`
      "postgresql: UPDATE visits SET path = coalesce(visits.title, $1), title = visits.path
      mysql: UPDATE visits SET path = coalesce(visits.title, ?), title = visits.path
      mariadb: UPDATE visits SET path = coalesce(visits.title, ?), title = visits.path
      sqlite: UPDATE visits SET path = coalesce(visits.title, ?), title = visits.path
      oracle: UPDATE visits SET path = coalesce(visits.title, :1), title = visits.path
      mssql: UPDATE visits SET path = coalesce(visits.title, @p1), title = visits.path"
    `);
  });

  test("[DML20] filter and filterBy", () => {
    expect(
      texts(update(visits).set({ count: 1 }).filterBy({ path: "/", title: null }).filter(visits.c.count.gt(1))),
    ).toMatchInlineSnapshot(`
      "postgresql: UPDATE visits SET count = $1 WHERE visits.path = $2 AND visits.title IS NULL AND visits.count > $3
      mysql: UPDATE visits SET \`count\` = ? WHERE visits.path = ? AND visits.title IS NULL AND visits.\`count\` > ?
      mariadb: UPDATE visits SET \`count\` = ? WHERE visits.path = ? AND visits.title IS NULL AND visits.\`count\` > ?
      sqlite: UPDATE visits SET count = ? WHERE visits.path = ? AND visits.title IS NULL AND visits.count > ?
      oracle: UPDATE visits SET count = :1 WHERE visits.path = :2 AND visits.title IS NULL AND visits.count > :3
      mssql: UPDATE visits SET count = @p1 WHERE visits.path = @p2 AND visits.title IS NULL AND visits.count > @p3"
    `);
    expect(texts(delete_(visits).filterBy({ path: "/", title: null }))).toMatchInlineSnapshot(`
      "postgresql: DELETE FROM visits WHERE visits.path = $1 AND visits.title IS NULL
      mysql: DELETE FROM visits WHERE visits.path = ? AND visits.title IS NULL
      mariadb: DELETE FROM visits WHERE visits.path = ? AND visits.title IS NULL
      sqlite: DELETE FROM visits WHERE visits.path = ? AND visits.title IS NULL
      oracle: DELETE FROM visits WHERE visits.path = :1 AND visits.title IS NULL
      mssql: DELETE FROM visits WHERE visits.path = @p1 AND visits.title IS NULL"
    `);
  });
});

describe("statements in common table expressions", () => {
  test("[DML25] rows that a statement changed, for another one", () => {
    const moved = delete_(visits).where(visits.c.count.eq(0)).returning(visits.c.path, visits.c.title).cte("moved");
    expect(
      texts(insert(pages).fromSelect(["path", "title"], select(moved.c.path, moved.c.title))),
    ).toMatchInlineSnapshot(`
      "postgresql: WITH moved(path, title) AS (DELETE FROM visits WHERE visits.count = $1 RETURNING visits.path, visits.title) INSERT INTO pages (path, title, hits) SELECT moved.path, moved.title, $2::INTEGER FROM moved
      mysql: CompileError: mysql has no DELETE in WITH.
      mariadb: CompileError: mariadb has no DELETE in WITH.
      sqlite: CompileError: sqlite has no DELETE in WITH.
      oracle: CompileError: oracle has no DELETE in WITH.
      mssql: CompileError: mssql has no DELETE in WITH."
    `);
    const made = insert(pages).values(page).returning(id, path).cte("made");
    expect(texts(select(made.c.id))).toMatchInlineSnapshot(`
      "postgresql: WITH made(id, path) AS (INSERT INTO pages (path, title, hits) VALUES ($1, $2, $3) RETURNING pages.id, pages.path) SELECT made.id FROM made
      mysql: CompileError: mysql has no INSERT in WITH.
      mariadb: CompileError: mariadb has no INSERT in WITH.
      sqlite: CompileError: sqlite has no INSERT in WITH.
      oracle: CompileError: oracle has no INSERT in WITH.
      mssql: CompileError: mssql has no INSERT in WITH."
    `);
  });

  test("[DML25] WITH in front of UPDATE and DELETE of several tables", () => {
    const popular = select(visits.c.path).where(visits.c.count.gt(9)).cte("popular");
    expect(texts(update(pages).set({ hits: 1 }).where(popular.c.path.eq(path)))).toMatchInlineSnapshot(`
      "postgresql: WITH popular AS (SELECT visits.path FROM visits WHERE visits.count > $1) UPDATE pages SET hits = $2, version = $3 FROM popular WHERE popular.path = pages.path
      mysql: WITH popular AS (SELECT visits.path FROM visits WHERE visits.\`count\` > ?) UPDATE pages, popular SET pages.hits = ?, pages.version = ? WHERE popular.path = pages.path
      mariadb: UPDATE pages, (WITH popular AS (SELECT visits.path FROM visits WHERE visits.\`count\` > ?) SELECT * FROM popular) AS popular SET pages.hits = ?, pages.version = ? WHERE popular.path = pages.path
      sqlite: WITH popular AS (SELECT visits.path FROM visits WHERE visits.count > ?) UPDATE pages SET hits = ?, version = ? FROM popular WHERE popular.path = pages.path
      oracle: UPDATE pages SET (hits, version) = (WITH popular AS (SELECT visits.path FROM visits WHERE visits.count > :1) SELECT :2, :3 FROM popular WHERE popular.path = pages.path) WHERE EXISTS (WITH popular AS (SELECT visits.path FROM visits WHERE visits.count > :4) SELECT 1 FROM popular WHERE popular.path = pages.path)
      mssql: WITH popular AS (SELECT visits.path FROM visits WHERE visits.count > @p1) UPDATE pages SET hits = @p2, version = @p3 FROM pages, popular WHERE popular.path = pages.path"
    `);
    expect(texts(delete_(pages).where(popular.c.path.eq(path)))).toMatchInlineSnapshot(`
      "postgresql: WITH popular AS (SELECT visits.path FROM visits WHERE visits.count > $1) DELETE FROM pages USING popular WHERE popular.path = pages.path
      mysql: WITH popular AS (SELECT visits.path FROM visits WHERE visits.\`count\` > ?) DELETE FROM pages USING pages, popular WHERE popular.path = pages.path
      mariadb: DELETE FROM pages USING pages, (WITH popular AS (SELECT visits.path FROM visits WHERE visits.\`count\` > ?) SELECT * FROM popular) AS popular WHERE popular.path = pages.path
      sqlite: WITH popular AS (SELECT visits.path FROM visits WHERE visits.count > ?) DELETE FROM pages WHERE EXISTS (SELECT 1 FROM popular WHERE popular.path = pages.path)
      oracle: DELETE FROM pages WHERE EXISTS (WITH popular AS (SELECT visits.path FROM visits WHERE visits.count > :1) SELECT 1 FROM popular WHERE popular.path = pages.path)
      mssql: WITH popular AS (SELECT visits.path FROM visits WHERE visits.count > @p1) DELETE FROM pages FROM pages, popular WHERE popular.path = pages.path"
    `);
  });
});

describe("MERGE", () => {
  const base = merge(pages).using(visits, visits.c.path.eq(path));

  test("updates, deletes and inserts", () => {
    expect(
      texts(
        base
          .whenMatched()
          .thenUpdate({ hits: hits.add(visits.c.count) })
          .whenNotMatched(visits.c.count.gt(1))
          .thenInsert({ path: visits.c.path, title: "new" }),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN MATCHED THEN UPDATE SET hits = pages.hits + visits.count, version = $1 WHEN NOT MATCHED AND visits.count > $2 THEN INSERT (path, title, hits) VALUES (visits.path, $3, $4)
      mysql: CompileError: mysql has no MERGE. See insert(...).upsert(...) for single rows.
      mariadb: CompileError: mariadb has no MERGE. See insert(...).upsert(...) for single rows.
      sqlite: CompileError: sqlite has no MERGE. See insert(...).upsert(...) for single rows.
      oracle: MERGE INTO pages USING visits ON (visits.path = pages.path) WHEN MATCHED THEN UPDATE SET hits = pages.hits + visits.count, version = :1 WHEN NOT MATCHED THEN INSERT (path, title, hits) VALUES (visits.path, :2, :3) WHERE visits.count > :4
      mssql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN MATCHED THEN UPDATE SET hits = pages.hits + visits.count, version = @p1 WHEN NOT MATCHED AND visits.count > @p2 THEN INSERT (path, title, hits) VALUES (visits.path, @p3, @p4);"
    `);
    expect(
      texts(base.whenMatched(visits.c.count.eq(0), hits.eq(0)).thenDelete().whenMatched().thenUpdate({ hits: 1 })),
    ).toMatchInlineSnapshot(`
      "postgresql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN MATCHED AND visits.count = $1 AND pages.hits = $2 THEN DELETE WHEN MATCHED THEN UPDATE SET hits = $3, version = $4
      mysql: CompileError: mysql has no MERGE. See insert(...).upsert(...) for single rows.
      mariadb: CompileError: mariadb has no MERGE. See insert(...).upsert(...) for single rows.
      sqlite: CompileError: sqlite has no MERGE. See insert(...).upsert(...) for single rows.
      oracle: CompileError: oracle has no second WHEN MATCHED in MERGE.
      mssql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN MATCHED AND visits.count = @p1 AND pages.hits = @p2 THEN DELETE WHEN MATCHED THEN UPDATE SET hits = @p3, version = @p4;"
    `);
  });

  test("WHEN NOT MATCHED BY SOURCE, DO NOTHING and RETURNING where they are", () => {
    const whole = base.whenNotMatchedBySource().thenDelete();
    expect(texts(whole)).toMatchInlineSnapshot(`
      "postgresql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN NOT MATCHED BY SOURCE THEN DELETE
      mysql: CompileError: mysql has no MERGE. See insert(...).upsert(...) for single rows.
      mariadb: CompileError: mariadb has no MERGE. See insert(...).upsert(...) for single rows.
      sqlite: CompileError: sqlite has no MERGE. See insert(...).upsert(...) for single rows.
      oracle: CompileError: oracle has no WHEN NOT MATCHED BY SOURCE in MERGE.
      mssql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN NOT MATCHED BY SOURCE THEN DELETE;"
    `);
    expect(texts(whole, [postgres({ version: 15 })] as never)).toMatchInlineSnapshot(
      `"postgresql: CompileError: postgresql has no WHEN NOT MATCHED BY SOURCE in MERGE."`,
    );
    expect(texts(base.whenMatched(hits.gt(3)).thenDoNothing().whenMatched().thenDelete())).toMatchInlineSnapshot(`
      "postgresql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN MATCHED AND pages.hits > $1 THEN DO NOTHING WHEN MATCHED THEN DELETE
      mysql: CompileError: mysql has no MERGE. See insert(...).upsert(...) for single rows.
      mariadb: CompileError: mariadb has no MERGE. See insert(...).upsert(...) for single rows.
      sqlite: CompileError: sqlite has no MERGE. See insert(...).upsert(...) for single rows.
      oracle: CompileError: oracle has no DO NOTHING in MERGE.
      mssql: CompileError: mssql has no DO NOTHING in MERGE."
    `);
    expect(texts(base.whenMatched().thenUpdate({ hits: 1 }).returning(id, visits.c.count))).toMatchInlineSnapshot(`
      "postgresql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN MATCHED THEN UPDATE SET hits = $1, version = $2 RETURNING pages.id, visits.count
      mysql: CompileError: mysql has no MERGE. See insert(...).upsert(...) for single rows.
      mariadb: CompileError: mariadb has no MERGE. See insert(...).upsert(...) for single rows.
      sqlite: CompileError: sqlite has no MERGE. See insert(...).upsert(...) for single rows.
      oracle: CompileError: oracle has no MERGE ... RETURNING.
      mssql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN MATCHED THEN UPDATE SET hits = @p1, version = @p2 OUTPUT inserted.id, visits.count;"
    `);
    expect(texts(base.whenMatched().thenUpdate({ path: "x" }))).toMatchInlineSnapshot(`
      "postgresql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN MATCHED THEN UPDATE SET path = $1, version = $2
      mysql: CompileError: mysql has no MERGE. See insert(...).upsert(...) for single rows.
      mariadb: CompileError: mariadb has no MERGE. See insert(...).upsert(...) for single rows.
      sqlite: CompileError: sqlite has no MERGE. See insert(...).upsert(...) for single rows.
      oracle: CompileError: oracle has no update of "path" in a MERGE whose rows are matched by it.
      mssql: MERGE INTO pages USING visits ON visits.path = pages.path WHEN MATCHED THEN UPDATE SET path = @p1, version = @p2;"
    `);
  });

  test("identity columns of SQL Server", () => {
    expect(
      texts(base.whenNotMatched().thenInsert({ id: 1, path: visits.c.path, title: "new" }), [mssql()] as never),
    ).toMatchInlineSnapshot(
      `"mssql: SET IDENTITY_INSERT pages ON; MERGE INTO pages USING visits ON visits.path = pages.path WHEN NOT MATCHED THEN INSERT (id, path, title, hits) VALUES (@p1, visits.path, @p2, @p3); SET IDENTITY_INSERT pages OFF"`,
    );
  });

  test("a MERGE without branches, and branches that cannot be", () => {
    expect(texts(base as never, [postgres()])).toMatchInlineSnapshot(
      `"postgresql: CompileError: The MERGE into "pages" does nothing. Add whenMatched() or whenNotMatched()."`,
    );
    expect(() => base.whenNotMatched().thenDelete()).toThrow("There is no row to delete");
    expect(() => base.whenMatched().thenInsert({ path: "", title: "" })).toThrow("whenNotMatched().thenInsert()");
  });
});

describe("old and new rows in RETURNING", () => {
  const raise = update(pages)
    .set({ hits: hits.add(1) })
    .returning(id, oldRow(pages).c.hits.label("before"), oldRow(pages).c.price);

  test("an UPDATE", () => {
    expect(texts(raise, NEWEST as never)).toMatchInlineSnapshot(`
      "postgresql: UPDATE pages SET hits = pages.hits + $1, version = $2 RETURNING pages.id, old.hits AS before, old.price
      mariadb: UPDATE pages SET hits = pages.hits + ?, version = ? RETURNING pages.id, OLD_VALUE(hits) AS \`before\`, OLD_VALUE(price)
      oracle: UPDATE pages SET hits = pages.hits + :1, version = :2 RETURNING pages.id, OLD pages.hits, OLD TO_CHAR(pages.price, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''') INTO :3, :4, :5
      mssql: UPDATE pages SET hits = pages.hits + @p1, version = @p2 OUTPUT inserted.id, deleted.hits AS before, CONVERT(NVARCHAR(50), deleted.price, 2)"
    `);
    expect(texts(raise)).toMatchInlineSnapshot(`
      "postgresql: UPDATE pages SET hits = pages.hits + $1, version = $2 RETURNING pages.id, old.hits AS before, old.price
      mysql: CompileError: mysql has no UPDATE ... RETURNING.
      mariadb: CompileError: mariadb has no UPDATE ... RETURNING.
      sqlite: CompileError: sqlite has no old rows in RETURNING.
      oracle: CompileError: oracle has no old rows in RETURNING.
      mssql: UPDATE pages SET hits = pages.hits + @p1, version = @p2 OUTPUT inserted.id, deleted.hits AS before, CONVERT(NVARCHAR(50), deleted.price, 2)"
    `);
  });

  test("an upsert tells new rows from changed ones", () => {
    const stmt = insert(visits)
      .values({ path: "/", count: 1 })
      .upsert({ key: ["path"] })
      .returning(visits.c.path, oldRow(visits).c.count, newRow(visits).c.count.label("now"));
    expect(texts(stmt, NEWEST as never)).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO visits (path, count) VALUES ($1, $2) ON CONFLICT (path) DO UPDATE SET count = excluded.count RETURNING visits.path, old.count, new.count AS now
      mariadb: CompileError: mariadb has no old rows in RETURNING but of UPDATE.
      oracle: MERGE INTO visits USING (SELECT :1 AS path, :2 AS count FROM DUAL) excluded ON (visits.path = excluded.path) WHEN MATCHED THEN UPDATE SET count = excluded.count WHEN NOT MATCHED THEN INSERT (path, count) VALUES (excluded.path, excluded.count) RETURNING visits.path, OLD visits.count, NEW visits.count INTO :3, :4, :5
      mssql: MERGE INTO visits WITH (HOLDLOCK) USING (VALUES (@p1, @p2)) AS excluded (path, count) ON visits.path = excluded.path WHEN MATCHED THEN UPDATE SET count = excluded.count WHEN NOT MATCHED THEN INSERT (path, count) VALUES (excluded.path, excluded.count) OUTPUT inserted.path, deleted.count, inserted.count AS now;"
    `);
  });
});

describe("INSERT from a query", () => {
  test("[DML3] adds the defaults of columns that are not named", () => {
    const stmt = select(visits.c.path, func.coalesce(visits.c.title, "").label("title"));
    expect(texts(insert(pages).fromSelect(["path", "title"], stmt))).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO pages (path, title, hits) SELECT visits.path, coalesce(visits.title, $1) AS title, $2::INTEGER FROM visits
      mysql: INSERT INTO pages (path, title, hits) SELECT visits.path, coalesce(visits.title, ?) AS title, ? FROM visits
      mariadb: INSERT INTO pages (path, title, hits) SELECT visits.path, coalesce(visits.title, ?) AS title, ? FROM visits
      sqlite: INSERT INTO pages (path, title, hits) SELECT visits.path, coalesce(visits.title, ?) AS title, ? FROM visits
      oracle: INSERT INTO pages (path, title, hits) SELECT visits.path, coalesce(visits.title, :1) AS title, :2 FROM visits
      mssql: INSERT INTO pages (path, title, hits) SELECT visits.path, coalesce(visits.title, @p1) AS title, @p2 FROM visits"
    `);
    expect(texts(insert(pages).fromSelect(["path", "title"], stmt.distinct()))).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO pages (path, title, hits) SELECT anon_1.path, anon_1.title, $1::INTEGER FROM (SELECT DISTINCT visits.path, coalesce(visits.title, $2) AS title FROM visits) AS anon_1
      mysql: INSERT INTO pages (path, title, hits) SELECT anon_1.path, anon_1.title, ? FROM (SELECT DISTINCT visits.path, coalesce(visits.title, ?) AS title FROM visits) AS anon_1
      mariadb: INSERT INTO pages (path, title, hits) SELECT anon_1.path, anon_1.title, ? FROM (SELECT DISTINCT visits.path, coalesce(visits.title, ?) AS title FROM visits) AS anon_1
      sqlite: INSERT INTO pages (path, title, hits) SELECT anon_1.path, anon_1.title, ? FROM (SELECT DISTINCT visits.path, coalesce(visits.title, ?) AS title FROM visits) AS anon_1
      oracle: INSERT INTO pages (path, title, hits) SELECT anon_1.path, anon_1.title, :1 FROM (SELECT DISTINCT visits.path, coalesce(visits.title, :2) AS title FROM visits) anon_1
      mssql: INSERT INTO pages (path, title, hits) SELECT anon_1.path, anon_1.title, @p1 FROM (SELECT DISTINCT visits.path, coalesce(visits.title, @p2) AS title FROM visits) AS anon_1"
    `);
    expect(texts(insert(pages).fromSelect(["path", "title"], stmt, { defaults: false }))).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO pages (path, title) SELECT visits.path, coalesce(visits.title, $1) AS title FROM visits
      mysql: INSERT INTO pages (path, title) SELECT visits.path, coalesce(visits.title, ?) AS title FROM visits
      mariadb: INSERT INTO pages (path, title) SELECT visits.path, coalesce(visits.title, ?) AS title FROM visits
      sqlite: INSERT INTO pages (path, title) SELECT visits.path, coalesce(visits.title, ?) AS title FROM visits
      oracle: INSERT INTO pages (path, title) SELECT visits.path, coalesce(visits.title, :1) AS title FROM visits
      mssql: INSERT INTO pages (path, title) SELECT visits.path, coalesce(visits.title, @p1) AS title FROM visits"
    `);
  });
});
