import { describe, expectTypeOf, test } from "vitest";
import { func, integer, join, keyset, outerJoin, rollup, select, string, values } from "../index.js";
import { posts, rowOf, tags, tupleOf, users } from "./test-fixture.js";

type Made<F extends () => unknown> = ReturnType<F>;

describe("row types of joins as FROM items", () => {
  test("an outer join to a nested join makes both of its sides nullable", () => {
    const made = () =>
      rowOf(
        select(users.c.name, posts.c.title, tags.c.label).outerJoin(join(posts, tags), posts.c.authorId.eq(users.c.id)),
      );
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ name: string; title: string | null; label: string | null }>();
  });

  test("an inner join to a join with an outer one inside makes only that side nullable", () => {
    const made = () =>
      rowOf(
        select(users.c.name, posts.c.title, tags.c.label).join(outerJoin(posts, tags), posts.c.authorId.eq(users.c.id)),
      );
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ name: string; title: string; label: string | null }>();
  });

  test("selectFrom takes over what its joins make nullable", () => {
    const made = () => rowOf(select(users.c.name, posts.c.title).selectFrom(outerJoin(users, posts)));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ name: string; title: string | null }>();
    const plain = () => rowOf(select(users.c.name, posts.c.title).selectFrom(join(users, posts)));
    expectTypeOf<Made<typeof plain>>().toEqualTypeOf<{ name: string; title: string }>();
  });

  test("joins with their left side named, and full joins, also of columns that are added later", () => {
    const left = () => rowOf(select(users.c.name, posts.c.title).outerJoinFrom(users, posts));
    expectTypeOf<Made<typeof left>>().toEqualTypeOf<{ name: string; title: string | null }>();
    const full = () => tupleOf(select(posts.c.title).fullJoin(users).addColumns(users.c.name, func.count()));
    expectTypeOf<Made<typeof full>>().toEqualTypeOf<[string | null, string | null, number]>();
  });
});

describe("row types of other clauses", () => {
  test("columns in a rollup become nullable", () => {
    const made = () => rowOf(select(users.c.age, func.count()).groupBy(rollup(users.c.age)));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ age: number | null; count: number }>();
    const plain = () => rowOf(select(users.c.age, func.count()).groupBy(users.c.age));
    expectTypeOf<Made<typeof plain>>().toEqualTypeOf<{ age: number; count: number }>();
  });

  test("added columns follow those that are there", () => {
    const made = () => tupleOf(select(users.c.id).addColumns(users.c.name, users.c.nick));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<[number, string, string | null]>();
  });

  test("values have the row of their types; functions in FROM may give NULL", () => {
    const v = values({ id: integer(), word: string().nullable() }, [{ id: 1, word: null }], "v");
    const made = () => rowOf(select(v.c.id, v.c.word));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ id: number; word: string | null }>();
    const e = func("json_each", users.c.name).tableValued("e", { key: string() }, { ordinality: "at" });
    const rows = () => rowOf(select(e.c.key, e.c.at));
    expectTypeOf<Made<typeof rows>>().toEqualTypeOf<{ key: string | null; at: number }>();
  });

  test("pages have the rows of their query, and take these or cursors", () => {
    const pages = keyset(select(users.c.id, users.c.nick), users.c.nick, "id");
    const made = () => rowOf(pages.after({ id: 1, nick: null }, 5));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ id: number; nick: string | null }>();
    const refused = () => {
      // @ts-expect-error the row lacks the id
      pages.after({ nick: null }, 5);
      // @ts-expect-error no result column has this name
      select(users.c.id).orderBy("nick");
      // @ts-expect-error the column holds text
      select(users.c.id).filterBy(users, { name: 5 });
      // @ts-expect-error the table has no such column
      select(users.c.id).filterBy(users, { nmae: "x" });
      // @ts-expect-error the column is not nullable
      values({ id: integer() }, [{ id: null }]);
      // @ts-expect-error the value is no number
      values({ id: integer() }, [{ id: "x" }]);
    };
    expectTypeOf(refused).toBeFunction();
  });
});
