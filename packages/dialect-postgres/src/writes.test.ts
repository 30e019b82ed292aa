import {
  array,
  boolean,
  CompileError,
  CreateSchema,
  createEngine,
  DropSchema,
  delete_,
  func,
  type Index,
  index,
  insert,
  integer,
  MetaData,
  merge,
  select,
  selectAll,
  string,
  Table,
  unique,
  update,
} from "@acme/core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import "./index.js";

const { postgresql } = inject("databases");

describe.skipIf(!postgresql.available)("[postgresql] writes that only PostgreSQL has", () => {
  const schema = `writes_${crypto.randomUUID().slice(0, 8)}`;
  const metadata = new MetaData({ schema });
  const users = new Table(
    "users",
    metadata,
    { id: integer().primaryKey(), email: string(50), name: string(50), deleted: boolean().default(false) },
    {
      constraints: (c) => [
        unique([c.name], { name: "users_name" }),
        index(func.lower(c.email), { unique: true, where: c.deleted.eq(false), name: "users_email" }) as Index,
      ],
    },
  );
  const log = new Table("log", metadata, { id: integer().primaryKey({ autoincrement: false }), text: string(50) });
  const engine = createEngine(postgresql.available ? postgresql.url : "postgresql://none");
  const { id, email, name, deleted } = users.c;

  beforeAll(async () => {
    await engine.begin((conn) => conn.execute(new CreateSchema(schema)));
    await metadata.createAll(engine);
  });
  beforeEach(async () => {
    await engine.begin(async (conn) => {
      await conn.execute(delete_(users));
      await conn.execute(delete_(log));
      await conn.execute(insert(users).values({ id: 1, email: "A@x", name: "a" }, { id: 2, email: "B@x", name: "b" }));
    });
  });
  afterAll(async () => {
    if (postgresql.available) await engine.begin((conn) => conn.execute(new DropSchema(schema, { cascade: true })));
    await engine.dispose();
  });
  const run = <T>(work: (conn: Awaited<ReturnType<typeof engine.connect>>) => Promise<T>): Promise<T> =>
    engine.begin(work);

  it("[PG18] ON CONFLICT takes a partial index of an expression, a condition, and the excluded row", async () => {
    const put = (mail: string, text: string) =>
      insert(users)
        .values({ email: mail, name: text })
        .onConflictDoUpdate({
          target: [func.lower(email)],
          targetWhere: deleted.eq(false),
          set: (excluded) => ({ name: excluded.name }),
          where: (excluded, existing) => existing.name.ne(excluded.name).and(existing.id.lt(2)),
        })
        .returning(id, name);
    await run(async (conn) => {
      expect(await conn.execute(put("a@X", "new")).all()).toEqual([{ id: 1, name: "new" }]);
      expect(await conn.execute(put("b@X", "left alone")).all()).toEqual([]);
    });
  });

  it("[PG18] ON CONFLICT takes a constraint by name", async () => {
    await run(async (conn) => {
      await conn.execute(
        insert(users)
          .values({ email: "c@x", name: "a" })
          .onConflictDoUpdate({ constraint: "users_name", set: { email: "changed" } }),
      );
      expect(await conn.execute(select(email).where(id.eq(1))).scalar()).toBe("changed");
    });
  });

  it("[PG19] ON CONFLICT DO NOTHING, for one target or any", async () => {
    await run(async (conn) => {
      const twice = insert(users).values({ id: 1, email: "n@x", name: "n" });
      expect((await conn.execute(twice.onConflictDoNothing())).rowCount).toBe(0);
      expect((await conn.execute(twice.onConflictDoNothing({ target: ["id"] }))).rowCount).toBe(0);
    });
    const other = insert(users)
      .values({ id: 9, email: "n@x", name: "a" })
      .onConflictDoNothing({ target: ["id"] });
    await expect(run(async (conn) => conn.execute(other))).rejects.toThrow("users_name");
  });

  it("MERGE updates, deletes, inserts and does nothing; a subquery is its source", async () => {
    await run(async (conn) => {
      await conn.execute(insert(log).values({ id: 1, text: "new" }, { id: 2, text: "drop" }, { id: 3, text: "three" }));
      const source = select(log.c.id, log.c.text).subquery("source");
      const result = await conn.execute(
        merge(users)
          .using(source, source.c.id.eq(id))
          .whenMatched(source.c.text.eq("drop"))
          .thenDelete()
          .whenMatched()
          .thenUpdate({ name: source.c.text })
          .whenNotMatched(source.c.id.gt(90))
          .thenDoNothing()
          .whenNotMatched()
          .thenInsert({ id: source.c.id, email: "3@x", name: func.upper(source.c.text) }),
      );
      expect(result.rowCount).toBe(3);
      expect(await conn.execute(select(id, name, deleted).orderBy(id)).tuples()).toEqual([
        [1, "new", false],
        [3, "THREE", false],
      ]);
    });
    const stmt = merge(users).using(log, log.c.id.eq(id)).whenMatched().thenDelete().returning(id);
    const version = postgresql.available ? Number.parseInt(postgresql.version, 10) : 0;
    if (version < 17) await expect(async () => run(async (conn) => conn.execute(stmt))).rejects.toThrow(CompileError);
    else expect(await run((conn) => conn.execute(stmt).scalars())).toEqual([1]);
  });

  it("[PG17][DML21] RETURNING of several tables' columns", async () => {
    await run(async (conn) => {
      await conn.execute(insert(log).values({ id: 1, text: "one" }));
      const renamed = update(users).set({ name: log.c.text }).where(log.c.id.eq(id)).returning(id, log.c.text);
      expect(await conn.execute(renamed).all()).toEqual([{ id: 1, text: "one" }]);
      const gone = delete_(users).using(log).where(log.c.id.eq(id)).returning(name, log.c.id.label("logged"));
      expect(await conn.execute(gone).all()).toEqual([{ name: "one", logged: 1 }]);
    });
  });

  it("[DML17] UPDATE sets an element and a slice of an array", async () => {
    const tagged = new Table("tagged", new MetaData({ schema }), {
      id: integer().primaryKey(),
      tags: array(string(20)),
    });
    const { tags } = tagged.c;
    const stmt = update(tagged).setPart(tags.getItem(2), "two").setPart(tags.slice(3, 4), ["3", "4"]);
    await run(async (conn) => {
      await tagged.create(conn);
      await conn.execute(insert(tagged).values({ tags: ["a", "b", "c", "d", "e"] }));
      await conn.execute(stmt.where(tagged.c.id.eq(1)));
      expect(await conn.execute(select(tags)).scalar()).toEqual(["a", "two", "3", "4", "e"]);
    });
    expect(String(stmt)).toContain("SET tags[:param_1] = ");
  });

  it("[DML25] statements in WITH hand their rows on, each with its own values and defaults", async () => {
    await run(async (conn) => {
      const gone = delete_(users).where(id.eq(2)).returning(id, email).cte("gone");
      await conn.execute(insert(log).fromSelect(["id", "text"], select(gone.c.id, gone.c.email)));
      expect(await conn.execute(selectAll(log)).all()).toEqual([{ id: 2, text: "B@x" }]);
      const made = insert(users).values({ id: 5, email: "5@x", name: "five" }, { id: 6, email: "6@x", name: "six" });
      const rows = made.returning(id, deleted).cte("made");
      expect(await conn.execute(select(rows.c.id, rows.c.deleted).orderBy(rows.c.id)).tuples()).toEqual([
        [5, false],
        [6, false],
      ]);
    });
  });
});
