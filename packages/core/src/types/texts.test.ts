import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import { ArgumentError, CreateTable, enumeration, MetaData, string, Table, text, uuid } from "../index.js";

describe("string and text", () => {
  test("[TYP2] take strings as they are and nothing else", () => {
    for (const type of [string(5), string(), text()]) {
      expect(type.toDatabase()("Zoë 🦊\n'quoted'")).toBe("Zoë 🦊\n'quoted'");
      expect(type.toDatabase()("")).toBe("");
      for (const value of [5, 5n, true, new Date(0), {}, [], Symbol("x"), () => "x", undefined]) {
        expect(() => type.toDatabase()(value)).toThrow(`${type} cannot take `);
      }
    }
  });

  test("the message shows the value briefly, and never a function's text", () => {
    const refuse = (value: unknown) => (): unknown => string(5).toDatabase()(value);
    expect(refuse(5n)).toThrow("string(5) cannot take 5n: it is not a string.");
    expect(refuse(() => "secret")).toThrow("string(5) cannot take a function: it is not a string.");
    expect(refuse(new Map())).toThrow("string(5) cannot take a value of class Map: it is not a string.");
    expect(refuse(Object.create(null))).toThrow("string(5) cannot take a value of class Object: it is not a string.");
    expect(refuse(new Date(0))).toThrow("string(5) cannot take the Date 1970-01-01T00:00:00.000Z: it is not a string.");
    expect(refuse(new Date(Number.NaN))).toThrow("string(5) cannot take an invalid Date: it is not a string.");
    expect(() => uuid().toDatabase()("x".repeat(1000))).toThrow(
      `uuid cannot take "${"x".repeat(80)}"...: it is not a UUID`,
    );
  });
});

describe("uuid", () => {
  test("[TYP11] takes UUIDs in upper or lower case, and sends lower case", () => {
    expect(uuid().toDatabase()("6F9619FF-8B86-4D11-B42D-00CF4FC964FF")).toBe("6f9619ff-8b86-4d11-b42d-00cf4fc964ff");
    expect(uuid().toDatabase()("00000000-0000-0000-0000-000000000000")).toBe("00000000-0000-0000-0000-000000000000");
  });

  test("[TYP11] refuses anything else", () => {
    const wrong = [
      "",
      "6f9619ff8b864d11b42d00cf4fc964ff",
      "{6f9619ff-8b86-4d11-b42d-00cf4fc964ff}",
      "6f9619ff-8b86-4d11-b42d-00cf4fc964fg",
      5,
    ];
    for (const value of wrong)
      expect(() => uuid().toDatabase()(value)).toThrow(/^uuid cannot take .* not a UUID such as/);
  });
});

describe("enumeration", () => {
  test("[TYP10] takes its values and no other", () => {
    const role = enumeration(["admin", "user"]);
    expect(role.toDatabase()("admin")).toBe("admin");
    for (const value of ["Admin", "", "toString", 0, undefined]) {
      expect(() => role.toDatabase()(value)).toThrow(
        /^enumeration\(admin, user\) cannot take .*: it is not one of admin, user\.$/,
      );
    }
  });

  test("[TYP10] needs values, each once", () => {
    expect(() => enumeration([])).toThrow(ArgumentError);
    expect(() => enumeration(["a", "b", "a"])).toThrow(
      "An enumeration has at least one value, each a string and each once.",
    );
  });

  test("[TYP10] is told apart by its values and by its name", () => {
    const shapes = [
      enumeration(["a", "b"]),
      enumeration(["b", "a"]),
      enumeration(["a"]),
      enumeration(["a", "b"], { name: "x" }),
    ].map((type) => type.shape);
    expect(new Set(shapes).size).toBe(4);
    expect(enumeration(["a", "b"]).shape).toBe(shapes[0]);
  });
});

describe("options of texts", () => {
  const dialect = new Dialect();

  test("[TYP2] a collation is part of a column's type and of no CAST", () => {
    expect(dialect.typeName(string(5, { collation: "de-x-icu" }))).toBe('VARCHAR(5) COLLATE "de-x-icu"');
    expect(dialect.typeName(text({ collation: "nocase", collationSchema: "app" }))).toBe("TEXT COLLATE app.nocase");
    expect(dialect.typeName(string(5, { collation: "de-x-icu" }), "cast")).toBe("VARCHAR(5)");
    expect(string(5, { collation: "a" }).shape).not.toBe(string(5).shape);
  });

  test("[TYP10] an enumeration comes from an object, has room to grow, and may be left unchecked", () => {
    const Role = { Admin: "admin", User: "user", Root: "admin" } as const;
    const role = enumeration(Role, { length: 20, check: false, validate: false });
    expect(role.values).toEqual(["admin", "user"]);
    expect(dialect.typeName(role)).toBe("VARCHAR(20)");
    expect(role.toDatabase()("new")).toBe("new");
    expect(() => role.toDatabase()(5)).toThrow("cannot take 5");
    const table = new Table("t", new MetaData(), { role, other: enumeration(["x"]) });
    expect(dialect.compile(new CreateTable(table)).sql).toBe(
      "CREATE TABLE t (\n  role VARCHAR(20) NOT NULL,\n  other VARCHAR(1) NOT NULL,\n  CHECK (other IN ('x'))\n)",
    );
    expect(() => enumeration(["long"], { length: 3 })).toThrow("has no room for its longest value");
    expect(() => enumeration({ A: 1 } as never)).toThrow(ArgumentError);
  });
});
