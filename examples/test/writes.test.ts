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

const { id, path, title, hits, price } = pages.c;
const page = { path: "/", title: "Home" };

describe("the portable upsert", () => {
  test("[DML12] takes what is given from the new row, and sets on-update values", () => {
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1 })
          .upsert({ key: ["path"] }),
      ),
    ).toMatchInlineSnapshot();
    expect(
      texts(
        insert(pages)
          .values(page)
          .upsert({ key: ["path"] }),
      ),
    ).toMatchInlineSnapshot();
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
    ).toMatchInlineSnapshot();
  });

  test("[DML12] leaves rows alone that are there", () => {
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1 })
          .ignoreExisting({ key: ["path"] }),
      ),
    ).toMatchInlineSnapshot();
  });

  test("[DML12] from a query, with a default", () => {
    expect(
      texts(
        insert(pages)
          .fromSelect(["path", "title"], select(visits.c.path, visits.c.title))
          .upsert({ key: ["path"], update: ["title"] }),
      ),
    ).toMatchInlineSnapshot();
  });

  test("[DML12] RETURNING where the database tells the changed rows", () => {
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1 })
          .upsert({ key: ["path"] })
          .returning(visits.c.count),
      ),
    ).toMatchInlineSnapshot();
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1 })
          .ignoreExisting({ key: ["path"] })
          .returning(visits.c.count),
      ),
    ).toMatchInlineSnapshot();
  });

  test("[DML12] refuses a key that is none, and where another unique key could be met on MySQL", () => {
    expect(
      texts(
        insert(pages)
          .values(page)
          .upsert({ key: ["title"] }),
      ),
    ).toMatchInlineSnapshot();
    expect(
      texts(
        insert(pages)
          .values({ ...page, id: 5 })
          .upsert({ key: ["path"], update: ["title"] }),
      ),
    ).toMatchInlineSnapshot();
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
    ).toMatchInlineSnapshot();
  });

  test("[PG18] ON CONSTRAINT", () => {
    expect(
      texts(
        insert(pages)
          .values(page)
          .onConflictDoUpdate({ constraint: "uq_path", set: { title: "x" } }),
      ),
    ).toMatchInlineSnapshot();
  });

  test("[PG19][LT12] ON CONFLICT DO NOTHING", () => {
    expect(texts(insert(pages).values(page).onConflictDoNothing())).toMatchInlineSnapshot();
    expect(
      texts(
        insert(pages)
          .values(page)
          .onConflictDoNothing({ target: ["path"] }),
      ),
    ).toMatchInlineSnapshot();
  });

  test("[LT12] several ON CONFLICT clauses", () => {
    expect(
      texts(
        insert(pages)
          .values(page)
          .onConflictDoUpdate({ target: ["path"], set: { title: "x" } })
          .onConflictDoNothing(),
      ),
    ).toMatchInlineSnapshot();
  });

  test("[MY14] ON DUPLICATE KEY UPDATE with the inserted row: a row alias on MySQL, VALUES() on MariaDB", () => {
    expect(
      texts(
        insert(visits)
          .values({ path: "/", count: 1 })
          .onDuplicateKeyUpdate((inserted, existing) => ({ count: existing.count.add(inserted.count) })),
      ),
    ).toMatchInlineSnapshot();
    expect(
      texts(
        insert(visits)
          .fromSelect(["path", "count"], select(path, hits))
          .onDuplicateKeyUpdate([
            ["count", visits.c.count.add(1)],
            ["title", visits.c.path],
          ]),
      ),
    ).toMatchInlineSnapshot();
  });
});

describe("UPDATE and DELETE of several tables", () => {
  const fromVisits = update(pages)
    .set({ hits: visits.c.count, title: func.coalesce(visits.c.title, title) })
    .where(visits.c.path.eq(path), visits.c.count.gt(10));

  test("[DML15][MY15][MS11] FROM is found from SET and WHERE", () => {
    expect(texts(fromVisits)).toMatchInlineSnapshot();
    expect(texts(update(pages).set({ hits: 0 }).from(visits).where(visits.c.path.eq(path)))).toMatchInlineSnapshot();
  });

  test("[DML15] direct joins of Oracle 23ai", () => {
    const dialects = [oracle({ version: 23 })] as never;
    expect(texts(fromVisits, dialects)).toMatchInlineSnapshot();
    expect(texts(delete_(pages).where(visits.c.path.eq(path)), dialects)).toMatchInlineSnapshot();
  });

  test("[DML19][MY15][MS11] DELETE: USING, FROM, or EXISTS", () => {
    expect(texts(delete_(pages).where(visits.c.path.eq(path), visits.c.count.lt(3)))).toMatchInlineSnapshot();
    expect(texts(delete_(pages).using(visits.alias("v")).where(hits.eq(0)))).toMatchInlineSnapshot();
  });

  test("[DML21] RETURNING of another table's columns where the database has it", () => {
    expect(texts(fromVisits.returning(id, visits.c.count))).toMatchInlineSnapshot();
    expect(texts(delete_(pages).where(visits.c.path.eq(path)).returning(id, visits.c.count))).toMatchInlineSnapshot();
    expect(texts(delete_(pages).where(visits.c.path.eq(path)).returning(id))).toMatchInlineSnapshot();
  });

  test("[DML16] a correlated subquery in SET", () => {
    expect(
      texts(
        update(pages).set({ hits: select(func.max(visits.c.count)).where(visits.c.path.eq(path)).scalar() as never }),
      ),
    ).toMatchInlineSnapshot();
  });

  test("[DML14] values in the given order: MySQL and MariaDB assign from left to right", () => {
    expect(
      texts(update(visits).setOrdered(["count", visits.c.count.add(1)], ["title", visits.c.path])),
    ).toMatchInlineSnapshot();
    const swap = update(visits).setOrdered(["path", func.coalesce(visits.c.title, "")], ["title", visits.c.path]);
    expect(texts(swap)).toMatchInlineSnapshot();
  });

  test("[DML20] filter and filterBy", () => {
    expect(
      texts(update(visits).set({ count: 1 }).filterBy({ path: "/", title: null }).filter(visits.c.count.gt(1))),
    ).toMatchInlineSnapshot();
    expect(texts(delete_(visits).filterBy({ path: "/", title: null }))).toMatchInlineSnapshot();
  });
});

describe("statements in common table expressions", () => {
  test("[DML25] rows that a statement changed, for another one", () => {
    const moved = delete_(visits).where(visits.c.count.eq(0)).returning(visits.c.path, visits.c.title).cte("moved");
    expect(
      texts(insert(pages).fromSelect(["path", "title"], select(moved.c.path, moved.c.title))),
    ).toMatchInlineSnapshot();
    const made = insert(pages).values(page).returning(id, path).cte("made");
    expect(texts(select(made.c.id))).toMatchInlineSnapshot();
  });

  test("[DML25] WITH in front of UPDATE and DELETE of several tables", () => {
    const popular = select(visits.c.path).where(visits.c.count.gt(9)).cte("popular");
    expect(texts(update(pages).set({ hits: 1 }).where(popular.c.path.eq(path)))).toMatchInlineSnapshot();
    expect(texts(delete_(pages).where(popular.c.path.eq(path)))).toMatchInlineSnapshot();
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
    ).toMatchInlineSnapshot();
    expect(
      texts(base.whenMatched(visits.c.count.eq(0), hits.eq(0)).thenDelete().whenMatched().thenUpdate({ hits: 1 })),
    ).toMatchInlineSnapshot();
  });

  test("WHEN NOT MATCHED BY SOURCE, DO NOTHING and RETURNING where they are", () => {
    const whole = base.whenNotMatchedBySource().thenDelete();
    expect(texts(whole)).toMatchInlineSnapshot();
    expect(texts(whole, [postgres({ version: 15 })] as never)).toMatchInlineSnapshot();
    expect(texts(base.whenMatched(hits.gt(3)).thenDoNothing().whenMatched().thenDelete())).toMatchInlineSnapshot();
    expect(texts(base.whenMatched().thenUpdate({ hits: 1 }).returning(id, visits.c.count))).toMatchInlineSnapshot();
    expect(texts(base.whenMatched().thenUpdate({ path: "x" }))).toMatchInlineSnapshot();
  });

  test("identity columns of SQL Server", () => {
    expect(
      texts(base.whenNotMatched().thenInsert({ id: 1, path: visits.c.path, title: "new" }), [mssql()] as never),
    ).toMatchInlineSnapshot();
  });

  test("a MERGE without branches, and branches that cannot be", () => {
    expect(texts(base as never, [postgres()])).toMatchInlineSnapshot();
    expect(() => base.whenNotMatched().thenDelete()).toThrow("There is no row to delete");
    expect(() => base.whenMatched().thenInsert({ path: "", title: "" })).toThrow("whenNotMatched().thenInsert()");
  });
});

describe("old and new rows in RETURNING", () => {
  const raise = update(pages)
    .set({ hits: hits.add(1) })
    .returning(id, oldRow(pages).c.hits.label("before"), oldRow(pages).c.price);

  test("an UPDATE", () => {
    expect(texts(raise, NEWEST as never)).toMatchInlineSnapshot();
    expect(texts(raise)).toMatchInlineSnapshot();
  });

  test("an upsert tells new rows from changed ones", () => {
    const stmt = insert(visits)
      .values({ path: "/", count: 1 })
      .upsert({ key: ["path"] })
      .returning(visits.c.path, oldRow(visits).c.count, newRow(visits).c.count.label("now"));
    expect(texts(stmt, NEWEST as never)).toMatchInlineSnapshot();
  });
});

describe("INSERT from a query", () => {
  test("[DML3] adds the defaults of columns that are not named", () => {
    const stmt = select(visits.c.path, func.coalesce(visits.c.title, "").label("title"));
    expect(texts(insert(pages).fromSelect(["path", "title"], stmt))).toMatchInlineSnapshot();
    expect(texts(insert(pages).fromSelect(["path", "title"], stmt.distinct()))).toMatchInlineSnapshot();
    expect(texts(insert(pages).fromSelect(["path", "title"], stmt, { defaults: false }))).toMatchInlineSnapshot();
  });
});

void price;
