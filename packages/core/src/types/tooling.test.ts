import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import {
  bigInteger,
  boolean,
  type Conversion,
  date,
  dateTime,
  decorate,
  double,
  enumeration,
  float,
  integer,
  interval,
  json,
  jsonNull,
  largeBinary,
  literal,
  numeric,
  smallInteger,
  string,
  text,
  time,
  uuid,
  ValueType,
} from "../index.js";

const dialect = new Dialect();

/** A type that only its author's database has. */
class Circle extends ValueType<{ readonly radius: number }> {
  readonly name = "circle";

  override toDatabase(): Conversion {
    return (value) => `<(0,0),${(value as { readonly radius: number }).radius}>`;
  }

  override fromDatabase(): Conversion {
    return (value) => ({ radius: Number(/,([\d.]+)>$/.exec(String(value))?.[1]) });
  }

  override ddl(_host: unknown, use: "ddl" | "cast"): string {
    return use === "cast" ? "CIRCLE" : "CIRCLE STORAGE PLAIN";
  }

  override literal(value: unknown, host: { quoteString(text: string): string }): string {
    return `CIRCLE ${host.quoteString(String(value))}`;
  }
}

describe("a type of one's own", () => {
  test("[TYP18] has a name in DDL and CAST, conversions and a literal", () => {
    const circle = new Circle();
    expect([dialect.typeName(circle), dialect.typeName(circle, "cast")]).toEqual(["CIRCLE STORAGE PLAIN", "CIRCLE"]);
    const { bind, result } = dialect.conversions(circle);
    expect(bind?.({ radius: 2 })).toBe("<(0,0),2>");
    expect(result?.("<(0,0),2.5>")).toEqual({ radius: 2.5 });
    expect(dialect.literal({ radius: 2 }, circle)).toBe("CIRCLE '<(0,0),2>'");
    expect(new Circle().shape).toBe(circle.shape);
  });
});

describe("the types of a dialect", () => {
  test("[TYP33] a dialect has its own name, conversions and literal behind a portable type", () => {
    class Other extends Dialect {
      override readonly name = "other";
      override readonly typeRules = {
        ...dialect.typeRules,
        boolean: {
          ddl: "CHAR(1)",
          cast: "CHAR",
          bind: () => (value: unknown) => (value ? "T" : "F"),
          result: () => (value: unknown) => value === "T",
          literal: (value: unknown) => (value === true ? "'T'" : "'F'"),
        },
      };
    }
    const other = new Other();
    const flag = boolean();
    expect([other.typeName(flag), other.typeName(flag, "cast"), dialect.typeName(flag)]).toEqual([
      "CHAR(1)",
      "CHAR",
      "BOOLEAN",
    ]);
    expect([true, false].map((value) => other.conversions(flag).bind?.(value))).toEqual(["T", "F"]);
    expect(["T", "F"].map((value) => other.conversions(flag).result?.(value))).toEqual([true, false]);
    // What stands on the portable type has the dialect's form of it below.
    const word = decorate(flag, {
      name: "word",
      toDatabase: (value: string) => value === "yes",
      fromDatabase: (value) => (value ? "yes" : "no"),
    });
    expect([
      other.typeName(word),
      other.conversions(word).bind?.("yes"),
      other.conversions(word).result?.("F"),
    ]).toEqual(["CHAR(1)", "T", "no"]);
  });
});

describe("what a type tells of itself", () => {
  test("[TYP31] the JavaScript type of its values", () => {
    const told = [
      [integer(), "number"],
      [smallInteger(), "number"],
      [bigInteger(), "bigint"],
      [numeric(), "string"],
      [numeric(5, 2, { as: "number" }), "number"],
      [double(), "number"],
      [float(), "number"],
      [string(), "string"],
      [text(), "string"],
      [uuid(), "string"],
      [enumeration(["a"]), "string"],
      [boolean(), "boolean"],
      [date(), "string"],
      [time(), "string"],
      [dateTime(), "Date"],
      [dateTime({ as: "string" }), "string"],
      [interval(), "string"],
      [interval({ as: "microseconds" }), "bigint"],
      [largeBinary(), "Uint8Array"],
      [json(), "json"],
      [string().variant("other", text()), "string"],
      [decorate(integer(), { name: "x", toDatabase: Number, fromDatabase: String, jsType: "Money" }), "Money"],
      [decorate(integer(), { name: "x", toDatabase: Number, fromDatabase: String }), "unknown"],
    ] as const;
    for (const [type, name] of told) expect(type.jsType).toBe(name);
  });

  test("[TYP25] a literal's type comes from its JavaScript value", () => {
    const inferred = [
      [5, "integer"],
      [2 ** 31, "integer"],
      [1.5, "double"],
      [5n, "bigInteger"],
      ["x", "string"],
      [true, "boolean"],
      [new Date(0), "dateTime with time zone"],
      [new Uint8Array(1), "largeBinary"],
      [{ a: 1 }, "json"],
      [[1], "json"],
    ] as const;
    for (const [value, name] of inferred) expect(String(literal(value as unknown).type)).toBe(name);
    expect(literal(null).type.name).toBe("null");
    expect(() => literal(undefined)).toThrow("undefined cannot be a value");
  });

  test("[TYP12] the JSON value null is a document, null is SQL's NULL", () => {
    expect(dialect.conversions(json()).bind?.(jsonNull)).toBe("null");
    expect(dialect.literal(jsonNull, json())).toBe("'null'");
    expect(dialect.literal(null, json())).toBe("NULL");
    expect(dialect.conversions(json()).result?.("null")).toBeNull();
  });
});
