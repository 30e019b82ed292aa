import { describe, expect, test } from "vitest";
import * as authors from "../dialect.js";
import {
  all_,
  and,
  any_,
  case_,
  copyTree,
  cube,
  declareNode,
  delete_,
  equals,
  extract,
  foreignKey,
  func,
  groupingSets,
  insert,
  integer,
  iterate,
  jsonPath,
  jsonSet,
  keyset,
  literal,
  MetaData,
  merge,
  Node,
  newRow,
  numeric,
  oldRow,
  param,
  rollup,
  sameShape,
  select,
  sql,
  string,
  Table,
  tableSample,
  toFrom,
  tuple,
  update,
  values,
  window,
} from "../index.js";
import { posts, users } from "../sql/test-schema.js";

const { id, name, age, active } = users.c;
const boss = users.alias("boss");
const counted = select(posts.c.authorId, func.count().label("n")).groupBy(posts.c.authorId).subquery("counted");
const root = select(id, age.label("years")).where(age.gt(1)).cte("tree", { recursive: true });
const tree = root.unionAll(select(id, age.add(1)).join(root, id.eq(root.c.id)));
const inner = select(posts.c.title).where(posts.c.authorId.eq(id), posts.c.title.eq("x"));
const searched = tree.search("depth", ["id"], "position").cycle(["id"], "closed").prefixWith(sql`/* x */`);
class Trailer extends authors.SyntaxExtension {
  readonly word: string;
  constructor(word: string) {
    super();
    this.word = word;
  }
  get point() {
    return "end" as const;
  }
  static {
    declareNode(Trailer, "trailer", { word: "atom" });
  }
}
const child = new Table(
  "child",
  new MetaData({ namingConvention: { fk: "fk_%(table)s_%(columns)s" } }),
  { id: integer().primaryKey(), parent: integer() },
  { constraints: (c) => [foreignKey([c.parent], () => [id])] },
);

/** Every node class with nodes that have all its fields filled, made as users make them where users can. */
const SAMPLES: Readonly<Record<string, readonly Node[]>> = {
  Alias: [boss],
  Annotation: [new authors.Annotation("tableHint", sql`NOLOCK`, ["mssql"], toFrom(users))],
  ArrayOperator: [new authors.ArrayOperator(id as never, "@>", age as never, integer())],
  Between: [age.between(1, 2), age.notBetween(1, 2)] as unknown as Node[],
  BeyondPosition: keyset(select(id, name), name.desc(), id).after({ id: 1, name: "a" }, 5)
    .criteria as unknown as Node[],
  Binary: [age.add(1), name.concat("x"), age.eq(1)] as unknown as Node[],
  BindParameter: [
    literal(5),
    param("who", string()),
    param("ids", integer(), { expanding: true }),
    new authors.BindParameter([1, 2], integer(), "id", true).inlined(),
  ] as Node[],
  Case: [
    case_([[age.lt(1), "a"]], "b"),
    new authors.Case(age, [literal(1)], [literal("x")], literal("y"), string()),
  ] as unknown as Node[],
  Cast: [name.cast(numeric(10, 2))] as unknown as Node[],
  Column: [id, boss.c.name, counted.c.n, tree.c.years],
  CompositeField: [func("f", id).field("part", integer())],
  CompoundSelect: [select(id).union(select(posts.c.id)).orderBy(id.desc()).limit(3).offset(1).suffixWith(sql`-- x`)],
  Connective: [and(age.gt(1), active), age.gt(1).or(active)] as unknown as Node[],
  Constant: [authors.NULL],
  Collate: [name.collate("C", { schema: "app" })] as unknown as Node[],
  Cte: [root, tree, searched],
  CteCycle: [searched.clauses[1] as Node],
  CteSearch: [searched.clauses[0] as Node],
  CustomOperator: [age.op("<->", 5, { precedence: "sign" }), name.boolOp("SOUNDS LIKE", "x")] as unknown as Node[],
  Delete: [delete_(users).where(id.eq(1)).returning(id)],
  Extract: [extract("year", users.c.createdAt)] as unknown as Node[],
  FunctionCall: [
    func.count(id).distinct().filter(age.gt(1)),
    func.mode().withinGroup(age),
    func.arrayAgg(id).orderBy(age.desc()),
  ],
  Grouping: [age.grouped()] as unknown as Node[],
  GroupingElement: [rollup([id, name], age), cube(id), groupingSets([id], [])],
  Identifier: [sql.identifier("app", "my table")],
  Insert: [
    insert(posts).values({ authorId: 1, title: "a" }, { authorId: 2, title: "b" }).returning(posts.c.id),
    insert(posts).values({ authorId: id.add(1), title: "a" }),
    insert(posts).fromSelect(["authorId", "title"], select(id, name), { defaults: false }),
    insert(posts)
      .values({ id: 1, authorId: 1, title: "a" })
      .upsert({ key: ["id"], update: (incoming) => ({ title: incoming.title }) }),
  ],
  ItemGroup: [new authors.ItemGroup("users", [id, name], { some: "owner" })],
  JsonArrayAgg: [new authors.JsonArrayAgg(id as never, [age.desc()], integer())],
  JsonNullTest: [new authors.JsonNullTest(id as never, ["a", 1])],
  JsonObject: [new authors.JsonObject(["a"], [id as never], integer())],
  JsonSet: [jsonSet(jsonPath(age, "a", 0).asString(), "x") as unknown as Node],
  JsonPath: [jsonPath(id, "a", 0)] as unknown as Node[],
  Join: [new authors.Join(users, posts, posts.c.authorId.eq(id), "left")],
  JoinClause: [new authors.JoinClause(posts, posts.c.authorId.eq(id), "full", toFrom(users))],
  Label: [age.add(1).label("next")] as unknown as Node[],
  Like: [name.notIlike("a%", { escape: "!" })] as unknown as Node[],
  MadeValue: [new authors.MadeValue(users.c.age as never, () => 1)],
  Merge: [
    merge(users)
      .using(posts, posts.c.authorId.eq(id))
      .whenMatched(age.gt(1))
      .thenUpdate({ name: posts.c.title })
      .whenMatched()
      .thenDelete()
      .returning(id, oldRow(users).c.age),
  ],
  MergeWhen: [new authors.MergeWhen("notMatched", [age.gt(1)] as never, "insert", ["name"], [name] as never)],
  OnConflict: [
    insert(users).onConflictDoUpdate({ target: ["id"], targetWhere: active, set: { age: 1 }, where: age.lt(9) }),
    insert(users).onConflictDoNothing({ constraint: "users_pk" }),
  ].map((stmt) => stmt.conflicts[0] as Node),
  OnDuplicateKey: [insert(users).onDuplicateKeyUpdate({ age: age.add(1) }).conflicts[0] as Node],
  RowVersion: [oldRow(users), newRow(users)],
  Match: [name.match("x")] as unknown as Node[],
  Membership: [id.in([1, 2]), id.notIn(select(posts.c.authorId))] as unknown as Node[],
  Modifiers: [
    select(id)
      .distinctOn(name)
      .orderBy(name)
      .fetch(5, { withTies: true })
      .forUpdate({ of: users, nowait: true })
      .correlateExcept(users)
      .withHint(users, sql`x`)
      .ext(new Trailer("end"))
      .addCte(root)
      .params({ a: 1 })
      .executionOptions({ timeout: 5 }).modifiers as Node,
  ],
  NextValue: [new authors.NextValue("s", "app", integer())],
  Order: [age.desc().nullsLast()],
  Window: [
    new authors.Window(
      "w",
      [name as never],
      [id.desc()],
      "rows",
      "preceding",
      age as never,
      "following",
      age as never,
      "ties",
    ),
    window("w", { partitionBy: [name, id], orderBy: id.desc(), groups: [-1, 2] }),
  ],
  Over: [func.sum(age).over({ partitionBy: name, orderBy: id, rows: ["unbounded", 0] })] as unknown as Node[],
  Quantified: [any_(inner), all_(inner)] as unknown as Node[],
  RegexpMatch: [name.regexpMatch("a", { ignoreCase: true, flags: "m" })] as unknown as Node[],
  RegexpReplace: [name.regexpReplace("a", "b", { ignoreCase: true, flags: "m" })] as unknown as Node[],
  ResultName: [new authors.ResultName("years")],
  RowLock: [new authors.RowLock("keyShare", [toFrom(users)], "skipLocked")],
  ScalarSubquery: [inner.scalar()],
  Select: [
    select(name, counted.c.n, boss.c.name.label("b"))
      .outerJoin(counted, counted.c.authorId.eq(id))
      .join(boss, boss.c.id.eq(id))
      .selectFrom(users)
      .where(age.gt(1), inner.exists())
      .groupBy(name)
      .having(func.count().gt(1))
      .orderBy(name.desc())
      .limit(1)
      .offset(2)
      .distinct()
      .forUpdate({ skipLocked: true }),
  ],
  Subscript: [
    new authors.Subscript(id as never, age as never, undefined, false, integer()),
    new authors.Subscript(id as never, undefined, age as never, true, integer()),
  ],
  Subquery: [counted, inner.lateral("titles")],
  TableFunction: [
    toFrom(
      func("f", id).tableValued("t", { a: integer() }, { ordinality: "n", withTypes: true, joinsImplicitly: false }),
    ),
  ],
  TableSample: [tableSample(users, "some", 10, { method: "bernoulli", seed: 5 })],
  TextFragment: [sql`SELECT ${id} FROM ${users} WHERE ${name} = ${"x"}`.columns({ id: integer() }).as(integer())],
  Tuple: [tuple(id, name), tuple(id, name).in([[1, "a"]])] as unknown as Node[],
  TypeCoerce: [age.typeCoerce(integer())] as unknown as Node[],
  Unary: [active.not(), age.neg(), inner.exists()] as unknown as Node[],
  Written: [new authors.Written("1", integer())],
  Update: [
    update(users)
      .set({ name: "x", age: age.add(1) })
      .where(id.eq(1))
      .returning(id, age),
    update(users)
      .setOrdered(["age", age.add(1)])
      .from(posts)
      .where(posts.c.authorId.eq(id)),
    update(users).setPart(age.op("@", 1) as never, 5 as never),
  ],
  Values: [values({ a: integer(), b: string() }, [{ a: 1, b: "x" }], "v"), values({ a: integer() }, []).literal()],
  Upsert: [
    insert(users).upsert({
      key: ["id"],
      update: ["name"],
      where: (incoming, existing) => existing.age.lt(incoming.age),
    }),
    insert(users).ignoreExisting({ key: ["id"] }),
  ].map((stmt) => stmt.conflicts[0] as Node),
  // What these are, they are by identity.
  AddConstraint: child.foreignKeys.map((key) => new authors.AddConstraint(key)),
  CreateIndex: [new authors.CreateIndex(new authors.Index([id], { name: "by_id" }))],
  CreateSchema: [new authors.CreateSchema("app")],
  CreateTable: [new authors.CreateTable(child)],
  DdlText: [new authors.DdlText("VACUUM")],
  DropConstraint: child.foreignKeys.map((key) => new authors.DropConstraint(key)),
  DropIndex: [new authors.DropIndex(new authors.Index([id], { name: "by_id" }))],
  DropSchema: [new authors.DropSchema("app")],
  DropTable: [new authors.DropTable(child)],
  SetColumnComment: [new authors.SetColumnComment(id)],
  SetTableComment: [new authors.SetTableComment(child)],
  Table: [toFrom(users)],
};

const ABSTRACT = [
  "SyntaxExtension",
  "Node",
  "Expression",
  "FromClause",
  "Query",
  "Dml",
  "ConflictClause",
  "DdlStatement",
];

/** What a node may remember without declaring it: it follows from the rest. */
const isMemo = (field: string): boolean => field.startsWith("memo");

const nodeClasses = Object.entries(authors as Readonly<Record<string, unknown>>)
  .filter(([, value]) => typeof value === "function" && value.prototype instanceof Node)
  .map(([className]) => className)
  .filter((className) => !ABSTRACT.includes(className));

const samples = Object.entries(SAMPLES).flatMap(([className, nodes]) =>
  nodes.map((node, i) => [`${className} ${i + 1}`, node] as const),
);
const copied = samples.filter(([, node]) => !node.isIdentity);
const read = (node: Node, field: string): unknown => (node as unknown as Readonly<Record<string, unknown>>)[field];

describe("node classes", () => {
  test("every exported class is tested here", () => {
    expect(nodeClasses.toSorted()).toEqual(Object.keys(SAMPLES).toSorted());
    for (const [className, nodes] of Object.entries(SAMPLES)) {
      expect(nodes.length, className).toBeGreaterThan(0);
      const nodeClass = (authors as unknown as Readonly<Record<string, unknown>>)[className];
      expect(
        nodes.some((node) => node.constructor === nodeClass || className === "Table"),
        className,
      ).toBe(true);
    }
  });

  test.each(copied)("[CMP12] %s declares every field that it holds", (_name, node) => {
    const declared = node.declaration.fields.map((field) => field.name);
    expect(Object.keys(node).filter((field) => !isMemo(field) && !declared.includes(field))).toEqual([]);
  });

  test.each(copied)("[CMP12] %s copies to an equal node: same shape, same fields, same SQL", (_name, node) => {
    const copy = copyTree(node);
    expect(copy.constructor).toBe(node.constructor);
    expect(copy.shape).toBe(node.shape);
    expect(sameShape(copy, node)).toBe(true);
    expect(equals(copy, node)).toBe(true);
    expect(String(copy)).toBe(String(node));
    for (const { name: field, kind } of node.declaration.fields) {
      if (kind === "atom" || kind === "type" || kind === "value" || kind === "data")
        expect(read(copy, field), field).toBe(read(node, field));
      else if (kind === "nodes" || kind === "atoms")
        expect(read(copy, field), field).toHaveLength((read(node, field) as unknown[]).length);
      else
        expect((read(copy, field) as Node | undefined)?.shape, field).toBe(
          (read(node, field) as Node | undefined)?.shape,
        );
    }
  });

  test.each(copied)("[CMP12] %s shares no node with its copy but tables and their columns", (_name, node) => {
    const copy = copyTree(node);
    const before = new Set<Node>(iterate(node));
    const shared = [...iterate(copy)].filter((part) => before.has(part));
    expect(
      shared.filter((part) => !part.isIdentity && !(part instanceof authors.Column && part.from.isIdentity)),
    ).toEqual([]);
  });

  test.each(samples.filter(([, node]) => node.isIdentity))("%s is what it is: copying keeps it", (_name, node) => {
    expect(copyTree(node)).toBe(node);
  });

  test.each(copied)(
    "[CMP1, CMP12] the shape of %s changes with every declared field that is part of the structure, and with no other",
    (_name, node) => {
      for (const { name: field, kind } of node.declaration.fields) {
        const changed = changedField(read(node, field), kind);
        if (changed === undefined) continue;
        const other = new (node.constructor as new (...fields: unknown[]) => Node)(
          ...constructorArguments(node, { [field]: changed }),
        );
        const same = kind === "data" || (kind === "value" && !(node instanceof authors.BindParameter && node.literal));
        expect(other.shape === node.shape, `${field} (${kind})`).toBe(same);
      }
    },
  );
});

/** The arguments that make the node again, with some fields changed: the fields in declared order, or one object of clauses. */
function constructorArguments(node: Node, changes: Readonly<Record<string, unknown>>): readonly unknown[] {
  if (node instanceof authors.Select) return [{ ...node, ...changes }];
  return node.declaration.fields.map((field) => (field.name in changes ? changes[field.name] : read(node, field.name)));
}

const OTHER_TYPE = numeric(7, 3);

/** Another value for a field; undefined where there is none that makes sense. */
function changedField(value: unknown, kind: string): unknown {
  switch (kind) {
    case "node":
      return value === undefined
        ? undefined
        : value instanceof authors.FromClause
          ? posts.alias("other")
          : value instanceof authors.Query
            ? select(posts.c.title)
            : posts.c.title;
    case "ref":
      return posts;
    case "nodes":
      return [...(value as Node[]), posts.c.title];
    case "types":
      return [...(value as unknown[]), OTHER_TYPE];
    case "atoms":
      return [...(value as unknown[]), "more"];
    case "atom":
      return typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : `${String(value)}x`;
    case "type":
      return OTHER_TYPE;
    case "value":
      // The number of rows is part of an INSERT's structure, their values are not.
      return Array.isArray(value) ? value.map(() => ({ authorId: 7, title: "z" })) : "another";
    default:
      return value === undefined ? undefined : { another: value };
  }
}
