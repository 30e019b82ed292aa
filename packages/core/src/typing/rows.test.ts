import { describe, expectTypeOf, test } from "vitest";
import {
  and,
  case_,
  type Decimal,
  func,
  integer,
  literal,
  not,
  numeric,
  or,
  type Predicate,
  select,
  selectAll,
  sql,
  string,
} from "../index.js";
import { posts, rowOf, tags, tupleOf, users } from "./test-fixture.js";

/** The type of what a function would return; the function is never called. */
type Made<F extends () => unknown> = ReturnType<F>;

describe("row types of SELECT", () => {
  test("[TYPG11] by name: a plain object with the columns that were selected", () => {
    const made = () =>
      rowOf(
        select(users.c.id, users.c.name, users.c.nick, users.c.balance, users.c.visits, users.c.role, users.c.settings),
      );
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{
      id: number;
      name: string;
      nick: string | null;
      balance: Decimal;
      visits: bigint;
      role: "admin" | "user";
      settings: { theme: string } | null;
    }>();
  });

  test("[TYPG2] as tuples: in the order of the select list", () => {
    const made = () => tupleOf(select(users.c.id, users.c.name, users.c.nick, users.c.createdAt, users.c.photo));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<[number, string, string | null, Date, Uint8Array | null]>();
  });

  test("labels name the properties", () => {
    const made = () => rowOf(select(users.c.id.label("userId"), users.c.age.add(1).label("next")));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ userId: number; next: number }>();
  });

  test("[TYPG6] selectAll gives the row of the whole table, alias included", () => {
    const made = () => rowOf(selectAll(posts.alias("p")).where(posts.c.id.eq(1)));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{
      id: number;
      authorId: number;
      title: string;
      rating: number | null;
    }>();
  });

  test("an outer join makes the columns of its target nullable, in SQLAlchemy's order of select first", () => {
    const made = () =>
      rowOf(select(users.c.name, posts.c.title, posts.c.rating).outerJoin(posts, posts.c.authorId.eq(users.c.id)));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ name: string; title: string | null; rating: number | null }>();
    const tuple = () => tupleOf(select(users.c.name, posts.c.title).outerJoin(posts));
    expectTypeOf<Made<typeof tuple>>().toEqualTypeOf<[string, string | null]>();
  });

  test("an inner join leaves the columns as they are", () => {
    const made = () => rowOf(select(users.c.name, posts.c.title).join(posts));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ name: string; title: string }>();
  });

  test("a full join makes the columns of both sides nullable", () => {
    const made = () => rowOf(select(users.c.name, posts.c.title).fullJoin(posts));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ name: string | null; title: string | null }>();
  });

  test("an outer join makes only the alias nullable, not the table it is an alias of", () => {
    const boss = users.alias("boss");
    const made = () =>
      rowOf(select(users.c.name, boss.c.name.label("bossName")).outerJoin(boss, boss.c.id.eq(users.c.managerId)));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ name: string; bossName: string | null }>();
  });

  test("an expression over an outer-joined column is nullable, on either side of the operator", () => {
    const made = () =>
      rowOf(
        select(
          users.c.age.add(posts.c.id).label("right"),
          posts.c.id.add(users.c.age).label("left"),
          users.c.age.add(1).label("none"),
        ).outerJoin(posts),
      );
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ right: number | null; left: number | null; none: number }>();
  });

  test("coalesce takes away the null, unless its fallback is outer-joined", () => {
    const made = () =>
      rowOf(
        select(
          func.coalesce(posts.c.title, "none").label("a"),
          func.coalesce(users.c.nick, posts.c.title).label("b"),
        ).outerJoin(posts),
      );
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ a: string; b: string | null }>();
  });

  test("[TYPG10] aggregates: count is never null, the others may be, exact types stay exact", () => {
    const made = () =>
      rowOf(
        select(
          func.count(),
          func.sum(users.c.balance).label("total"),
          func.sum(users.c.visits).label("visits"),
          func.max(users.c.name).label("last"),
          func.avg(users.c.age).label("mean"),
          func.avg(users.c.balance).label("exact"),
        ),
      );
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{
      count: number;
      total: Decimal | null;
      visits: bigint | null;
      last: string | null;
      mean: number | null;
      exact: Decimal | null;
    }>();
  });

  test("window functions keep the type of their function", () => {
    const made = () =>
      tupleOf(
        select(
          func.rowNumber().over({ partitionBy: users.c.age, orderBy: users.c.name.desc() }),
          func.lag(users.c.name).over(),
        ),
      );
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<[number, string | null]>();
  });

  test("a CTE carries the row of its query, nullability included", () => {
    const made = () => {
      const active = select(users.c.id, users.c.nick, posts.c.title)
        .outerJoin(posts)
        .where(users.c.active)
        .cte("active");
      return rowOf(select(active.c.id, active.c.nick, active.c.title));
    };
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ id: number; nick: string | null; title: string | null }>();
  });

  test("a recursive CTE takes a step of the same columns only", () => {
    const made = () => {
      const tree = select(users.c.id, users.c.managerId)
        .where(users.c.managerId.isNull())
        .cte("tree", { recursive: true });
      const whole = tree.unionAll(select(users.c.id, users.c.managerId).join(tree, users.c.managerId.eq(tree.c.id)));
      // @ts-expect-error the step has a string where the first query has a number
      tree.unionAll(select(users.c.name, users.c.managerId));
      return rowOf(select(whole.c.id));
    };
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ id: number }>();
  });

  test("a subquery carries the row of its query and can be outer-joined", () => {
    const made = () => {
      const counts = select(posts.c.authorId, func.count().label("n")).groupBy(posts.c.authorId).subquery("counts");
      return rowOf(select(users.c.name, counts.c.n).outerJoin(counts, counts.c.authorId.eq(users.c.id)));
    };
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ name: string; n: number | null }>();
  });

  test("a scalar subquery is nullable", () => {
    const made = () =>
      tupleOf(select(users.c.name, select(func.count()).selectFrom(posts).scalar(), select(posts.c.title).scalar()));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<[string, number | null, string | null]>();
  });

  test("a union has the row of its first query and takes queries of the same column types", () => {
    const made = () =>
      rowOf(select(users.c.id, users.c.name).union(select(posts.c.id, posts.c.title)).orderBy(users.c.id).limit(3));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ id: number; name: string }>();
    const refused = () => {
      // @ts-expect-error the second column is a number here and a string there
      select(users.c.id, users.c.name).union(select(posts.c.id, posts.c.authorId));
      // @ts-expect-error two columns here, one there
      select(users.c.id, users.c.name).union(select(posts.c.id));
    };
    expectTypeOf(refused).toBeFunction();
  });

  test("case gives the union of its branches", () => {
    const made = () =>
      rowOf(
        select(
          case_([[users.c.age.lt(18), "minor"]], "adult").label("k"),
          case_([[users.c.age.lt(18), users.c.nick]]).label("m"),
        ),
      );
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ k: string; m: string | null }>();
  });

  test("literals and casts are typed", () => {
    const made = () =>
      tupleOf(select(literal(5), literal("x"), users.c.nick.cast(integer()), users.c.age.cast(numeric(10, 2))));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<[number, string, number | null, Decimal]>();
  });

  test("a selected predicate is true, false or null", () => {
    const made = () => rowOf(select(users.c.age.gt(3).label("old")));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ old: boolean | null }>();
  });

  test("text declares its columns and their types", () => {
    const made = () =>
      rowOf(sql`select id, name from users where id > ${5}`.columns({ id: integer(), name: string() }));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ id: number; name: string }>();
    const piece = () => tupleOf(select(sql`1 + 1`.as(integer())));
    expectTypeOf<Made<typeof piece>>().toEqualTypeOf<[number]>();
  });

  test("composite keys and all columns of a CTE", () => {
    const made = () => rowOf(selectAll(select(tags.c.label, tags.c.postId).cte("c")));
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<{ label: string; postId: number }>();
  });
});

describe("operand types", () => {
  test("operators take literals and expressions of the same type, conditions are one plain type", () => {
    const made = () =>
      and(
        users.c.age.eq(5),
        users.c.visits.gt(5),
        users.c.balance.lt("9.99"),
        users.c.balance.ge(3),
        users.c.id.eq(posts.c.authorId),
        users.c.nick.eq(null),
      );
    expectTypeOf<Made<typeof made>>().toEqualTypeOf<Predicate>();
  });

  test("wrong literals, columns of another type and operators of another type are errors", () => {
    const refused = () => {
      // @ts-expect-error a number is no string
      users.c.name.eq(5);
      // @ts-expect-error a text that is no number is no decimal
      users.c.balance.eq("cheap");
      // @ts-expect-error not one of the enumeration's values
      users.c.role.eq("owner");
      // @ts-expect-error a string column beside a number column
      users.c.id.eq(posts.c.title);
      // @ts-expect-error the subquery gives strings
      users.c.id.in(select(posts.c.title));
      // @ts-expect-error LIKE is for text
      users.c.age.like("1%");
      // @ts-expect-error WHERE takes conditions
      select(users.c.id).where(users.c.age);
      // @ts-expect-error AND takes conditions
      or(users.c.age.gt(1), users.c.name);
      // @ts-expect-error NOT takes a condition
      not(users.c.name);
      // @ts-expect-error no such column
      select(users.c.nmae);
      // @ts-expect-error a table is no column
      select(users);
      // @ts-expect-error a column is no join target
      select(users.c.id).join(posts.c.id);
    };
    expectTypeOf(refused).toBeFunction();
  });
});
