import { describe, expect, test } from "vitest";
import { DATABASE_DEFAULT } from "../dialect.js";
import {
  check,
  enumeration,
  factsOf,
  foreignKey,
  func,
  index,
  integer,
  MetaData,
  NoSuchColumnError,
  NoSuchTableError,
  primaryKey,
  string,
  Table,
  UniqueConstraint,
  unique,
  uuid,
} from "../index.js";

describe("MetaData", () => {
  test("[SCH1] holds tables by name, gives and forgets them", () => {
    const metadata = new MetaData();
    const a = new Table("a", metadata, { id: integer() });
    const b = new Table("b", metadata, { id: integer() }, { schema: "app" });
    expect([...metadata.tables.keys()]).toEqual(["a", "app.b"]);
    expect(metadata.table("app.b")).toBe(b);
    metadata.remove(a as never);
    expect([...metadata.tables.keys()]).toEqual(["app.b"]);
    metadata.clear();
    expect(metadata.tables.size).toBe(0);
  });

  test("[SCH1] an unknown table is an error that says what there is", () => {
    const metadata = new MetaData();
    expect(() => metadata.table("x")).toThrow("It is empty.");
    new Table("users", metadata, { id: integer() });
    expect(() => metadata.table("user")).toThrow(NoSuchTableError);
    expect(() => metadata.table("user")).toThrow("It has: users.");
  });

  test("a second table of one name is refused", () => {
    const metadata = new MetaData();
    new Table("a", metadata, { id: integer() });
    expect(() => new Table("a", metadata, { id: integer() })).toThrow(
      expect.objectContaining({ code: "DUPLICATE_TABLE" }),
    );
    expect(new Table("a", metadata, { id: integer() }, { schema: "other" }).fullName).toBe("other.a");
  });

  test("[SCH2] its schema is the schema of tables that name none, and found by the bare name", () => {
    const metadata = new MetaData({ schema: "app" });
    const t = new Table("t", metadata, { id: integer() });
    expect(t.fullName).toBe("app.t");
    expect(metadata.table("t")).toBe(t);
    expect(new Table("u", metadata, { id: integer() }, { schema: "other" }).schema).toBe("other");
  });

  test("[SCH3] gives its tables each after those that it refers to", () => {
    const metadata = new MetaData();
    const c = new Table("c", metadata, { b: integer().references("b.id") });
    const b = new Table("b", metadata, { id: integer().primaryKey(), a: integer().references("a.id") });
    const a = new Table("a", metadata, { id: integer().primaryKey() });
    expect(metadata.sortedTables).toEqual([a, b, c]);
  });
});

describe("Table", () => {
  const metadata = new MetaData();
  const people = new Table(
    "people",
    metadata,
    {
      id: integer().primaryKey(),
      mail: string(100).named("e_mail").unique("one_mail"),
      boss: integer()
        .nullable()
        .references(() => people.c.id, { onDelete: "set null" })
        .index(),
      age: integer().default(1),
    },
    {
      comment: "who",
      constraints: (c) => [check(c.age.ge(0)), index([c.age, c.mail], { name: "by_age", unique: true })],
    },
  );

  test("[SCH10][SCH19] knows its columns, keys, constraints and indexes", () => {
    expect(people.columns.map((column) => column.name)).toEqual(["id", "e_mail", "boss", "age"]);
    expect(people.primaryKey.columns).toEqual([people.c.id]);
    expect(people.constraints.map((constraint) => constraint.conventionKey)).toEqual(["pk", "uq", "fk", "ck"]);
    expect(people.foreignKeys[0]?.targets).toEqual([people.c.id]);
    expect(people.foreignKeys[0]?.targetTable).toBe(people);
    expect(people.indexes.map((each) => [each.name, each.unique])).toEqual([
      [undefined, false],
      ["by_age", true],
    ]);
    expect(people.constraints.every((constraint) => (constraint.table as unknown) === people)).toBe(true);
    expect(people.autoincrementColumn).toBe(people.c.id);
    expect(people.comment).toBe("who");
  });

  test("[SCH26][SCH27][SCH28] a column has a key in the program and a name in the database", () => {
    expect([people.c.mail.key, people.c.mail.name]).toEqual(["mail", "e_mail"]);
    expect([people.c.id.primaryKey, people.c.id.nullable, people.c.boss.nullable]).toEqual([true, false, true]);
    expect(people.constraints[1]).toBeInstanceOf(UniqueConstraint);
    expect(people.constraints[1]?.name).toBe("one_mail");
  });

  test("[SCH29] a key of one integer column is generated, unless it is given otherwise", () => {
    const generated = (defs: ConstructorParameters<typeof Table>[2]): string | undefined =>
      new Table("t", new MetaData(), defs).autoincrementColumn?.name;
    expect(generated({ a: integer().primaryKey() })).toBe("a");
    expect(generated({ a: integer().primaryKey({ autoincrement: false }) })).toBeUndefined();
    expect(generated({ a: integer().primaryKey().default(5) })).toBeUndefined();
    expect(generated({ a: integer().primaryKey().serverDefault(5) })).toBeUndefined();
    expect(generated({ a: uuid().primaryKey() })).toBeUndefined();
    expect(generated({ a: integer().primaryKey(), b: integer().primaryKey() })).toBeUndefined();
    expect(generated({ a: integer().primaryKey().references("other.id") })).toBeUndefined();
    expect(generated({ a: integer().primaryKey({ autoincrement: true }).references("other.id") })).toBe("a");
  });

  test("[SCH45] a foreign key over several columns knows them and its targets in order", () => {
    const store = new MetaData();
    const orders = new Table("orders", store, { shop: integer().primaryKey(), no: integer().primaryKey() });
    const lines = new Table(
      "lines",
      store,
      { shop: integer(), no: integer() },
      { constraints: (c) => [foreignKey([c.no, c.shop], () => [orders.c.no, orders.c.shop])] },
    );
    expect(lines.foreignKeys[0]?.columns).toEqual([lines.c.no, lines.c.shop]);
    expect(lines.foreignKeys[0]?.targets).toEqual([orders.c.no, orders.c.shop]);
  });

  test("[SCH44] a foreign key finds its target by table and column name, key or schema", () => {
    const store = new MetaData();
    new Table("a", store, { id: integer().primaryKey(), other: integer().named("the_other") }, { schema: "app" });
    const of = (path: string): string =>
      new Table(`t_${path}`, store, { x: integer().references(path) }).foreignKeys[0]?.targets[0]?.name ?? "";
    expect(of("app.a.id")).toBe("id");
    expect(of("app.a.the_other")).toBe("the_other");
    expect(of("app.a.other")).toBe("the_other");
    expect(() => of("app.a.nope")).toThrow(NoSuchColumnError);
    expect(() => of("nowhere.id")).toThrow(NoSuchTableError);
  });

  test("a foreign key that matches not its target is refused when it is used", () => {
    const store = new MetaData();
    const a = new Table("a", store, { x: integer().primaryKey() });
    const b = new Table("b", store, { y: integer().primaryKey() });
    const short = new Table(
      "c",
      store,
      { x: integer(), y: integer() },
      { constraints: (c) => [foreignKey([c.x, c.y], () => [a.c.x])] },
    );
    const mixed = new Table(
      "d",
      store,
      { x: integer(), y: integer() },
      { constraints: (c) => [foreignKey([c.x, c.y], () => [a.c.x, b.c.y])] },
    );
    expect(() => short.foreignKeys[0]?.targets).toThrow(expect.objectContaining({ code: "BAD_FOREIGN_KEY" }));
    expect(() => mixed.foreignKeys[0]?.targets).toThrow(expect.objectContaining({ code: "BAD_FOREIGN_KEY" }));
  });

  test("[SCH46] the primary key can be named and have another order than the columns", () => {
    const t = new Table(
      "t",
      new MetaData(),
      { a: integer().primaryKey(), b: integer().primaryKey() },
      { constraints: (c) => [primaryKey([c.b, c.a], { name: "t_pk" })] },
    );
    expect(t.primaryKey.name).toBe("t_pk");
    expect(t.primaryKey.columns).toEqual([t.c.b, t.c.a]);
    expect(t.constraints).toEqual([t.primaryKey]);
  });

  test("[SCH46] a primary key of other columns than those marked is refused", () => {
    const make = () =>
      new Table(
        "t",
        new MetaData(),
        { a: integer().primaryKey(), b: integer() },
        { constraints: (c) => [primaryKey([c.a, c.b])] },
      );
    expect(make).toThrow(expect.objectContaining({ code: "BAD_PRIMARY_KEY" }));
  });

  test("a constraint of another table's columns is refused", () => {
    const make = () => new Table("t", new MetaData(), { a: integer() }, { constraints: () => [unique(people.c.age)] });
    expect(make).toThrow(expect.objectContaining({ code: "FOREIGN_TABLE_ITEM" }));
    expect(make).toThrow('"t" speaks of columns of "people"');
  });

  test("[SCH34] a server default is an expression, a literal, or merely known to be there", () => {
    const t = new Table("t", new MetaData(), {
      a: integer().serverDefault(func.abs(people.c.age)),
      b: integer().serverDefault(0),
      c: integer().serverDefault(),
    });
    expect(factsOf(t.c.b).options.serverDefault).toBe(0);
    expect(factsOf(t.c.c).options.serverDefault).toBe(DATABASE_DEFAULT);
  });

  test("two columns of one database name are refused", () => {
    const make = () => new Table("t", new MetaData(), { a: integer(), b: integer().named("a") });
    expect(make).toThrow('Table "t" has two columns named "a": "a" and "b".');
  });

  test("[SCH54] a check that stands in for a type belongs to its column's table", () => {
    const t = new Table("t", new MetaData(), { kind: enumeration(["a", "b"], { name: "kinds" }) });
    expect(t.constraints).toEqual([]);
    expect(factsOf(t.c.kind).type.name).toBe("enumeration");
  });

  test("a column is found by its key, and a wrong key is an error that says what there is", () => {
    expect(people.column("mail")).toBe(people.c.mail);
    expect(() => people.column("nope")).toThrow("It has: id, mail, boss, age.");
  });
});
