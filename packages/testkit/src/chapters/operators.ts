import {
  all_,
  any_,
  bigInteger,
  caseOf,
  date,
  dateTime,
  type Expression,
  type ExtractField,
  extract,
  func,
  integer,
  literal,
  null_,
  numeric,
  param,
  select,
  string,
  type Typed,
  time,
  tuple,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { islands, people } from "../store.js";

const { nick, age, name, balance, id } = people.c;
const n = (value: number): Expression<number> => literal(value);
const s = (value: string): Expression<string> => literal(value);
const big = (value: bigint): Expression<bigint> => literal(value);

/** Values that SQL gives; each is selected from the row of bob, whose nick is NULL and age 30. */
const CASES: readonly (readonly [title: string, expression: Typed<unknown>, value: unknown])[] = [
  ["[EXP10] div of integers cuts off", age.div(4), 7],
  ["[EXP10] div cuts off towards zero", age.neg().div(4), -7],
  ["[EXP10] floorDiv rounds down below zero", age.neg().floorDiv(4), -8],
  ["[EXP10] floorDiv by a negative number", age.floorDiv(-4), -8],
  ["[EXP10] floorDiv without a remainder", age.neg().floorDiv(5), -6],
  ["[EXP10] floorDiv is exact for 64-bit integers", big(9007199254740993n).floorDiv(big(2n)), 4503599627370496n],
  ["[EXP10] trueDiv keeps the fraction of integers", age.trueDiv(4), 7.5],
  ["[EXP10] trueDiv has more than four decimals", n(1).trueDiv(3), 1 / 3],
  ["[EXP10] floorDiv of floats", n(7.5).floorDiv(2).typeCoerce(integer()), 3],
  ["[EXP10] pow", n(2).pow(10), 1024],
  ["[EXP10] pow of a fraction and a negative exponent", n(2).pow(-1), 0.5],
  ["[EXP10] an integer and a decimal make a decimal", age.add(balance).cast(numeric(10, 2)), "30.00"],
  ["[EXP10] a big integer and an integer make a big integer", big(4294967296n).add(age), 4294967326n],
  ["[EXP11] bits that both have", n(6).bitAnd(3), 2],
  ["[EXP11] bits that one has", n(6).bitOr(3), 7],
  ["[EXP11] bits that exactly one has, with operators around", n(5).bitXor(n(3).add(0)).add(1), 7],
  ["[EXP11] bits are signed", n(-6).bitOr(3), -5],
  ["[EXP11] all bits the other way round", n(5).bitNot(), -6],
  ["[EXP11] the complement of a sum", n(5).add(1).bitNot().mul(2), -14],
  ["[EXP4] BETWEEN SYMMETRIC takes the ends in either order", age.between(31, 29, { symmetric: true }), true],
  ["[EXP4] NOT BETWEEN SYMMETRIC", age.notBetween(31, 29, { symmetric: true }), false],
  [
    "[EXP4] BETWEEN with NULL at one end is false where the other end decides",
    age.between(n(31), nick.cast(integer())),
    false,
  ],
  ["[EXP6] startsWith takes an expression literally", s("a%b").startsWith(s("a%")), true],
  ["[EXP6] startsWith takes wildcards of an expression literally", s("axb").startsWith(s("a%b")), false],
  ["[EXP6] contains takes the escape character of an expression literally", s("a/b").contains(s("/")), true],
  ["[EXP6] contains without autoescape has wildcards", s("axxb").contains("a%b", { autoescape: false }), true],
  ["[EXP6] endsWith with an escape of one's own", s("100%").endsWith("0%", { escape: "!" }), true],
  ["[EXP6] an escape of one's own is taken literally in the text", s("a!").endsWith("!", { escape: "!" }), true],
  ["[EXP6] istartsWith ignores case in expressions", s("HELLO").istartsWith(s("he")), true],
  ["[EXP9] concat of several", func.concat("a", name, "c"), "abobc"],
  ["[EXP9] concat with NULL is NULL", func.concat("a", nick), null],
  [
    "[EXP21] CASE with a subject",
    caseOf(
      name,
      [
        ["alice", 1],
        ["bob", 2],
      ],
      3,
    ),
    2,
  ],
  ["[EXP21] CASE with a subject and a Map", caseOf(age, new Map([[30, "x"]])), "x"],
  ["[EXP21] CASE with a subject that is NULL finds nothing", caseOf(nick, [["x", 1]], 0), 0],
  ["[EXP23] typeCoerce reads a value as another type", n(5).typeCoerce(bigInteger()), 5n],
  ["[EXP44] parentheses that nobody needs change nothing", age.add(1).grouped().mul(2), 62],
  ["[EXP34] greatest", func.greatest(age, 5, 40), 40],
  ["[EXP34] least", func.least(age, n(5)), 5],
  ["[EXP34] greatest beside NULL is NULL", func.greatest(age, nick.cast(integer())), null],
  ["[EXP34] char_length counts characters", func.charLength(s("grün €")), 6],
  ["[EXP34] ltrim and rtrim", func.concat("<", func.ltrim(s("  x ")), func.rtrim(s(" y  ")), ">"), "<x  y>"],
  [
    "[EXP34] ceil, floor and sign",
    func
      .ceil(n(1.2))
      .add(func.floor(n(-1.2)))
      .add(func.sign(n(-3))),
    -1,
  ],
  ["[EXP34] sqrt", func.sqrt(n(16)), 4],
  ["[EXP34] power", func.power(n(3), 2), 9],
];

const DAY = literal("2021-01-03", date());
const MOMENT = literal(new Date("2024-02-29T13:05:07.250Z"), dateTime({ timezone: true }));
const CLOCK = literal("13:05:07", time());

const FIELDS: readonly (readonly [ExtractField, Expression<unknown>, number])[] = [
  ["year", DAY, 2021],
  ["isoYear", DAY, 2020],
  ["quarter", DAY, 1],
  ["month", DAY, 1],
  ["week", DAY, 53],
  ["day", DAY, 3],
  ["dayOfWeek", DAY, 0],
  ["isoDayOfWeek", DAY, 7],
  ["dayOfYear", DAY, 3],
  ["year", MOMENT, 2024],
  ["month", MOMENT, 2],
  ["day", MOMENT, 29],
  ["hour", MOMENT, 13],
  ["minute", MOMENT, 5],
  ["second", MOMENT, 7.25],
  ["epoch", MOMENT, 1709211907.25],
  ["isoDayOfWeek", MOMENT, 4],
  ["hour", CLOCK, 13],
  ["second", CLOCK, 7],
];

/** Operators beside the basic ones: the value, not only the text. */
export const operatorChapter: Chapter = {
  title: "operators",
  declare({ engine, test }) {
    for (const [title, expression, value] of CASES) {
      test(title, {}, async (conn) => {
        const item = expression as Expression<unknown>;
        const query = select(item.label("v")).selectFrom(people).where(id.eq(2));
        expect(await conn.execute(query).scalar()).toStrictEqual(value);
      });
    }

    test("[EXP11] shifts keep the sign", {
      needs: "bitShifts",
      refuses: () => select(n(1).shiftLeft(2).label("v")),
    }, async (conn) => {
      const query = select(n(5).shiftLeft(2).label("l"), n(-9).shiftRight(1).label("r"), n(9).shiftRight(1).label("p"));
      expect(await conn.execute(query).tuples()).toEqual([[20, -5, 4]]);
    });

    for (const [field, from, value] of FIELDS) {
      test(`[EXP24] ${field} of ${from === DAY ? "a date" : from === CLOCK ? "a time" : "an instant, in UTC"}`, {}, async (conn) => {
        expect(await conn.execute(select(extract(field, from).label("v"))).scalar()).toBeCloseTo(value, 3);
      });
    }

    test("[EXP8] a regular expression, with case and without", {
      needs: "regexp",
      refuses: () => select(name.regexpMatch("b")),
    }, async (conn) => {
      const found = (condition: ReturnType<typeof name.regexpMatch>): Promise<readonly number[]> =>
        conn.execute(select(id).where(condition).orderBy(id)).scalars();
      expect(await found(name.regexpMatch("^[ab]"))).toEqual([1, 2]);
      expect(await found(name.regexpMatch("^[AB]"))).toEqual([]);
      expect(await found(name.regexpMatch("^[AB]", { ignoreCase: true }))).toEqual([1, 2]);
      expect(await found(name.regexpMatch("o.$").not())).toEqual([1, 4]);
      expect(await found(nick.regexpMatch("z"))).toEqual([3]);
    });

    test("[EXP8] all matches of a regular expression are replaced, with groups", {
      needs: "regexpReplace",
      refuses: () => select(name.regexpReplace("b", "c").label("v")),
    }, async (conn) => {
      const of = (expression: Expression<unknown>): Promise<unknown> =>
        conn.execute(select(expression.label("v"))).scalar();
      expect(await of(s("banana").regexpReplace("a", "o"))).toBe("bonono");
      expect(await of(s("banAna").regexpReplace("a", "o"))).toBe("bonAno");
      expect(await of(s("banAna").regexpReplace("a", "o", { ignoreCase: true }))).toBe("bonono");
      expect(await of(s("ab").regexpReplace("(a)(b)", "\\2\\1"))).toBe("ba");
    });

    test("[EXP14] ANY and ALL over a query", {
      needs: "quantified",
      refuses: () => select(id).where(age.gt(all_(select(people.c.age)))),
    }, async (conn) => {
      const ages = select(people.c.age).where(people.c.active.eq(false));
      const found = (condition: ReturnType<typeof age.gt>): Promise<readonly number[]> =>
        conn.execute(select(id).where(condition).orderBy(id)).scalars();
      expect(await found(age.gt(any_(ages)))).toEqual([1, 4]);
      expect(await found(age.ge(all_(ages)))).toEqual([1, 4]);
      expect(await found(age.lt(all_(select(islands.c.id).where(islands.c.id.gt(5)))))).toEqual([1, 2, 3, 4]);
    });

    test("[EXP14] = ANY and <> ALL are IN and NOT IN", {}, async (conn) => {
      const ages = select(people.c.age).where(people.c.active.eq(false));
      expect(
        await conn
          .execute(
            select(id)
              .where(age.eq(any_(ages)))
              .orderBy(id),
          )
          .scalars(),
      ).toEqual([2, 3, 4]);
      expect(
        await conn
          .execute(
            select(id)
              .where(age.ne(all_(ages)))
              .orderBy(id),
          )
          .scalars(),
      ).toEqual([1]);
    });

    test("[EXP26] row values are compared in their order", {}, async (conn) => {
      const row = tuple(age, name);
      const found = (condition: ReturnType<typeof row.lt>): Promise<readonly number[]> =>
        conn.execute(select(id).where(condition).orderBy(id)).scalars();
      expect(await found(row.lt([30, "carol"]))).toEqual([2]);
      expect(await found(row.le([30, "carol"]))).toEqual([2, 3]);
      expect(await found(row.gt([30, "carol"]))).toEqual([1, 4]);
      expect(await found(row.ge(tuple(literal(41), literal("dave"))))).toEqual([1, 4]);
      expect(await found(row.eq([30, "bob"]))).toEqual([2]);
      expect(await found(row.ne([30, "bob"]))).toEqual([1, 3, 4]);
    });

    test("[EXP28] a parameter has the default that it was given, made at each execution, unless a value is given", {}, async (conn) => {
      let calls = 0;
      const least = param("least", integer(), { value: () => 30 + calls++ });
      const query = select(id).where(age.gt(least)).orderBy(id);
      expect(await conn.execute(query).scalars()).toEqual([1, 4]);
      expect(await conn.execute(query, { least: 45 }).scalars()).toEqual([1]);
      expect(calls).toBe(1);
      const fixed = select(id)
        .where(id.in(param("ids", integer(), { expanding: true, value: [1, 2] }) as never))
        .orderBy(id);
      expect(await conn.execute(fixed).scalars()).toEqual([1, 2]);
      await expect(conn.execute(select(id).where(id.eq(param("x", integer())))).scalars()).rejects.toThrow(
        'The statement needs a value for parameter "x".',
      );
    });

    test("[EXP28] a value that is written at execution stands in the text of each execution, escaped, from one compilation", {}, async (conn) => {
      const who = param("who", string(20), { literalExecute: true });
      const query = select(id).where(name.eq(who));
      expect(await conn.execute(query, { who: "bob" }).scalars()).toEqual([2]);
      expect(await conn.execute(query, { who: "it's \\ 'x' OR 1=1 --" }).scalars()).toEqual([]);
      expect(await conn.execute(query, { who: null }).scalars()).toEqual([]);
      expect(await conn.execute(query, { who: "dave" }).scalars()).toEqual([4]);
      await expect(async () => conn.execute(query).scalars()).rejects.toThrow('needs a value for parameter "who"');
      const compiled = engine().dialect.compile(query);
      expect(compiled.render(query, { who: "o'x" }).sql).toContain("'o''x'");
      expect(compiled.render(query, { who: "o'x" }).parameters).toEqual([]);
      expect(compiled.sql).toContain("{who}");
      const again = select(id).where(name.eq(param("who", string(20), { literalExecute: true })));
      expect(again.shape).toBe(query.shape);
      // Beside parameters that are sent, twice in a statement, as a list, and with a default.
      const ages = param("ages", integer(), { literalExecute: true, expanding: true, value: [30] }) as never;
      const mixed = select(id, literal("x").label("x"))
        .where(age.in(ages), id.gt(1), id.ne(who.eq("carol").cast(integer())), name.ne(who))
        .orderBy(id);
      expect(await conn.execute(mixed, { who: "carol" }).tuples()).toEqual([[2, "x"]]);
      expect(await conn.execute(mixed, { who: "-", ages: [41, 50] }).tuples()).toEqual([[4, "x"]]);
      expect(await conn.execute(mixed, { who: "-", ages: [] }).tuples()).toEqual([]);
    });

    test("[EXP2] NULL is distinct from a value and not from itself", {}, async (conn) => {
      const query = select(id)
        .where(nick.isDistinctFrom("al"), nick.isNotDistinctFrom(null_() as never))
        .orderBy(id);
      expect(await conn.execute(query).scalars()).toEqual([2, 4]);
    });
  },
};
