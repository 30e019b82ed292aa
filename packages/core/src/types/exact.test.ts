import { describe, expect, expectTypeOf, test } from "vitest";
import { Dialect } from "../dialect.js";
import { type Decimal, exact, MetaData, select, Table, type Typed } from "../index.js";

const dialect = new Dialect();

describe("types by their SQL name", () => {
  test("[TYP16] are written as they are named", () => {
    const written: readonly (readonly [Parameters<Dialect["typeName"]>[0], string])[] = [
      [exact.char(2), "CHAR(2)"],
      [exact.varchar(50), "VARCHAR(50)"],
      [exact.varchar(), "VARCHAR"],
      [exact.nchar(3), "NCHAR(3)"],
      [exact.nvarchar(3), "NVARCHAR(3)"],
      [exact.text(), "TEXT"],
      [exact.clob(), "CLOB"],
      [exact.int(), "INT"],
      [exact.integer(), "INTEGER"],
      [exact.smallint(), "SMALLINT"],
      [exact.bigint(), "BIGINT"],
      [exact.numeric(10, 2), "NUMERIC(10, 2)"],
      [exact.decimal(10), "DECIMAL(10)"],
      [exact.float(24), "FLOAT(24)"],
      [exact.real(), "REAL"],
      [exact.double(), "DOUBLE"],
      [exact.doublePrecision(), "DOUBLE PRECISION"],
      [exact.boolean(), "BOOLEAN"],
      [exact.date(), "DATE"],
      [exact.time(3), "TIME(3)"],
      [exact.datetime(), "DATETIME"],
      [exact.timestamp(6, { timezone: true }), "TIMESTAMP(6) WITH TIME ZONE"],
      [exact.timestamp(), "TIMESTAMP"],
      [exact.blob(), "BLOB"],
      [exact.binary(16), "BINARY(16)"],
      [exact.varbinary(16), "VARBINARY(16)"],
      [exact.json(), "JSON"],
      [exact.uuid(), "UUID"],
      [exact.array(exact.varchar(5)), "VARCHAR(5)[]"],
    ];
    for (const [type, name] of written) {
      expect(dialect.typeName(type)).toBe(name);
      expect(dialect.typeName(type, "cast")).toBe(name);
    }
  });

  test("[TYP16] convert as the portable type does, and are one type by their name", () => {
    expect(dialect.conversions(exact.decimal(10, 2)).bind?.(1.5)).toBe("1.5");
    expect(() => dialect.conversions(exact.int()).bind?.("1")).toThrow("integer cannot take");
    expect(dialect.literal("it's", exact.char(5))).toBe("'it''s'");
    expect(exact.char(2).shape).toBe(exact.char(2).shape);
    const shapes = [exact.char(2), exact.varchar(2), exact.decimal(3), exact.decimal(3, 0, { as: "number" })];
    expect(new Set(shapes.map((type) => type.shape)).size).toBe(4);
  });

  test("[TYP16] have the row type of the portable type", () => {
    const t = new Table("t", new MetaData(), {
      a: exact.varchar(5),
      b: exact.bigint().nullable(),
      c: exact.decimal(5, 2),
      d: exact.timestamp(3, { timezone: true }),
      e: exact.numeric(5, 2, { as: "number" }),
    });
    const stmt = select(t.c.a, t.c.b, t.c.c, t.c.d, t.c.e);
    expect(String(stmt)).toBe("SELECT t.a, t.b, t.c, t.d, t.e FROM t");
    const value = <T>(of: Typed<T>): T => of as never;
    expectTypeOf(value(t.c.a)).toEqualTypeOf<string>();
    expectTypeOf(value(t.c.b)).toEqualTypeOf<bigint | null>();
    expectTypeOf(value(t.c.c)).toEqualTypeOf<Decimal>();
    expectTypeOf(value(t.c.d)).toEqualTypeOf<Date>();
    expectTypeOf(value(t.c.e)).toEqualTypeOf<number>();
  });
});
