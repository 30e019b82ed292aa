// The ORM half of the project that the type budget measures: entities of 12 columns and 2 relationships in a ring, and queries
// of ten kinds. Every name carries the number of its entity, so that no two queries have a type in common.

/** The entities: each belongs to the next, which has a collection of those that belong to it. */
function entities(count) {
  const parts = [
    'import { bigInteger, boolean, dateTime, double, integer, json, numeric, string } from "@acme/core";',
    'import { Base, many, one } from "@acme/orm";',
  ];
  for (let i = 0; i < count; i++) {
    const next = (i + 1) % count;
    const before = (i + count - 1) % count;
    parts.push(`export class E${i} extends Base.define("E${i}", {
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
  nextId${i}: integer().references(() => E${next}.c.id),
  next${i}: () => one(E${next}, { backPopulates: "before${next}" }),
  before${i}: () => many(E${before}, { backPopulates: "next${before}" }),
}) {
  display() { return this.nick${i} ?? this.name${i}; }
}`);
  }
  return parts.join("\n");
}

/** The ten kinds: see queries.mjs. Entity `b` is the next of `a`, `c` the next of `b`. */
const KINDS = [
  ({ q, a }) => ({
    kind: "entities by condition",
    statement: `select(E${a}).where(E${a}.c.name${a}.eq("n${q}"), E${a}.c.age${a}.gt(3)).orderBy(E${a}.c.name${a})`,
    result: "session.scalars(statement).all()",
    readings: [`const name: string = r[0]!.name${a};`, "const shown: string = r[0]!.display();"],
    type: `E${a}[]`,
    wrong: `r[0]!.before${a}.length`,
  }),
  ({ a, b }) => ({
    kind: "columns over an outer join by relationship",
    statement: `select(E${a}.c.name${a}, E${b}.c.age${b}).outerJoin(E${a}.c.next${a}).limit(5)`,
    result: "session.execute(statement).all()",
    readings: [`const name: string = r[0]!.name${a};`, `const age: number | null = r[0]!.age${b};`],
    type: `{ name${a}: string; age${b}: number | null }[]`,
    wrong: `select(E${a}.c.nmae${a})`,
  }),
  ({ a, b }) => ({
    kind: "two entities and a count",
    statement: `select(E${a}, E${b}, func.count().label("n${a}")).join(E${a}.c.next${a}).groupBy(E${a}.c.id)`,
    result: "session.execute(statement).all()",
    readings: [`const name: string = r[0]!.E${a}.name${a};`, `const n: number = r[0]!.n${a};`],
    type: `{ E${a}: E${a}; E${b}: E${b}; n${a}: number }[]`,
    wrong: `r[0]!.E${b}.name${a}`,
  }),
  ({ a, b, c }) => ({
    kind: "eager loads of two levels",
    statement: `select(E${c}).options(selectinload(E${c}.c.before${c}).and(selectinload(E${b}.c.before${b})))`,
    result: "session.scalars(statement).all()",
    readings: [
      `const names: string[] = r[0]!.before${c}.map((each) => each.name${b});`,
      `const ages: number[] = r[0]!.before${c}[0]!.before${b}.map((each) => each.age${a});`,
    ],
    type: `(E${c} & { readonly before${c}: LoadedCollection<E${b}, E${b} & { readonly before${b}: LoadedCollection<E${a}, E${a} & unknown> }> })[]`,
    wrong: `r[0]!.before${c}[0]!.before${b}[0]!.next${a}.age${b}`,
  }),
  ({ q, a }) => ({
    kind: "an entity and its alias",
    part: `aliased(E${a}, "m${q}")`,
    statement: `select(E${a}, part).outerJoin(part, part.c.id.eq(E${a}.c.nextId${a})).where(E${a}.c.active${a})`,
    result: "session.execute(statement).all()",
    readings: [
      `const name: string = r[0]!.E${a}.name${a};`,
      `const other: string | undefined = r[0]!.m${q}?.name${a};`,
    ],
    type: `{ E${a}: E${a}; m${q}: E${a} | null }[]`,
    wrong: `r[0]!.m${q}.name${a}`,
  }),
  ({ a, b }) => ({
    kind: "new entities and flush",
    part: `new E${a}({ name${a}: "x", age${a}: 3, balance${a}: "1.50", next${a}: new E${b}({ name${b}: "y", age${b}: 4, balance${b}: 2, nextId${b}: 1 }) })`,
    result: "session.flush()",
    readings: ["session.add(part);", `const at: Date = part.createdAt${a};`, `part.before${a}.remove();`],
    type: "void",
    wrong: `new E${a}({ name${a}: "x" })`,
  }),
  ({ a, b }) => ({
    kind: "aggregates by group",
    statement: `select(E${b}.c.name${b}, func.sum(E${a}.c.balance${a}).label("total${a}")).join(E${a}.c.next${a}).groupBy(E${b}.c.name${b})`,
    result: "session.execute(statement).tuples()",
    readings: ["const [name, total] = r[0]!;", "const text: string = name;", "const sum: Decimal | null = total;"],
    type: "[string, Decimal | null][]",
    wrong: `func.sum(E${a}.c.balance${a}).gt("much")`,
  }),
  ({ q, a, b }) => ({
    kind: "get with a loaded relationship",
    result: `session.get(E${a}, ${q}, { options: joinedload(E${a}.c.next${a}) })`,
    readings: [`const name: string | undefined = r?.name${a};`, `const age: number | undefined = r?.next${a}.age${b};`],
    type: `(E${a} & { readonly next${a}: E${b} & unknown }) | null`,
    wrong: `r?.before${a}.length`,
  }),
  ({ a, b }) => ({
    kind: "conditions on relationships",
    statement: `select(E${b}).where(E${b}.c.before${b}.any(E${a}.c.age${a}.gt(3)), E${b}.c.id.in(select(E${a}.c.nextId${a})))`,
    result: "session.scalars(statement).first()",
    readings: [`const name: string | undefined = r?.name${b};`],
    type: `E${b} | undefined`,
    wrong: `select(E${b}).where(E${b}.c.before${b})`,
  }),
  ({ q, a }) => ({
    kind: "UPDATE of an entity's table",
    statement: `update(E${a}).set({ nick${a}: null, age${a}: E${a}.c.age${a}.add(1) }).where(E${a}.c.id.eq(${q})).returning(E${a}.c.id, E${a}.c.nick${a})`,
    result: "session.execute(statement).all()",
    readings: ["const id: number = r[0]!.id;", `const nick: string | null = r[0]!.nick${a};`],
    type: `{ id: number; nick${a}: string | null }[]`,
    wrong: `update(E${a}).set({ name${a}: null })`,
  }),
];

/** What the queries import and execute with. */
function prelude(size) {
  return `import { func, select, update } from "@acme/core";
import type { Decimal } from "@acme/core";
import { aliased, joinedload, selectinload } from "@acme/orm";
import type { LoadedCollection, Session } from "@acme/orm";
import { ${Array.from({ length: size }, (_, i) => `E${i}`).join(", ")} } from "./schema.js";
declare const session: Session;`;
}

/** What `measureHalf` of type-budget.mjs needs to know. */
export const entityHalf = { what: { one: "entity", many: "entities" }, schema: entities, prelude, kinds: KINDS };
