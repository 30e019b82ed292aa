import {
  extract,
  func,
  integer,
  json,
  jsonAgg,
  jsonObject,
  jsonPath,
  MetaData,
  type Node,
  not,
  select,
  Table,
} from "@acme/core";
import { Dialect } from "@acme/core/dialect";
import { describe, expect, test } from "vitest";
import { freeText, mssql } from "./index.js";
import { users } from "./test-schema.js";

const { id, name, nick, seen, createdAt } = users.c;
const docs = new Table("docs", new MetaData(), { id: integer().primaryKey(), doc: json() });
const write = (statement: Node, version = 14): string => mssql({ version }).compile(statement).render(statement).sql;
const list = (node: Node): string => write(select(node as never) as Node).replace(/^SELECT (.*) FROM \w+$/, "$1");

describe("functions as text", () => {
  // https://learn.microsoft.com/sql/t-sql/functions/string-agg-transact-sql: the result is as long as the type of the texts allows.
  test("[MS18] STRING_AGG in an order, of texts without end", () => {
    expect(list(func.aggregateStrings(name, ", ").orderBy(id.desc()))).toBe(
      "STRING_AGG(CAST(users.name AS NVARCHAR(max)), N', ') WITHIN GROUP (ORDER BY users.id DESC)",
    );
    expect(list(func.aggregateStrings(name, "'"))).toBe("STRING_AGG(CAST(users.name AS NVARCHAR(max)), N'''')");
    expect(() => list(func.aggregateStrings(name, ",").distinct())).toThrow(
      "mssql has no distinct aggregateStrings().",
    );
  });

  // LEN leaves trailing blanks out: https://learn.microsoft.com/sql/t-sql/functions/len-transact-sql
  test("[MS18] LEN counts trailing blanks", () => {
    expect(list(func.charLength(name))).toBe("LEN(REPLACE(users.name, N' ', N'_'))");
  });

  // https://learn.microsoft.com/sql/t-sql/functions/datepart-transact-sql
  test("[MS18] parts of dates by DATEPART, whatever DATEFIRST says, of instants in UTC", () => {
    const parts = ["year", "quarter", "month", "week", "day", "dayOfYear", "hour", "minute"] as const;
    expect(parts.map((part) => list(extract(part, seen)))).toEqual(
      ["year", "quarter", "month", "iso_week", "day", "dayofyear", "hour", "minute"].map(
        (part) => `DATEPART(${part}, users.seen)`,
      ),
    );
    expect(list(extract("dayOfWeek", seen))).toBe("((DATEPART(weekday, users.seen) + @@DATEFIRST - 1) % 7)");
    expect(list(extract("isoDayOfWeek", seen))).toBe("((DATEPART(weekday, users.seen) + @@DATEFIRST + 5) % 7 + 1)");
    expect(list(extract("second", seen))).toBe(
      "(DATEPART(second, users.seen) + DATEPART(nanosecond, users.seen) / 1e9)",
    );
    expect(list(extract("epoch", seen))).toBe("(DATEDIFF_BIG(microsecond, '1970-01-01', users.seen) / 1e6)");
    expect(list(extract("hour", createdAt))).toBe("DATEPART(hour, SWITCHOFFSET(users.[createdAt], 0))");
  });

  // https://learn.microsoft.com/sql/t-sql/queries/contains-transact-sql and freetext-transact-sql
  test("[MS18] CONTAINS and FREETEXT are predicates", () => {
    expect(write(select(id).where(name.match("a AND b"), not(name.match("c"))))).toBe(
      "SELECT users.id FROM users WHERE CONTAINS(users.name, @p1) AND NOT CONTAINS(users.name, @p2)",
    );
    expect(write(select(id).where(freeText(name, "a b"), not(freeText(nick, "c"))))).toBe(
      "SELECT users.id FROM users WHERE FREETEXT(users.name, @p1) AND NOT FREETEXT(users.nick, @p2)",
    );
    const elsewhere = select(id).where(freeText(name, "a"));
    expect(() => new Dialect().compile(elsewhere)).toThrow("default has no FREETEXT.");
  });
});

/*
 * JSON_VALUE gives NULL for a text of more than 4,000 characters and for objects, JSON_QUERY for scalars:
 * https://learn.microsoft.com/sql/t-sql/functions/json-value-transact-sql
 * OPENJSON gives both, and says of which type they are: https://learn.microsoft.com/sql/t-sql/functions/openjson-transact-sql
 */
describe("JSON as text", () => {
  const at = (...steps: [string | number, ...(string | number)[]]) => jsonPath(docs.c.doc, ...steps);

  test("[MS17] a part as text, number, truth value, JSON", () => {
    expect(list(at("it's").asString())).toBe(
      "(SELECT [value] FROM OPENJSON(CASE WHEN ISJSON(docs.doc) = 1 THEN docs.doc END) WHERE [key] = N'it''s')",
    );
    expect(list(at("a", 0, "b c").asInteger())).toBe(
      "(SELECT CAST([value] AS INT) FROM OPENJSON(CASE WHEN ISJSON(docs.doc) = 1 THEN docs.doc END, N'$.\"a\"[0]') WHERE [key] = N'b c')",
    );
    expect(list(at("a").asBoolean())).toBe(
      "(SELECT CASE [value] WHEN 'true' THEN 1 WHEN 'false' THEN 0 END FROM OPENJSON(CASE WHEN ISJSON(docs.doc) = 1 THEN docs.doc END) WHERE [key] = N'a')",
    );
    expect(list(at("a"))).toBe(
      `(SELECT CASE [type] WHEN 0 THEN N'null' WHEN 1 THEN CONCAT(N'"', STRING_ESCAPE([value], 'json'), N'"') ELSE [value] END FROM OPENJSON(CASE WHEN ISJSON(docs.doc) = 1 THEN docs.doc END) WHERE [key] = N'a')`,
    );
    expect(write(select(docs.c.id).where(at("a").isJsonNull()))).toBe(
      "SELECT docs.id FROM docs WHERE EXISTS (SELECT 1 FROM OPENJSON(CASE WHEN ISJSON(docs.doc) = 1 THEN docs.doc END) WHERE [key] = N'a' AND [type] = 0)",
    );
  });

  test("[MS17] a key with a double quote is read at the end of a path, and refused within one", () => {
    expect(list(at('a"b').asString())).toBe(
      `(SELECT [value] FROM OPENJSON(CASE WHEN ISJSON(docs.doc) = 1 THEN docs.doc END) WHERE [key] = N'a"b')`,
    );
    expect(() => list(at('a"b', "c").asString())).toThrow('mssql has no way to write the key "a\\"b" in a JSON path.');
  });

  test("documents are made on SQL Server 2022, and refused for older ones", () => {
    expect(write(select(jsonObject({ a: id }).label("o")), 16)).toBe(
      "SELECT JSON_OBJECT(N'a': users.id NULL ON NULL) AS o FROM users",
    );
    expect(() => write(select(jsonObject({ a: id })), 15)).toThrow("mssql has no JSON_OBJECT before SQL Server 2022.");
    expect(() => write(select(jsonAgg(name)), 15)).toThrow("mssql has no JSON_ARRAY before SQL Server 2022.");
  });
});
