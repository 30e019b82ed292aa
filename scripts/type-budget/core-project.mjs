// The Core half of the project that the type budget measures: tables of 12 columns in a ring of foreign keys, and queries of
// ten kinds. Every column name carries the number of its table, so that no two queries have a type in common.

/** The tables: each refers to the next, the last to the first. */
export function tables(count) {
  const parts = [
    'import { bigInteger, boolean, dateTime, double, integer, json, MetaData, numeric, string, Table } from "@acme/core";',
    "const metadata = new MetaData();",
  ];
  for (let i = 0; i < count; i++) {
    parts.push(`export const t${i} = new Table("t${i}", metadata, {
  id: integer().primaryKey(),
  name${i}: string(50),
  nick${i}: string(50).nullable(),
  age${i}: integer(),
  score${i}: double().nullable(),
  active${i}: boolean().default(true),
  createdAt${i}: dateTime().serverDefault(),
  seen${i}: dateTime().nullable(),
  balance${i}: numeric(10, 2),
  visits${i}: bigInteger().default(0n),
  data${i}: json<{ theme: string }>().nullable(),
  next${i}: integer().references(() => t${(i + 1) % count}.c.id),
});`);
  }
  return parts.join("\n");
}

/**
 * The ten kinds. Each is what a user writes with two or three annotated readings of the result; `type` is what the result
 * must be exactly, `wrong` a line that must not compile. `q` numbers the query; `a`, `b`, `c` are tables.
 */
const KINDS = [
  ({ q, a, b, c }) => ({
    name: "point select",
    result: `all(select(t${a}.c.id, t${a}.c.name${a}, t${a}.c.age${a}).where(t${a}.c.id.eq(${q})))`,
    reads: [`const id: number = r[0]!.id;`, `const name: string = r[0]!.name${a};`],
    type: `{ id: number; name${a}: string; age${a}: number }[]`,
    wrong: `select(t${a}.c.nmae${a})`,
  }),
  ({ a, b, c }) => ({
    name: "join of three",
    result: `all(select(t${a}.c.name${a}, t${b}.c.nick${b}, t${c}.c.age${c}).join(t${b}, t${a}.c.next${a}.eq(t${b}.c.id)).outerJoin(t${c}, t${b}.c.next${b}.eq(t${c}.c.id)).where(t${a}.c.age${a}.gt(3)).orderBy(t${a}.c.name${a}.desc()).limit(10))`,
    reads: [`const name: string = r[0]!.name${a};`, `const age: number | null = r[0]!.age${c};`],
    type: `{ name${a}: string; nick${b}: string | null; age${c}: number | null }[]`,
    wrong: `select(t${a}.c.id).join(t${b}, t${a}.c.next${a}.eq(t${b}.c.name${b}))`,
  }),
  ({ a }) => ({
    name: "aggregate",
    result: `all(select(t${a}.c.age${a}, func.count().label("n${a}"), func.sum(t${a}.c.balance${a}).label("total${a}"), func.max(t${a}.c.name${a}).label("last${a}")).groupBy(t${a}.c.age${a}).having(func.count().gt(2)))`,
    reads: [`const n: number = r[0]!.n${a};`, `const last: string | null = r[0]!.last${a};`],
    type: `{ age${a}: number; n${a}: number; total${a}: Decimal | null; last${a}: string | null }[]`,
    wrong: `select(func.count()).having(func.count().gt("2"))`,
  }),
  ({ q, a, b }) => ({
    name: "CTE",
    before: `const c1 = select(t${a}.c.id, t${a}.c.name${a}, t${a}.c.age${a}.label("years")).where(t${a}.c.active${a}).cte("c${q}");`,
    result: `all(select(c1.c.name${a}, c1.c.years, t${b}.c.visits${b}).join(t${b}, t${b}.c.next${b}.eq(c1.c.id)))`,
    reads: [`const years: number = r[0]!.years;`, `const visits: bigint = r[0]!.visits${b};`],
    type: `{ name${a}: string; years: number; visits${b}: bigint }[]`,
    wrong: `select(c1.c.age${a})`,
  }),
  ({ q, a, b, c }) => ({
    name: "subquery and IN",
    before: `const s1 = select(t${b}.c.next${b}, func.count().label("n")).groupBy(t${b}.c.next${b}).subquery("s${q}");`,
    result: `all(select(t${a}.c.name${a}, s1.c.n).outerJoin(s1, s1.c.next${b}.eq(t${a}.c.id)).where(t${a}.c.id.in(select(t${c}.c.next${c}).where(t${c}.c.active${c}))))`,
    reads: [`const name: string = r[0]!.name${a};`, `const n: number | null = r[0]!.n;`],
    type: `{ name${a}: string; n: number | null }[]`,
    wrong: `t${a}.c.id.in(select(t${c}.c.name${c}))`,
  }),
  ({ a }) => ({
    name: "insert returning",
    result: `all(insert(t${a}).values({ name${a}: "x", age${a}: 3, balance${a}: "1.50", next${a}: 1 }).returning(t${a}.c.id, t${a}.c.createdAt${a}))`,
    reads: [`const id: number = r[0]!.id;`, `const at: Date = r[0]!.createdAt${a};`],
    type: `{ id: number; createdAt${a}: Date }[]`,
    wrong: `insert(t${a}).values({ name${a}: "x" })`,
  }),
  ({ q, a }) => ({
    name: "update returning",
    result: `all(update(t${a}).set({ nick${a}: null, age${a}: t${a}.c.age${a}.add(1) }).where(t${a}.c.id.eq(${q})).returning(t${a}.c.id, t${a}.c.nick${a}))`,
    reads: [`const id: number = r[0]!.id;`, `const nick: string | null = r[0]!.nick${a};`],
    type: `{ id: number; nick${a}: string | null }[]`,
    wrong: `update(t${a}).set({ name${a}: null })`,
  }),
  ({ a, b, c }) => ({
    name: "two outer joins, tuples",
    result: `tuples(select(t${a}.c.id, t${a}.c.name${a}, t${b}.c.name${b}, t${c}.c.name${c}).outerJoin(t${b}, t${b}.c.next${b}.eq(t${a}.c.id)).outerJoin(t${c}, t${c}.c.next${c}.eq(t${b}.c.id)))`,
    reads: ["const [id, , second] = r[0]!;", "const key: number = id;", "const name: string | null = second;"],
    type: `[number, string, string | null, string | null][]`,
    wrong: `select(t${a}.c.id).union(select(t${b}.c.name${b}))`,
  }),
  ({ a }) => ({
    name: "delete with AND and OR",
    result: `delete_(t${a}).where(and(t${a}.c.age${a}.lt(5), or(t${a}.c.nick${a}.isNull(), t${a}.c.name${a}.like("a%"))))`,
    reads: [],
    type: "Delete",
    wrong: `delete_(t${a}).where(t${a}.c.age${a}.like("a%"))`,
  }),
  ({ q, a }) => ({
    name: "self-join and CASE",
    before: `const m = t${a}.alias("m${q}");`,
    result: `all(select(t${a}.c.name${a}, m.c.name${a}.label("boss"), case_([[m.c.age${a}.gt(3), "old"]], "young").label("kind")).outerJoin(m, m.c.id.eq(t${a}.c.next${a})))`,
    reads: [`const boss: string | null = r[0]!.boss;`, `const kind: string = r[0]!.kind;`],
    type: `{ name${a}: string; boss: string | null; kind: string }[]`,
    wrong: `m.c.age${a}.gt("3")`,
  }),
];

/** The names of the kinds. */
export const CORE_KINDS = KINDS.map((kind) => kind({ q: 0, a: 0, b: 1, c: 2 }).name);

/** Queries of all kinds in turn over the first 25 tables. */
export function coreQueries(count) {
  return Array.from({ length: count }, (_, q) => {
    const kind = q % KINDS.length;
    const a = (Math.floor(q / KINDS.length) * 3 + kind) % 25;
    return KINDS[kind]({ q, a, b: (a + 1) % 25, c: (a + 2) % 25 });
  });
}

/** What the queries import and how they read results. */
export function corePrelude(tableCount) {
  return `import { and, case_, delete_, func, insert, or, select, update } from "@acme/core";
import type { Decimal, Delete, Executable } from "@acme/core";
import { ${Array.from({ length: tableCount }, (_, i) => `t${i}`).join(", ")} } from "./schema.js";
declare function all<R, P>(statement: Executable<R, P>): R[];
declare function tuples<R, P>(statement: Executable<R, P>): P[];`;
}
