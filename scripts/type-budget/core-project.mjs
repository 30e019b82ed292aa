// The Core half of the project that the type budget measures: tables of 12 columns in a ring of foreign keys, and queries of
// ten kinds. Every column name carries the number of its table, so that no two queries have a type in common.

/** The tables: each refers to the next, the last to the first. */
function tables(count) {
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

/** The ten kinds: see queries.mjs. */
const KINDS = [
  ({ q, a }) => ({
    kind: "point select",
    statement: `select(t${a}.c.id, t${a}.c.name${a}, t${a}.c.age${a}).where(t${a}.c.id.eq(${q}))`,
    readings: ["const id: number = r[0]!.id;", `const name: string = r[0]!.name${a};`],
    type: `{ id: number; name${a}: string; age${a}: number }[]`,
    wrong: `select(t${a}.c.nmae${a})`,
  }),
  ({ a, b, c }) => ({
    kind: "join of three tables",
    statement: `select(t${a}.c.name${a}, t${b}.c.nick${b}, t${c}.c.age${c})
    .join(t${b}, t${a}.c.next${a}.eq(t${b}.c.id))
    .outerJoin(t${c}, t${b}.c.next${b}.eq(t${c}.c.id))
    .where(t${a}.c.age${a}.gt(3)).orderBy(t${a}.c.name${a}.desc()).limit(10)`,
    readings: [`const name: string = r[0]!.name${a};`, `const age: number | null = r[0]!.age${c};`],
    type: `{ name${a}: string; nick${b}: string | null; age${c}: number | null }[]`,
    wrong: `select(t${a}.c.id).join(t${b}, t${a}.c.next${a}.eq(t${b}.c.name${b}))`,
  }),
  ({ a }) => ({
    kind: "aggregates by group",
    statement: `select(t${a}.c.age${a}, func.count().label("n${a}"), func.sum(t${a}.c.balance${a}).label("total${a}"), func.max(t${a}.c.name${a}).label("last${a}"))
    .groupBy(t${a}.c.age${a}).having(func.count().gt(2))`,
    readings: [`const n: number = r[0]!.n${a};`, `const last: string | null = r[0]!.last${a};`],
    type: `{ age${a}: number; n${a}: number; total${a}: Decimal | null; last${a}: string | null }[]`,
    wrong: 'func.count().gt("2")',
  }),
  ({ q, a, b }) => ({
    kind: "CTE",
    part: `select(t${a}.c.id, t${a}.c.name${a}, t${a}.c.age${a}.label("years")).where(t${a}.c.active${a}).cte("c${q}")`,
    statement: `select(part.c.name${a}, part.c.years, t${b}.c.visits${b}).join(t${b}, t${b}.c.next${b}.eq(part.c.id))`,
    readings: ["const years: number = r[0]!.years;", `const visits: bigint = r[0]!.visits${b};`],
    type: `{ name${a}: string; years: number; visits${b}: bigint }[]`,
    wrong: `select(part.c.age${a})`,
  }),
  ({ q, a, b, c }) => ({
    kind: "subquery and IN",
    part: `select(t${b}.c.next${b}, func.count().label("n")).groupBy(t${b}.c.next${b}).subquery("s${q}")`,
    statement: `select(t${a}.c.name${a}, part.c.n).outerJoin(part, part.c.next${b}.eq(t${a}.c.id))
    .where(t${a}.c.id.in(select(t${c}.c.next${c}).where(t${c}.c.active${c})))`,
    readings: [`const name: string = r[0]!.name${a};`, "const n: number | null = r[0]!.n;"],
    type: `{ name${a}: string; n: number | null }[]`,
    wrong: `t${a}.c.id.in(select(t${c}.c.name${c}))`,
  }),
  ({ a }) => ({
    kind: "INSERT with RETURNING",
    statement: `insert(t${a}).values({ name${a}: "x", age${a}: 3, balance${a}: "1.50", next${a}: 1 }).returning(t${a}.c.id, t${a}.c.createdAt${a})`,
    readings: ["const id: number = r[0]!.id;", `const at: Date = r[0]!.createdAt${a};`],
    type: `{ id: number; createdAt${a}: Date }[]`,
    wrong: `insert(t${a}).values({ name${a}: "x" })`,
  }),
  ({ q, a }) => ({
    kind: "UPDATE with RETURNING",
    statement: `update(t${a}).set({ nick${a}: null, age${a}: t${a}.c.age${a}.add(1) }).where(t${a}.c.id.eq(${q})).returning(t${a}.c.id, t${a}.c.nick${a})`,
    readings: ["const id: number = r[0]!.id;", `const nick: string | null = r[0]!.nick${a};`],
    type: `{ id: number; nick${a}: string | null }[]`,
    wrong: `update(t${a}).set({ name${a}: null })`,
  }),
  ({ a, b, c }) => ({
    kind: "two outer joins, as tuples",
    statement: `select(t${a}.c.id, t${a}.c.name${a}, t${b}.c.name${b}, t${c}.c.name${c})
    .outerJoin(t${b}, t${b}.c.next${b}.eq(t${a}.c.id))
    .outerJoin(t${c}, t${c}.c.next${c}.eq(t${b}.c.id))`,
    result: "conn.execute(statement).tuples()",
    readings: ["const [id, , second] = r[0]!;", "const key: number = id;", "const name: string | null = second;"],
    type: "[number, string, string | null, string | null][]",
    wrong: `select(t${a}.c.id).union(select(t${b}.c.name${b}))`,
  }),
  ({ a }) => ({
    kind: "DELETE with AND and OR",
    statement: `delete_(t${a}).where(and(t${a}.c.age${a}.lt(5), or(t${a}.c.nick${a}.isNull(), t${a}.c.name${a}.like("a%"))))`,
    readings: [],
    type: "never[]",
    wrong: `t${a}.c.age${a}.like("a%")`,
  }),
  ({ q, a }) => ({
    kind: "self-join and CASE",
    part: `t${a}.alias("m${q}")`,
    statement: `select(t${a}.c.name${a}, part.c.name${a}.label("boss"), case_([[part.c.age${a}.gt(3), "old"]], "young").label("kind"))
    .outerJoin(part, part.c.id.eq(t${a}.c.next${a}))`,
    readings: ["const boss: string | null = r[0]!.boss;", "const kind: string = r[0]!.kind;"],
    type: `{ name${a}: string; boss: string | null; kind: string }[]`,
    wrong: `part.c.age${a}.gt("3")`,
  }),
];

/** What the queries import and execute with. */
function prelude(size) {
  return `import { and, case_, delete_, func, insert, or, select, update } from "@acme/core";
import type { Connection, Decimal } from "@acme/core";
import { ${Array.from({ length: size }, (_, i) => `t${i}`).join(", ")} } from "./schema.js";
declare const conn: Connection;`;
}

/** What `measureHalf` of type-budget.mjs needs to know. */
export const coreHalf = { what: { one: "table", many: "tables" }, schema: tables, prelude, kinds: KINDS };
