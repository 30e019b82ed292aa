import {
  defineFunction,
  defineOperator,
  type Expression,
  func,
  integer,
  literal,
  postfixOp,
  prefixOp,
  select,
  string,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { people } from "../store.js";

const { id, age, name, nick } = people.c;
const n = (value: number): Expression<number> => literal(value);

/** Operators and functions that the toolkit does not know, and the names that expressions are given. */
export const ownChapter: Chapter = {
  title: "operators and functions of one's own, labels",
  declare({ test, engine }) {
    test("[EXP17] an operator of one's own keeps its operands together, whatever stands beside it", {}, async (conn) => {
      const values = select(
        age.op("-", 10).op("-", n(5).op("-", 2)).label("a"),
        age.op("*", 2, { precedence: "multiplication" }).add(1).label("b"),
        age.add(1).op("*", 2).label("c"),
        age.op("/", n(4).op("+", 1)).typeCoerce(integer()).mul(2).label("d"),
        prefixOp("-", age.op("+", 1)).label("e"),
      ).where(id.eq(2));
      expect((await conn.execute(values).tuples())[0]?.map((value) => Math.trunc(Number(value)))).toEqual([
        17, 61, 62, 12, -31,
      ]);
    });

    test("[EXP17] a condition of one's own stands where conditions stand", {}, async (conn) => {
      const found = (condition: ReturnType<typeof age.boolOp>) =>
        conn.execute(select(id).where(condition).orderBy(id)).scalars();
      expect(await found(age.boolOp(">=", 41))).toEqual([1, 4]);
      expect(await found(age.boolOp(">=", 41).and(name.boolOp("LIKE", "d%")))).toEqual([4]);
      expect(await found(age.boolOp(">=", 41).not().or(name.boolOp("LIKE", "a%")))).toEqual([1, 2, 3]);
      const missing = postfixOp(nick, "IS NULL", { isComparison: true }) as ReturnType<typeof age.boolOp>;
      expect(await found(missing)).toEqual([2, 4]);
    });

    test("[EXP18] an operator is written by each dialect in its own way", {}, async (conn) => {
      const distance = defineOperator("<->", {
        returns: integer(),
        dialects: { default: (left, right) => `abs(${left} - ${right})` },
      });
      const near = select(id)
        .orderBy(distance(age, 40), id)
        .where(distance(age.add(1), n(40)).lt(11));
      expect(await conn.execute(near).scalars()).toEqual([4, 2, 3]);
      expect(engine().dialect.compile(near).sql).not.toContain("<->");
    });

    test("[EXP32] a function of one's own has typed arguments, its own text on a dialect, and a place in func", {}, async (conn) => {
      const orElse = defineFunction("or_else", {
        args: [string(), string()],
        returns: string(),
        dialects: { [engine().dialect.name]: (value, other) => `coalesce(${value}, ${other})`, other: "ifnull" },
        register: "testkit.orElse",
      });
      const nicks = select(orElse(nick, "none").label("n")).orderBy(id);
      expect(await conn.execute(nicks).scalars()).toEqual(["al", "none", "caz", "none"]);
      const registered = func.testkit?.orElse?.(nick, "?") as ReturnType<typeof orElse>;
      expect(await conn.execute(select(registered.label("n")).where(id.eq(2))).scalar()).toBe("?");
      const plain = defineFunction("upper", { args: [string()], returns: string() });
      expect(await conn.execute(select(plain(name).label("n")).where(plain(name).eq("BOB"))).scalars()).toEqual([
        "BOB",
      ]);
    });

    test("[EXP27] a label names the result, and stands for its expression in ORDER BY, GROUP BY and conditions", {}, async (conn) => {
      const half = age.div(2).label("half size");
      expect(await conn.execute(select(half).where(id.eq(2))).one()).toEqual({ "half size": 15 });
      expect(await conn.execute(select(id, half).orderBy(half.desc(), id).limit(2)).tuples()).toEqual([
        [1, 25],
        [4, 20],
      ]);
      const grouped = select(half, func.count().label("n")).groupBy(half).orderBy(half);
      expect(await conn.execute(grouped).tuples()).toEqual([
        [15, 2],
        [20, 1],
        [25, 1],
      ]);
      expect(await conn.execute(select(id).where(half.gt(20))).scalars()).toEqual([1]);
      const renamed = half.label("order");
      expect(await conn.execute(select(renamed).where(id.eq(1)).orderBy(renamed)).one()).toEqual({ order: 25 });
      const sub = select(id, half).subquery("s");
      expect(await conn.execute(select(sub.c["half size"]).where(sub.c.id.eq(4))).scalar()).toBe(20);
    });

    test("[EXP42] a function is selected by itself, its result under its name", {}, async (conn) => {
      expect(await conn.execute(select(func.lower(literal("ÄB".slice(1))))).one()).toEqual({ lower: "b" });
      expect(await conn.execute(select(func.count()).selectFrom(people)).one()).toEqual({ count: 4 });
    });
  },
};
