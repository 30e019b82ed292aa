import { expect, test } from "vitest";
import {
  bigInteger,
  type Decimal,
  type Expression,
  func,
  integer,
  literal,
  MetaData,
  numeric,
  string,
  Table,
} from "../index.js";
import { users } from "../sql/test-schema.js";

const sums = new Table("sums", new MetaData(), {
  small: integer(),
  maybe: integer().nullable(),
  big: bigInteger(),
  exact: numeric(12, 3),
  name: string(10),
});
const { small, maybe, big, exact, name } = sums.c;

test("numbers of different kinds are computed with one another, and give the wider kind", () => {
  const decimal: Expression<Decimal, "sums"> = small.add(exact);
  const otherWay: Expression<Decimal, "sums"> = exact.mul(small);
  const product: Expression<Decimal, "sums" | "users"> = exact.mul(users.c.balance);
  const wide: Expression<bigint, "sums"> = small.sub(big);
  const nullable: Expression<Decimal | null, "sums"> = exact.add(maybe);
  const fraction: Expression<number, "sums"> = big.trueDiv(2);
  const exactFraction: Expression<Decimal, "sums"> = small.trueDiv(exact);
  const power: Expression<number | null, "sums"> = maybe.pow(2);
  expect(
    [decimal, otherWay, product, wide, nullable, fraction, exactFraction, power].map(({ type }) => type.name),
  ).toEqual(["numeric", "numeric", "numeric", "bigInteger", "numeric", "double", "numeric", "double"]);
  expect([product, decimal].map(({ type }) => type.args[1])).toEqual([5, 3]);
});

test("what is no number is not computed with numbers", () => {
  // @ts-expect-error: a text is no number
  expect(small.add(name)).toBeDefined();
  // @ts-expect-error: a text is no number
  expect(small.add("5")).toBeDefined();
  // @ts-expect-error: bits are of integers
  expect(exact.bitAnd(1)).toBeDefined();
  // @ts-expect-error: the result is exact
  const wrong: Expression<number, "sums"> = small.add(exact);
  expect(wrong).toBeDefined();
});

test("functions have the types of their arguments", () => {
  const greatest: Expression<number | null, "sums", "greatest"> = func.greatest(small, maybe);
  const median: Expression<number | null, never, "percentile_cont"> = func.percentileCont(0.5).withinGroup(small);
  const middle: Expression<bigint | null, never, "percentile_disc"> = func.percentileDisc(0.5).withinGroup(big);
  const joined: Expression<string, "sums"> = func.concat(name, "x");
  expect([greatest, median, middle, joined].map(({ type }) => type.name)).toEqual([
    "integer",
    "double",
    "bigInteger",
    "string",
  ]);
  expect(literal(1).add(small).type.name).toBe("integer");
});
