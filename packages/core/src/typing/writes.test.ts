import { describe, expectTypeOf, test } from "vitest";
import {
  delete_,
  func,
  insert,
  integer,
  literal,
  MetaData,
  merge,
  oldRow,
  select,
  string,
  Table,
  update,
} from "../index.js";
import { posts, rowOf, tupleOf, users } from "./test-fixture.js";

type Made<F extends () => unknown> = ReturnType<F>;

describe("insert and update shapes", () => {
  const needed = { name: "x", age: 1, balance: "1.50", role: "user" } as const;

  test("columns without default are required; nullable, defaulted and generated keys are optional", () => {
    const accepted = () => {
      insert(users).values(needed);
      insert(users).values({
        ...needed,
        id: 1,
        nick: null,
        visits: 5,
        balance: 3,
        active: false,
        managerId: 4,
        createdAt: new Date(),
        settings: { theme: "dark" },
      });
      insert(users).values({ ...needed, age: literal(3), name: func.lower(users.c.name) }, needed);
    };
    expectTypeOf(accepted).toBeFunction();
  });

  test("missing, unknown, wrong and computed columns are errors", () => {
    const refused = () => {
      // @ts-expect-error age, balance and role are missing
      insert(users).values({ name: "x" });
      // @ts-expect-error no such column
      insert(users).values({ ...needed, nmae: "x" });
      // @ts-expect-error a string is no number
      insert(users).values({ ...needed, age: "1" });
      // @ts-expect-error name is not nullable
      insert(users).values({ ...needed, name: null });
      // @ts-expect-error the database computes it
      insert(users).values({ ...needed, initials: "x" });
      // @ts-expect-error an expression of another type
      insert(users).values({ ...needed, age: users.c.name });
    };
    expectTypeOf(refused).toBeFunction();
  });

  test("update takes any part of the row, and null only for nullable columns", () => {
    const accepted = () =>
      update(users)
        .set({ nick: null, age: users.c.age.add(1), visits: 7 })
        .where(users.c.id.eq(1));
    expectTypeOf(accepted).toBeFunction();
    const refused = () => {
      // @ts-expect-error name is not nullable
      update(users).set({ name: null });
      // @ts-expect-error no such column
      update(users).set({ nmae: "x" });
      // @ts-expect-error the database computes it
      update(users).set({ initials: "x" });
    };
    expectTypeOf(refused).toBeFunction();
  });

  test("RETURNING gives rows", () => {
    const inserted = () => rowOf(insert(users).values(needed).returning(users.c.id, users.c.createdAt));
    expectTypeOf<Made<typeof inserted>>().toEqualTypeOf<{ id: number; createdAt: Date }>();
    const updated = () => tupleOf(update(users).set({ age: 1 }).returning(users.c.id, users.c.nick));
    expectTypeOf<Made<typeof updated>>().toEqualTypeOf<[number, string | null]>();
    const deleted = () => rowOf(delete_(posts).where(posts.c.id.eq(1)).returning(posts.c.title));
    expectTypeOf<Made<typeof deleted>>().toEqualTypeOf<{ title: string }>();
  });

  test("without RETURNING there is no row to read", () => {
    const made = () => rowOf(insert(users).values(needed));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<never>();
  });

  test("INSERT from a query names its columns", () => {
    const accepted = () => insert(posts).fromSelect(["authorId", "title"], select(users.c.id, users.c.name));
    expectTypeOf(accepted).toBeFunction();
    // @ts-expect-error no such column
    const refused = () => insert(posts).fromSelect(["author"], select(users.c.id));
    expectTypeOf(refused).toBeFunction();
  });
});

describe("upserts, MERGE and writes of several tables", () => {
  const needed = { name: "x", age: 1, balance: "1.50", role: "user" } as const;

  test("[DML12] keys and values of an upsert are those of the table", () => {
    const accepted = () => [
      insert(users)
        .values(needed)
        .upsert({ key: ["id"] }),
      insert(users)
        .values(needed)
        .upsert({
          key: ["id"],
          update: (incoming, existing) => ({ age: existing.age.add(incoming.age), nick: null, name: incoming.name }),
          where: (incoming, existing) => existing.visits.lt(incoming.visits),
        }),
      insert(users)
        .values(needed)
        .upsert({ key: ["id"], update: ["name", "nick"] }),
      insert(users).onConflictDoUpdate({ target: ["id", func.lower(users.c.name)], set: { age: 1 } }),
      insert(users).onDuplicateKeyUpdate([["age", 1]]),
    ];
    expectTypeOf(accepted).toBeFunction();
    const rows = () =>
      tupleOf(
        insert(users)
          .values(needed)
          .upsert({ key: ["id"] })
          .returning(users.c.id, users.c.nick),
      );
    expectTypeOf<Made<typeof rows>>().toEqualTypeOf<[number, string | null]>();
    const refused = () => [
      // @ts-expect-error no such column
      insert(users).upsert({ key: ["idd"] }),
      // @ts-expect-error no such column
      insert(users).upsert({ key: ["id"], update: ["nmae"] }),
      // @ts-expect-error the new row has no such column
      insert(users).upsert({ key: ["id"], update: (incoming) => ({ name: incoming.nmae }) }),
      // @ts-expect-error a text for a number
      insert(users).upsert({ key: ["id"], update: (incoming) => ({ age: incoming.name }) }),
      // @ts-expect-error name is not nullable
      insert(users).onConflictDoUpdate({ target: ["id"], set: { name: null } }),
      // @ts-expect-error a number is no condition
      insert(users).upsert({ key: ["id"], where: (incoming) => incoming.age }),
      // @ts-expect-error no such column
      insert(users).onConflictDoNothing({ target: ["nmae"] }),
      // @ts-expect-error no such column
      insert(users).ignoreExisting({ key: ["nmae"] }),
    ];
    expectTypeOf(refused).toBeFunction();
  });

  test("the branches of MERGE take rows of the table", () => {
    const base = () => merge(posts).using(users, users.c.id.eq(posts.c.authorId));
    const accepted = () =>
      base().whenMatched().thenUpdate({ title: users.c.name }).whenNotMatched().thenInsert({ authorId: 1, title: "x" });
    expectTypeOf(accepted).toBeFunction();
    const returned = () => rowOf(base().whenMatched().thenDelete().returning(posts.c.id, users.c.nick));
    expectTypeOf<Made<typeof returned>>().toEqualTypeOf<{ id: number; nick: string | null }>();
    const refused = () => [
      // @ts-expect-error a number for a text
      base().whenMatched().thenUpdate({ title: users.c.id }),
      // @ts-expect-error the author is missing
      base().whenNotMatched().thenInsert({ title: "x" }),
      // @ts-expect-error a branch without an action is no statement
      rowOf(base().whenMatched()),
    ];
    expectTypeOf(refused).toBeFunction();
  });

  test("old and new rows may not be there", () => {
    const old = () => rowOf(update(posts).set({ title: "x" }).returning(posts.c.title, oldRow(posts).c.id));
    expectTypeOf<Made<typeof old>>().toEqualTypeOf<{ title: string; id: number | null }>();
  });

  test("values in order, parts of columns, and criteria by column are checked", () => {
    const accepted = () => [
      update(users).setOrdered(["age", users.c.age.add(1)], ["nick", null]),
      update(users).filterBy({ nick: null, age: 3 }),
      delete_(users).filterBy({ nick: null, age: 3 }),
    ];
    expectTypeOf(accepted).toBeFunction();
    const refused = () => [
      // @ts-expect-error a text for a number
      update(users).setOrdered(["age", "1"]),
      // @ts-expect-error no such column
      update(users).setOrdered(["agee", 1]),
      // @ts-expect-error no such column
      update(users).filterBy({ agee: 1 }),
      // @ts-expect-error a text for a number
      delete_(users).filterBy({ age: "1" }),
    ];
    expectTypeOf(refused).toBeFunction();
  });
});

describe("tables", () => {
  test("may refer to each other and to themselves in any order", () => {
    const metadata = new MetaData();
    const a = new Table("a", metadata, {
      id: integer().primaryKey(),
      b: integer().references(() => b.c.id),
      self: integer()
        .nullable()
        .references(() => a.c.id),
    });
    const b = new Table("b", metadata, {
      id: integer().primaryKey(),
      a: integer().references(() => a.c.id),
      name: string(),
    });
    const made = () => rowOf(select(a.c.self, b.c.name).join(b, b.c.id.eq(a.c.b)));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ self: number | null; name: string }>();
  });

  test("constraints see the columns of their table", () => {
    const metadata = new MetaData();
    const t = new Table(
      "t",
      metadata,
      { id: integer().primaryKey(), name: string() },
      {
        constraints: (c) => {
          expectTypeOf(c.name.eq("x")).not.toBeAny();
          return [];
        },
      },
    );
    expectTypeOf(t.c.id.key).toEqualTypeOf<"id">();
  });
});
