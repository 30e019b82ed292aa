import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import {
  and,
  bigInteger,
  case_,
  delete_,
  type Expression,
  type ExpressionNode,
  func,
  insert,
  integer,
  literal,
  MetaData,
  type Node,
  not,
  or,
  type Predicate,
  param,
  sameShape,
  select,
  sql,
  statementKey,
  string,
  Table,
  update,
} from "../index.js";

const metadata = new MetaData();
const a = new Table("a", metadata, {
  id: integer().primaryKey(),
  n: integer(),
  m: integer(),
  s: string(20),
  t: string(20),
});
const b = new Table("b", metadata, {
  id: integer().primaryKey(),
  aId: integer().references(() => a.c.id),
  n: integer(),
  s: string(20),
});

/** Statements as data, so that one can be built twice, with the same or with other values. */
type Num =
  | { readonly is: "column"; readonly of: "a.n" | "a.m" | "b.n" }
  | { readonly is: "value"; readonly value: number; readonly how: "bound" | "inlined" | "big" | "shared" | "param" }
  | { readonly is: "arithmetic"; readonly op: "add" | "sub" | "mul"; readonly left: Num; readonly right: Num }
  | { readonly is: "function"; readonly name: "abs" | "length2"; readonly of: Num }
  | { readonly is: "case"; readonly when: Condition; readonly then: Num };
type Condition =
  | { readonly is: "compare"; readonly op: "eq" | "ne" | "lt" | "ge"; readonly left: Num; readonly right: Num }
  | { readonly is: "like"; readonly of: "a.s" | "a.t"; readonly value: string; readonly escape: "/" | "!" | undefined }
  | { readonly is: "in"; readonly of: Num; readonly values: readonly number[]; readonly negated: boolean }
  | { readonly is: "connect"; readonly op: "and" | "or"; readonly terms: readonly Condition[] }
  | { readonly is: "not"; readonly of: Condition }
  | { readonly is: "exists"; readonly where: Condition };
interface Query {
  readonly items: readonly Num[];
  readonly label: string | undefined;
  readonly where: readonly Condition[];
  readonly join: "inner" | "left" | undefined;
  readonly order: "asc" | "desc" | "nulls" | undefined;
  readonly limit: number | undefined;
  readonly wrap: "subquery" | "cte" | "union" | undefined;
  readonly distinct: boolean;
}

const { num, condition } = fc.letrec<{ num: Num; condition: Condition }>((tie) => ({
  num: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ is: fc.constant("column" as const), of: fc.constantFrom("a.n", "a.m", "b.n") }),
    fc.record({
      is: fc.constant("value" as const),
      value: fc.integer(),
      how: fc.constantFrom("bound", "inlined", "big", "shared", "param"),
    }),
    fc.record({
      is: fc.constant("arithmetic" as const),
      op: fc.constantFrom("add", "sub", "mul"),
      left: tie("num"),
      right: tie("num"),
    }),
    fc.record({ is: fc.constant("function" as const), name: fc.constantFrom("abs", "length2"), of: tie("num") }),
    fc.record({ is: fc.constant("case" as const), when: tie("condition"), then: tie("num") }),
  ) as fc.Arbitrary<Num>,
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      is: fc.constant("like" as const),
      of: fc.constantFrom("a.s", "a.t"),
      value: fc.string({ maxLength: 5 }),
      escape: fc.constantFrom("/", "!", undefined),
    }),
    fc.record({
      is: fc.constant("compare" as const),
      op: fc.constantFrom("eq", "ne", "lt", "ge"),
      left: tie("num"),
      right: tie("num"),
    }),
    fc.record({
      is: fc.constant("in" as const),
      of: tie("num"),
      values: fc.array(fc.integer(), { maxLength: 5 }),
      negated: fc.boolean(),
    }),
    fc.record({
      is: fc.constant("connect" as const),
      op: fc.constantFrom("and", "or"),
      terms: fc.array(tie("condition"), { maxLength: 3 }),
    }),
    fc.record({ is: fc.constant("not" as const), of: tie("condition") }),
    fc.record({ is: fc.constant("exists" as const), where: tie("condition") }),
  ) as fc.Arbitrary<Condition>,
}));

const query: fc.Arbitrary<Query> = fc.record({
  items: fc.array(num, { minLength: 1, maxLength: 3 }),
  label: fc.constantFrom("x", "y", undefined),
  where: fc.array(condition, { maxLength: 3 }),
  join: fc.constantFrom("inner", "left", undefined),
  order: fc.constantFrom("asc", "desc", "nulls", undefined),
  // No rows at all is a structure of its own: some databases write it otherwise.
  limit: fc.option(fc.integer({ min: 1, max: 2 ** 31 - 1 }), { nil: undefined }),
  wrap: fc.constantFrom("subquery", "cte", "union", undefined),
  distinct: fc.boolean(),
});

/** Builds statements from data. All "shared" values of one statement are one bind parameter. */
class Builder {
  private readonly shared = literal(77);

  query(q: Query): Node {
    const items = q.items.map((item, i) => this.num(item).label(i === 0 && q.label ? q.label : `i${i}`));
    let made = select(...items)
      .selectFrom(a)
      .where(...q.where.map((one) => this.condition(one)));
    if (q.join === "inner") made = made.join(b);
    if (q.join === "left") made = made.outerJoin(b) as typeof made;
    if (q.order)
      made = made.orderBy(
        q.order === "asc" ? a.c.id.asc() : q.order === "desc" ? a.c.id.desc() : a.c.id.desc().nullsLast(),
      );
    if (q.limit !== undefined) made = made.limit(q.limit);
    if (q.distinct) made = made.distinct();
    if (q.wrap === "union") return made.union(made);
    const from = q.wrap === "subquery" ? made.subquery("w") : q.wrap === "cte" ? made.cte("w") : undefined;
    return from === undefined
      ? made
      : select(...(from.columns as readonly Expression<unknown, string, string>[])).where(
          sql`1 = ${1}`.as(integer()) as unknown as Predicate,
        );
  }

  private num(n: Num): Expression<number, string, string> {
    switch (n.is) {
      case "column":
        return n.of === "b.n" ? b.c.n : n.of === "a.n" ? a.c.n : a.c.m;
      case "value":
        return this.value(n) as Expression<number>;
      case "arithmetic":
        return this.num(n.left)[n.op](this.num(n.right)) as Expression<number, string>;
      case "function":
        return func(n.name, this.num(n.of)).returns(integer()) as Expression<number>;
      case "case":
        return case_([[this.condition(n.when), this.num(n.then)]], 0) as Expression<number>;
    }
  }

  private value({ how, value }: Extract<Num, { is: "value" }>): ExpressionNode {
    switch (how) {
      case "bound":
        return literal(value);
      case "inlined":
        return (literal(value) as Expression<number> & { inlined(): ExpressionNode }).inlined();
      case "big":
        return literal(BigInt(value), bigInteger());
      case "shared":
        return this.shared;
      case "param":
        return param("given", integer());
    }
  }

  private condition(c: Condition): Predicate {
    switch (c.is) {
      case "compare":
        return this.num(c.left)[c.op](this.num(c.right));
      case "like":
        return (c.of === "a.s" ? a.c.s : a.c.t).like(c.value, { escape: c.escape });
      case "in":
        return c.negated ? this.num(c.of).notIn(c.values) : this.num(c.of).in(c.values);
      case "connect":
        return (c.op === "and" ? and : or)(...c.terms.map((term) => this.condition(term)));
      case "not":
        return not(this.condition(c.of));
      case "exists":
        return select(b.c.id).where(this.condition(c.where)).exists();
    }
  }
}

const build = (q: Query): Node => new Builder().query(q);
const dialect = new Dialect();

/** All that a compiled form depends on: the text, and for each of its parameters and result columns the type. */
function compiledForm(node: Node): string {
  const compiled = dialect.compile(node);
  const slots = compiled.slots.map((slot) => [slot.name, String(slot.bind?.type), slot.expanding, slot.required]);
  return JSON.stringify([compiled.sql, slots, compiled.resultColumns?.map(({ key, type }) => [key, String(type)])]);
}

/** Another statement that differs in values only: bound ones, never inlined ones. */
function otherValues<T>(part: T): T {
  if (Array.isArray(part)) return part.map(otherValues) as T;
  if (typeof part !== "object" || part === null) return part;
  const entries = Object.entries(part).map(([key, value]) => {
    if (key === "value" && typeof value === "number")
      return [key, (part as { how?: string }).how === "inlined" ? value : (value % 1000) + 1];
    if (key === "value" && typeof value === "string") return [key, `${value}.`];
    if (key === "values") return [key, [...(value as number[]), 5]];
    if (key === "limit" && typeof value === "number") return [key, (value % 1000) + 1];
    return [key, otherValues(value)];
  });
  return Object.fromEntries(entries) as T;
}

/** One change somewhere in a statement: another column, operator, way of giving a value, flag. */
const CHANGES: Readonly<Record<string, readonly unknown[]>> = {
  of: ["a.n", "a.m", "a.s", "a.t"],
  op: ["add", "sub", "mul", "eq", "ne", "lt", "ge", "and", "or"],
  how: ["bound", "inlined", "big", "shared", "param"],
  name: ["abs", "length2"],
  escape: ["/", "!", undefined],
  negated: [true, false],
  label: ["x", "y", undefined],
  join: ["inner", "left", undefined],
  order: ["asc", "desc", "nulls", undefined],
  wrap: ["subquery", "cte", "union", undefined],
  distinct: [true, false],
};
const FAMILIES = [
  ["a.n", "a.m", "b.n"],
  ["a.s", "a.t"],
  ["add", "sub", "mul"],
  ["eq", "ne", "lt", "ge"],
  ["and", "or"],
];

function places(part: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => [
    ...(key in CHANGES && typeof value !== "object" ? [[...path, key]] : []),
    ...places(value, [...path, key]),
  ]);
}

function changedAt<T>(part: T, [key, ...rest]: readonly (string | number)[], pick: number): T {
  const copy = (Array.isArray(part) ? [...part] : { ...part }) as Record<string, unknown>;
  const name = String(key);
  copy[name] = rest.length === 0 ? changedValue(name, copy[name], pick) : changedAt(copy[name], rest, pick);
  return copy as T;
}

function changedValue(name: string, old: unknown, pick: number): unknown {
  const family = FAMILIES.find((one) => one.includes(old as string)) ?? (CHANGES[name] as readonly unknown[]);
  const others = family.filter((one) => one !== old);
  return others[pick % others.length];
}

// sameShape() compares keys of one generation; between two calls of statementKey() interning may begin anew.
describe("statement keys", () => {
  test("[CMP1] statements built anew from the same parts have the same key", () => {
    fc.assert(
      fc.property(query, (q) => {
        expect(sameShape(build(q), build(q))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("[CMP1] statements that differ in bound values only have the same key, and one compiled form serves both", () => {
    fc.assert(
      fc.property(query, (q) => {
        const [one, two] = [build(q), build(otherValues(q))];
        expect(sameShape(one, two)).toBe(true);
        expect(compiledForm(two)).toBe(compiledForm(one));
      }),
      { numRuns: 300 },
    );
  });

  test("[CMP1] one change of a column, operator, type, literal or clause gives another key exactly when it gives another compiled form", () => {
    let different = 0;
    fc.assert(
      fc.property(query, fc.nat(), fc.nat(), (q, place, pick) => {
        const all = places(q);
        const changed = changedAt(q, all[place % all.length] as readonly string[], pick);
        const [one, two] = [build(q), build(changed)];
        const sameForm = compiledForm(one) === compiledForm(two);
        if (!sameForm) different += 1;
        expect(sameShape(one, two)).toBe(sameForm);
      }),
      { numRuns: 1000 },
    );
    expect(different).toBeGreaterThan(300);
  });

  test("[CMP1] two statements made independently have equal keys exactly when their compiled forms are equal", () => {
    const small = fc.record({ left: num, right: num, op: fc.constantFrom("eq", "ne") });
    fc.assert(
      fc.property(small, small, (x, y) => {
        const made = [x, y].map(({ left, right, op }) =>
          build({
            items: [left],
            label: undefined,
            where: [{ is: "compare", op, left, right } as Condition],
            join: undefined,
            order: undefined,
            limit: undefined,
            wrap: undefined,
            distinct: false,
          }),
        ) as [Node, Node];
        expect(sameShape(...made)).toBe(compiledForm(made[0]) === compiledForm(made[1]));
      }),
      { numRuns: 500 },
    );
  });
});

describe("what is part of a key", () => {
  const differ = (...nodes: readonly Node[]): void => {
    expect(new Set(nodes.map(statementKey)).size).toBe(nodes.length);
  };

  test("[CMP1] a bind parameter used twice is not two parameters of equal value", () => {
    const shared = literal(1);
    differ(
      select(a.c.id).where(a.c.n.eq(shared), a.c.m.eq(shared)),
      select(a.c.id).where(a.c.n.eq(literal(1)), a.c.m.eq(literal(1))),
    );
    const three = (x: ExpressionNode, y: ExpressionNode, z: ExpressionNode): Node =>
      select(x.label("x"), y.label("y"), z.label("z"));
    const [p, q] = [literal(1), literal(2)];
    differ(three(p, p, q), three(p, q, p), three(q, p, p), three(p, q, literal(3)), three(p, p, p));
    expect(sameShape(three(p, p, q), three(q, q, p))).toBe(true);
  });

  test("[CMP1] a subquery's parameters count once, however many columns point to it, and equal subqueries keep their own values", () => {
    const few = (value: number) => select(a.c.id, a.c.n, a.c.m).where(a.c.n.gt(value)).subquery("few");
    const one = few(1);
    const outer = select(one.c.id, one.c.n, one.c.m).where(one.c.n.lt(9));
    const compiled = dialect.compile(outer);
    expect(compiled.render(outer).parameters).toEqual([1, 9]);
    const [first, second] = [few(1), few(2)];
    const both = select(first.c.id, first.c.n).union(select(second.c.id, second.c.n));
    const twice = select(first.c.id, first.c.n).union(select(first.c.id, first.c.n));
    expect(dialect.compile(both).render(both).parameters).toEqual([1, 2]);
    expect(dialect.compile(twice).render(twice).parameters).toEqual([1]);
    differ(both, twice);
    const again = select(few(5).c.id, few(5).c.n);
    expect(sameShape(again, select(few(6).c.id, few(6).c.n))).toBe(true);
    expect(sameShape(select(first.c.id, first.c.n), again)).toBe(false);
  });

  test("[CMP1] sharing is seen among many parameters too", () => {
    const many = Array.from({ length: 40 }, (_, i) => literal(i));
    const of = (list: readonly ExpressionNode[]): Node => select(...list.map((one, i) => one.label(`c${i}`)));
    differ(
      of(many),
      of([...many.slice(0, 39), many[3] as ExpressionNode]),
      of([...many.slice(0, 39), many[4] as ExpressionNode]),
    );
  });

  test("[CMP1] the text of an inlined literal, whatever its type", () => {
    const inlined = (value: unknown): Node => {
      const bound = literal(value) as unknown as ExpressionNode & { inlined(): ExpressionNode };
      return select(bound.inlined().label("x"));
    };
    differ(inlined(1), inlined(2), inlined("1"), inlined(1n), inlined(true));
    differ(inlined(new Date(0)), inlined(new Date(1)), inlined(new Uint8Array([1, 2])), inlined(new Uint8Array([12])));
    differ(inlined({ a: 1 }), inlined({ a: 2 }), inlined({ a: { b: 1 } }), inlined({ a: [1n] }), inlined({ a: [2n] }));
    expect(statementKey(inlined({ a: [1n] }))).toBe(statementKey(inlined({ a: [1n] })));
    expect(statementKey(inlined(new Date(5)))).toBe(statementKey(inlined(new Date(5))));
  });

  test("[CMP1] an inlined object of a class with hidden content is never taken for another one", () => {
    class Email {
      readonly #text: string;
      constructor(text: string) {
        this.#text = text;
      }
      get domain(): string {
        return this.#text.slice(this.#text.indexOf("@") + 1);
      }
    }
    const inlined = (value: Email): Node =>
      (literal(value) as unknown as ExpressionNode & { inlined(): Node }).inlined();
    const one = new Email("x@a.org");
    differ(inlined(one), inlined(new Email("x@b.org")));
    expect(one.domain).toBe("a.org");
    expect(statementKey(inlined(one))).toBe(statementKey(inlined(one)));
  });

  test("[CMP1] the result types of text, the type of a parameter, the name of a label", () => {
    const text = sql`SELECT x FROM y`;
    differ(text, text.columns({ x: integer() }), text.columns({ x: string() }), text.columns({ y: integer() }));
    differ(select(a.c.n.cast(string(10))), select(a.c.n.cast(string(11))), select(a.c.n.cast(bigInteger())));
    differ(select(a.c.n.label("x")), select(a.c.n.label("y")), select(a.c.n));
    differ(select(literal(5, integer())), select(literal(5n, bigInteger())));
  });

  test("[CMP1] the keys and the plurality of an INSERT's rows, not their values nor their number", () => {
    const row = { n: 1, m: 2, s: "x", t: "y" };
    const key = (...rows: (typeof row)[]): unknown => statementKey(insert(a).values(...rows));
    expect(key(row)).toBe(key({ ...row, n: 7 }));
    expect(key(row, row)).toBe(key(row, row, row));
    expect(key(row)).not.toBe(key(row, row));
    differ(insert(a).values(row), insert(a).values({ ...row, id: 1 }), insert(b).values({ aId: 1, n: 1, s: "x" }));
    differ(update(a).set({ n: 1 }), update(a).set({ m: 1 }), update(a).set({ n: a.c.m }), delete_(a), delete_(b));
  });

  test("[CMP1] tables are told apart by identity, not by name", () => {
    const twin = new Table("a", new MetaData(), { id: integer().primaryKey() });
    differ(select(a.c.id), select(twin.c.id));
    expect(statementKey(select(a.alias("x").c.id))).toBe(statementKey(select(a.alias("x").c.id)));
  });
});
