import { describe, expect, test } from "vitest";
import { typeOfText } from "./type-of-text.js";

describe("declared types", () => {
  test.each([
    ["INTEGER", "integer"],
    ["int", "integer"],
    ["INTEGER(11)", "integer"],
    ["MEDIUMINT UNSIGNED", "integer"],
    ["TINYINT", "smallInteger"],
    ["BIGINT", "bigInteger"],
    ["unsigned  big int", "bigInteger"],
    ["BOOLEAN", "boolean"],
    ["NUMERIC(10,2)", "numeric(10, 2)"],
    ["DECIMAL( 5 )", "numeric(5)"],
    ["decimal", "numeric"],
    ["REAL", "double"],
    ["DOUBLE PRECISION", "double"],
    ["FLOAT", "float"],
    ["VARCHAR(50)", "string(50)"],
    ["NVARCHAR(160)", "string(160)"],
    ["character varying(7)", "string(7)"],
    ["TEXT", "text"],
    ["CLOB", "text"],
    ["UUID", "uuid"],
    ["DATE", "date"],
    ["TIME", "time"],
    ["DATETIME", "dateTime"],
    ["TIMESTAMP", "dateTime with time zone"],
    ["timestamp with time zone", "dateTime with time zone"],
    ["BLOB", "largeBinary"],
    ["VARBINARY(16)", "largeBinary(16)"],
    ["JSON", "json"],
  ])("[LT19] %s is %s", (declared, type) => {
    const made = typeOfText(declared);
    const shown = made.name === "time" ? "time" : String(made);
    expect(shown).toBe(type);
  });

  test.each([
    ["FLOATING POINT", "integer"],
    ["POINTER", "integer"],
    ["LONGCHAR(5)", "text"],
    ["MY_BLOB", "largeBinary"],
    ["LONG DOUBLE", "double"],
  ])("[LT19] %s, which nobody knows, is read by SQLite's rules: %s", (declared, type) => {
    expect(typeOfText(declared).name).toBe(type);
  });

  test.each(["", "STRING", "MONEY", "geometry(Point, 4326)", "constructor", "ANY"])(
    '[REFL22] "%s" may hold anything',
    (declared) => {
      expect(typeOfText(declared).name).toBe("null");
    },
  );
});
