import { describe, expect, test } from "vitest";
import { Dialect, nameOf, requiredNameOf, STANDARD_FLAGS } from "../dialect.js";
import {
  AddConstraint,
  CreateTable,
  check,
  enumeration,
  foreignKey,
  index,
  integer,
  MetaData,
  type NamingConvention,
  string,
  Table,
  unique,
} from "../index.js";

const dialect = new Dialect();

class ShortNames extends Dialect {
  override readonly flags = { ...STANDARD_FLAGS, maxIdentifierLength: 20 };
}

function shop(namingConvention: NamingConvention) {
  const metadata = new MetaData({ namingConvention });
  const customer = new Table("customer", metadata, {
    id: integer().primaryKey(),
    mail: string(50).named("e_mail").unique(),
  });
  const line = new Table(
    "line",
    metadata,
    {
      orderId: integer().named("order_id").primaryKey(),
      no: integer().primaryKey(),
      customerId: integer()
        .named("customer_id")
        .references(() => customer.c.id)
        .index(),
      kind: enumeration(["new", "used"]),
    },
    { constraints: (c) => [check(c.no.gt(0), { name: "positive" }), unique([c.orderId, c.customerId])] },
  );
  return { customer, line };
}

const FULL: NamingConvention = {
  pk: "pk_%(table)s",
  uq: "uq_%(table)s_%(columns)s",
  fk: "fk_%(table)s_%(column_0)s_%(target)s_%(target_column_0)s",
  ck: "ck_%(table)s_%(constraint)s",
  ix: "ix_%(keys)s",
};

describe("naming conventions", () => {
  test("[SCH7] a convention of the MetaData names what has no name of its own", () => {
    const { line, customer } = shop(FULL);
    expect(String(new CreateTable(line))).toBe(
      [
        "CREATE TABLE line (",
        "  order_id INTEGER NOT NULL,",
        "  no INTEGER NOT NULL,",
        "  customer_id INTEGER NOT NULL,",
        "  kind VARCHAR(4) NOT NULL,",
        "  CONSTRAINT pk_line PRIMARY KEY (order_id, no),",
        "  CONSTRAINT fk_line_customer_id_customer_id FOREIGN KEY (customer_id) REFERENCES customer (id),",
        "  CONSTRAINT ck_line_positive CHECK (no > 0),",
        "  CONSTRAINT uq_line_order_id_customer_id UNIQUE (order_id, customer_id),",
        "  CONSTRAINT ck_line_kind CHECK (kind IN ('new', 'used'))",
        ")",
      ].join("\n"),
    );
    expect(line.indexes.map((each) => nameOf(each, dialect))).toEqual(["ix_customerId"]);
    expect(nameOf(customer.constraints[1] as never, dialect)).toBe("uq_customer_e_mail");
  });

  test("[SCH7] without a convention indexes alone get a name, since databases need one", () => {
    const { line } = shop({});
    expect(String(new CreateTable(line))).toContain("\n  UNIQUE (order_id, customer_id)");
    expect(String(new CreateTable(line))).toContain("\n  CONSTRAINT positive CHECK (no > 0)");
    expect(line.indexes.map((each) => nameOf(each, dialect))).toEqual(["ix_line_customer_id"]);
  });

  test("[SCH7] a given name stands as it is where the convention does not build on it", () => {
    const metadata = new MetaData({ namingConvention: { uq: "uq_%(columns)s", ck: "ck_%(table)s" } });
    const t = new Table(
      "t",
      metadata,
      { a: integer(), b: integer() },
      { constraints: (c) => [unique(c.a, { name: "mine" }), unique(c.b)] },
    );
    expect(t.constraints.map((each) => nameOf(each, dialect))).toEqual(["mine", "uq_b"]);
  });

  test("[SCH8] the tokens: table, schema, columns, keys, one column, the target and its columns", () => {
    const template =
      "%(schema)s|%(table)s|%(columns)s|%(keys)s|%(column_1)s|%(target)s|%(target_columns)s|%(target_column_0)s";
    const metadata = new MetaData({ schema: "app", namingConvention: { fk: template } });
    const a = new Table("a", metadata, { x: integer().primaryKey(), y: integer().primaryKey() });
    const b = new Table(
      "b",
      metadata,
      { ax: integer().named("a_x"), ay: integer().named("a_y") },
      { constraints: (c) => [foreignKey([c.ax, c.ay], () => [a.c.x, a.c.y])] },
    );
    expect(nameOf(b.foreignKeys[0] as never, dialect)).toBe("app|b|a_x_a_y|ax_ay|a_y|a|x_y|x");
  });

  test("[SCH8] a function makes the name of what it is given", () => {
    const { line } = shop({ uq: (part) => `${part.table.name}${part.columns.length}` });
    expect(line.constraints.map((each) => nameOf(each, dialect))).toContain("line2");
  });

  test("a convention that builds on a name refuses what has none", () => {
    const metadata = new MetaData({ namingConvention: { ck: "ck_%(constraint)s" } });
    const t = new Table("t", metadata, { a: integer() }, { constraints: (c) => [check(c.a.gt(0))] });
    expect(() => nameOf(t.constraints[0] as never, dialect)).toThrow(
      expect.objectContaining({
        code: "NO_CONSTRAINT_NAME",
        message: expect.stringContaining('"t" has none. Name it.'),
      }),
    );
  });

  test("an unknown token and a token of another kind are refused", () => {
    const t = new Table("t", new MetaData({ namingConvention: { uq: "%(colums)s", pk: "%(target)s" } }), {
      a: integer().primaryKey(),
      b: integer().unique(),
    });
    expect(() => nameOf(t.constraints[1] as never, dialect)).toThrow('unknown placeholder "%(colums)s"');
    expect(() => nameOf(t.primaryKey, dialect)).toThrow('"%(target)s" is for foreign keys, not for "pk"');
  });

  test("[SCH9] a name that is too long for the dialect ends in a number made of the whole of it", () => {
    const metadata = new MetaData({ namingConvention: { uq: "uq_%(table)s_%(columns)s" } });
    const t = new Table("a_table_of_a_long_name", metadata, { one: integer().unique(), two: integer().unique() });
    const names = t.constraints.map((each) => nameOf(each, new ShortNames()) as string);
    expect(names[0]).toMatch(/^uq_a_table__[0-9a-f]{8}$/);
    expect(names.map((name) => name.length)).toEqual([20, 20]);
    expect(names[0]).not.toBe(names[1]);
    expect(names[0]).toBe(nameOf(t.constraints[0] as never, new ShortNames()));
  });

  test("[SCH9] what a database counts in bytes is cut by bytes, and no character is cut in two", () => {
    class Bytes extends ShortNames {
      override identifierLength(name: string): number {
        return new TextEncoder().encode(name).length;
      }
    }
    const t = new Table("日本語の表です", new MetaData({ namingConvention: { uq: "%(table)s_%(columns)s" } }), {
      x: integer().unique(),
    });
    expect(nameOf(t.constraints[0] as never, new Bytes())).toMatch(/^日本語_[0-9a-f]{8}$/);
  });

  test("a given name that is too long is an error, never cut", () => {
    const t = new Table("t", new MetaData(), { x: integer().unique("a_name_of_more_than_twenty_letters") });
    expect(() => new ShortNames().compile(new CreateTable(t))).toThrow(
      expect.objectContaining({ code: "IDENTIFIER_TOO_LONG" }),
    );
  });

  test("[DDL5] ALTER TABLE names a constraint that nobody named, except a check", () => {
    const { line } = shop({});
    const unnamed = line.constraints.map((each) => (each.conventionKey === "ck" ? "-" : requiredNameOf(each, dialect)));
    expect(unnamed).toEqual(["pk_line", "fk_line_customer_id", "-", "uq_line_order_id_customer_id"]);
    const t = new Table("t", new MetaData(), { a: integer() }, { constraints: (c) => [check(c.a.gt(0))] });
    expect(() => dialect.compile(new AddConstraint(t.constraints[0] as never))).toThrow(
      expect.objectContaining({ code: "NO_CONSTRAINT_NAME" }),
    );
  });

  test("an index outside of a table finds its table by its columns, and refuses columns of two", () => {
    const { line, customer } = shop({});
    expect(nameOf(index([line.c.no, line.c.orderId.desc()]), dialect)).toBe("ix_line_no_order_id");
    expect(() => nameOf(index([line.c.no, customer.c.id]), dialect)).toThrow(
      expect.objectContaining({ code: "FOREIGN_TABLE_ITEM" }),
    );
  });
});
