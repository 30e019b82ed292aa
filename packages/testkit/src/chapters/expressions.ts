import {
  and,
  case_,
  type Expression,
  func,
  integer,
  literal,
  not,
  null_,
  numeric,
  or,
  select,
  string,
  type Typed,
  true_,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { people } from "../store.js";

const { nick, age, name } = people.c;
const n = (value: number): Expression<number> => literal(value);
const s = (value: string): Expression<string> => literal(value);
const nothing = null_() as Expression<null> as Expression<never>;

/** Expressions and the value that SQL gives them. Each is selected from the row of bob, whose nick is NULL and age 30. */
const CASES: readonly (readonly [title: string, expression: Typed<unknown>, value: unknown])[] = [
  ["[EXP10] adds", age.add(5), 35],
  ["[EXP10] subtracts on the right with parentheses", age.sub(age.sub(1)), 1],
  ["[EXP10] multiplies sums with parentheses", age.add(1).mul(2), 62],
  ["[EXP10] takes remainders", age.mod(7), 2],
  ["[EXP10] negates", age.neg(), -30],
  ["[EXP19] negates twice", age.neg().neg(), 30],
  [
    "[EXP10] computes exactly with decimals",
    literal("0.10", numeric(10, 2))
      .add(literal("0.20", numeric(10, 2)))
      .cast(numeric(10, 2)),
    "0.30",
  ],
  ["[EXP9] concatenates", name.concat("!"), "bob!"],
  ["[EXP9] concatenates several", name.concat("-").concat(name), "bob-bob"],
  ["[EXP9] concatenation with NULL is NULL", name.concat(nick), null],
  ["[EXP1] compares with NULL as unknown", nick.eq(name), null],
  ["[EXP1] finds equality", age.eq(30), true],
  ["[EXP1] IS NULL is never unknown", nick.isNull(), true],
  ["[EXP12] unknown AND false is false", and(nick.eq("x"), age.lt(0)), false],
  ["[EXP12] unknown AND true is unknown", and(nick.eq("x"), age.gt(0)), null],
  ["[EXP12] unknown OR true is true", or(nick.eq("x"), age.gt(0)), true],
  ["[EXP12] NOT unknown is unknown", not(and(nick.eq("x"), age.gt(0))), null],
  ["[EXP19] OR inside AND keeps its parentheses", and(or(age.eq(30), age.eq(31)), name.eq("x")), false],
  ["[EXP19] a comparison compares with another", age.gt(1).eq(age.lt(3)), false],
  ["[EXP2] IS DISTINCT FROM tells NULL from a value", nick.isDistinctFrom("x"), true],
  ["[EXP2] IS NOT DISTINCT FROM finds two NULLs equal", nick.isNotDistinctFrom(people.c.nick), true],
  ["[EXP2] IS DISTINCT FROM with equal values", age.isDistinctFrom(30), false],
  ["[EXP4] BETWEEN includes both ends", age.between(30, 31), true],
  ["[EXP4] NOT BETWEEN", age.notBetween(1, 5), true],
  ["[EXP5] LIKE", name.like("b%"), true],
  ["[EXP5] LIKE with an escape takes % literally", s("50%").like("50!%", { escape: "!" }), true],
  ["[EXP5] LIKE with an escape does not match other text", s("50x").like("50!%", { escape: "!" }), false],
  ["[EXP5] ILIKE ignores case", s("HeLLo").ilike("h%o"), true],
  ["[EXP6] startsWith takes % literally", s("100%").startsWith("100%"), true],
  ["[EXP6] startsWith does not take _ as any character", s("abc").startsWith("a_"), false],
  ["[EXP6] contains takes the escape character literally", s("a/b").contains("/"), true],
  ["[EXP6] endsWith", s("abc").endsWith("bc"), true],
  ["[EXP6] icontains ignores case", s("ABC").icontains("b"), true],
  ["[EXP6] contains finds quotes and backslashes", s('it\'s a \\ "q"').contains("'s a \\ \""), true],
  [
    "[EXP21] CASE takes the first branch that holds",
    case_(
      [
        [age.lt(18), "minor"],
        [age.lt(65), "adult"],
      ],
      "senior",
    ),
    "adult",
  ],
  ["[EXP21] CASE without ELSE gives NULL", case_([[age.lt(18), "minor"]]), null],
  ["[EXP22] CAST to text", age.cast(string(10)), "30"],
  ["[EXP22] CAST to a number", s("12").cast(integer()), 12],
  ["[EXP22] CAST to a decimal", s("1.50").cast(numeric(10, 2)), "1.50"],
  ["[EXP25] NULL", null_(), null],
  ["[EXP25] TRUE in a condition", case_([[true_(), 1]], 0), 1],
  ["[EXP34] coalesce", func.coalesce(nick, "none"), "none"],
  ["[EXP34] nullif", func.nullif(age, 30), null],
  ["[EXP34] lower and upper", func.upper(func.lower(s("MiX"))), "MIX"],
  ["[EXP34] char_length counts characters", func.charLength(s("häß")), 3],
  ["[EXP34] substring counts from 1", func.substring(s("abcdef"), 2, 3), "bcd"],
  ["[EXP34] replace", func.replace(s("banana"), "an", "o"), "booa"],
  ["[EXP34] trim", func.trim(s("  x ")), "x"],
  ["[EXP34] abs", func.abs(n(-5)), 5],
  ["[EXP34] functions of NULL are NULL", func.lower(nick), null],
  ["[EXP3] IN with a NULL on the left is unknown", nick.in(["x"]), null],
  ["[EXP34] a function of NULL and a value has the value's type", func.coalesce(nothing, n(5)), 5],
];

/** Operators and functions: the value, not only the text. */
export const expressionChapter: Chapter = {
  title: "expressions",
  declare({ test }) {
    for (const [title, expression, value] of CASES) {
      test(title, {}, async (conn) => {
        const item = expression as Expression<unknown>;
        expect(
          await conn.execute(select(item.label("v")).selectFrom(people).where(people.c.id.eq(2))).scalar(),
        ).toStrictEqual(value);
      });
    }

    test("[EXP12] conditions can be compared, selected and used as conditions again", {}, async (conn) => {
      const old = people.c.age.gt(35).label("old");
      expect(await conn.execute(select(people.c.id, old).orderBy(people.c.id)).tuples()).toEqual([
        [1, true],
        [2, false],
        [3, false],
        [4, true],
      ]);
      const sub = select(people.c.id, old).subquery("sub");
      expect(await conn.execute(select(sub.c.id).where(sub.c.old).orderBy(sub.c.id)).scalars()).toEqual([1, 4]);
      expect(
        await conn
          .execute(
            select(people.c.id)
              .where(people.c.active.eq(people.c.age.gt(35)))
              .orderBy(people.c.id),
          )
          .scalars(),
      ).toEqual([1, 3]);
    });
  },
};
