import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import { createStatements, dropStatements, func, index, integer, MetaData, string, Table } from "../index.js";
import { RecordingHost, reflectedTable } from "../schema/test-support.js";

function shop() {
  const metadata = new MetaData();
  const orders = new Table("orders", metadata, {
    id: integer().primaryKey(),
    customer: integer().references("customers.id").index(),
  });
  const customers = new Table(
    "customers",
    metadata,
    { id: integer().primaryKey(), name: string(50).comment("full name") },
    { comment: "people" },
  );
  return { metadata, orders, customers };
}

/** Two tables that refer to each other, and one that refers to itself. */
function circle() {
  const metadata = new MetaData();
  const a = new Table("a", metadata, { id: integer().primaryKey(), b: integer().references("b.id") });
  const b = new Table("b", metadata, {
    id: integer().primaryKey(),
    a: integer().references("a.id", { name: "b_to_a" }),
  });
  const self = new Table("self", metadata, {
    id: integer().primaryKey(),
    up: integer().nullable().references("self.id"),
  });
  return { metadata, a, b, self };
}

/** The first words of each statement, up to the parenthesis. */
function heads(executed: readonly string[]): readonly string[] {
  return executed.map((sql) => sql.split(" (")[0] as string);
}

describe("createAll", () => {
  test("[SCH5][DDL15] creates tables in the order of their keys, each with its indexes and comments", async () => {
    const host = new RecordingHost([]);
    await shop().metadata.createAll(host);
    expect(heads(host.executed)).toEqual([
      "CREATE TABLE customers",
      "COMMENT ON TABLE customers IS 'people'",
      "COMMENT ON COLUMN customers.name IS 'full name'",
      "CREATE TABLE orders",
      "CREATE INDEX ix_orders_customer ON orders",
    ]);
  });

  test("[SCH5] creates only what is missing, unless told not to look", async () => {
    const { metadata } = shop();
    const host = new RecordingHost([reflectedTable("customers")]);
    await metadata.createAll(host);
    expect(heads(host.executed)).toEqual(["CREATE TABLE orders", "CREATE INDEX ix_orders_customer ON orders"]);
    const blind = new RecordingHost([reflectedTable("customers")]);
    await metadata.createAll(blind, { checkFirst: false });
    expect(heads(blind.executed)[0]).toBe("CREATE TABLE customers");
  });

  test("[SCH5] creates only the tables that are asked for", async () => {
    const { metadata, customers } = shop();
    const host = new RecordingHost([]);
    await metadata.createAll(host, { tables: [customers as never] });
    expect(heads(host.executed)[0]).toBe("CREATE TABLE customers");
    expect(host.executed.some((sql) => sql.includes("orders"))).toBe(false);
  });

  test("looks into each schema that tables have", async () => {
    const metadata = new MetaData();
    new Table("t", metadata, { id: integer() }, { schema: "one" });
    new Table("t", metadata, { id: integer() }, { schema: "two" });
    const host = new RecordingHost([reflectedTable("t", { schema: "two" })]);
    await metadata.createAll(host);
    expect(heads(host.executed)).toEqual(["CREATE TABLE one.t"]);
  });

  test("[DDL16] adds the keys of a circle when all its tables are there", async () => {
    const host = new RecordingHost([]);
    await circle().metadata.createAll(host);
    expect(host.executed.map((sql) => sql.split("\n")[0])).toEqual([
      "CREATE TABLE a (",
      "CREATE TABLE b (",
      "CREATE TABLE self (",
      "ALTER TABLE a ADD CONSTRAINT fk_a_b FOREIGN KEY (b) REFERENCES b (id)",
    ]);
    expect(host.executed[0]).not.toContain("FOREIGN KEY");
    expect(host.executed[1]).toContain("CONSTRAINT b_to_a FOREIGN KEY (a) REFERENCES a (id)");
    expect(host.executed[2]).toContain("FOREIGN KEY (up) REFERENCES self (id)");
  });

  test("[LT24] leaves circles inline on a database that cannot add constraints", () => {
    class NoAlter extends Dialect {
      override readonly flags = { ...new Dialect().flags, alterConstraints: false };
    }
    const texts = createStatements([...circle().metadata.tables.values()], new NoAlter()).map(
      (statement) => new NoAlter().compile(statement).sql,
    );
    expect(texts.filter((sql) => sql.startsWith("ALTER"))).toEqual([]);
    expect(texts.filter((sql) => sql.includes("FOREIGN KEY"))).toHaveLength(3);
  });

  test("a dialect without a reflector says what to do", async () => {
    const host = new RecordingHost(undefined);
    await expect(shop().metadata.createAll(host)).rejects.toMatchObject({
      code: "NO_REFLECTOR",
      message: expect.stringContaining("{ checkFirst: false }"),
    });
    await shop().metadata.createAll(host, { checkFirst: false });
    expect(host.executed).toHaveLength(5);
  });
});

describe("dropAll", () => {
  test("[SCH5][DDL15] drops tables against the order of their keys, and only what is there", async () => {
    const { metadata } = shop();
    const host = new RecordingHost([reflectedTable("customers"), reflectedTable("orders")]);
    await metadata.dropAll(host);
    expect(host.executed).toEqual(["DROP TABLE orders", "DROP TABLE customers"]);
    const half = new RecordingHost([reflectedTable("customers")]);
    await metadata.dropAll(half);
    expect(half.executed).toEqual(["DROP TABLE customers"]);
  });

  test("[DDL17] drops the keys of a circle first, under the names that the database gave them", async () => {
    const key = {
      columns: ["b"],
      targetSchema: undefined,
      targetTable: "b",
      targetColumns: ["id"],
      onDelete: undefined,
      onUpdate: undefined,
    };
    const host = new RecordingHost([
      reflectedTable("a", { foreignKeys: [{ ...key, name: "a_b_fkey" }] }),
      reflectedTable("b"),
      reflectedTable("self"),
    ]);
    await circle().metadata.dropAll(host);
    expect(host.executed).toEqual([
      "ALTER TABLE a DROP CONSTRAINT a_b_fkey",
      "DROP TABLE self",
      "DROP TABLE b",
      "DROP TABLE a",
    ]);
  });

  test("[DDL17] drops no key of a circle that the database does not have", async () => {
    const host = new RecordingHost([reflectedTable("a"), reflectedTable("b")]);
    await circle().metadata.dropAll(host);
    expect(host.executed).toEqual(["DROP TABLE b", "DROP TABLE a"]);
  });

  test("[DDL17] the key of a circle that was created is dropped by the same name without looking", async () => {
    const created = new RecordingHost(undefined);
    await circle().metadata.createAll(created, { checkFirst: false });
    const dropped = new RecordingHost(undefined);
    await circle().metadata.dropAll(dropped, { checkFirst: false });
    expect(created.executed.at(-1)).toContain("ALTER TABLE a ADD CONSTRAINT fk_a_b ");
    expect(dropped.executed[0]).toBe("ALTER TABLE a DROP CONSTRAINT fk_a_b");
  });
});

describe("one table", () => {
  test("[SCH20] is created and dropped by itself, if it is missing or there", async () => {
    const { customers } = shop();
    const host = new RecordingHost([]);
    await customers.create(host);
    await customers.drop(host);
    await customers.drop(host, { checkFirst: false });
    expect(heads(host.executed)).toEqual([
      "CREATE TABLE customers",
      "COMMENT ON TABLE customers IS 'people'",
      "COMMENT ON COLUMN customers.name IS 'full name'",
      "DROP TABLE customers",
    ]);
  });
});

describe("scripts", () => {
  test("[DDL20] the statements of a schema are had without a database", () => {
    const { metadata } = shop();
    const dialect = new Dialect();
    const tables = [...metadata.tables.values()];
    const script = createStatements(tables, dialect).map((statement) => dialect.compile(statement).sql);
    expect(heads(script)[0]).toBe("CREATE TABLE customers");
    expect(dropStatements(tables, dialect).map(String)).toEqual(["DROP TABLE orders", "DROP TABLE customers"]);
  });

  test("an index over an expression alone needs a name of its own only where two would be the same", () => {
    const t = new Table(
      "t",
      new MetaData(),
      { name: string(9) },
      { constraints: (c) => [index(func.lower(c.name)), index(func.upper(c.name), { name: "up" })] },
    );
    expect(heads(createStatements([t as never], new Dialect()).map(String)).slice(1)).toEqual([
      "CREATE INDEX ix_t_name ON t",
      "CREATE INDEX up ON t",
    ]);
  });
});
