import { func, jsonPath, type Node, select, sql } from "@acme/core";
import { describe, expect, test } from "vitest";
import { oracle } from "./index.js";
import { users } from "./test-schema.js";

const { id, name, nick, age, settings } = users.c;
const write = (statement: Node, version = 19): string => oracle({ version }).compile(statement).sql;

describe("functions and operators that Oracle writes its own way", () => {
  test("[ORA19] where NULLs sort is said as the standard does", () => {
    expect(write(select(id).orderBy(nick.nullsFirst(), age.desc().nullsLast()))).toBe(
      "SELECT users.id FROM users ORDER BY users.nick NULLS FIRST, users.age DESC NULLS LAST",
    );
  });

  // WITHIN GROUP may be left out since 19c: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/LISTAGG.html
  test("[ORA19] texts are put together by LISTAGG", () => {
    const joined = func.aggregateStrings(name, ", ");
    expect(write(select(joined.orderBy(age.desc()).label("names")))).toBe(
      "SELECT LISTAGG(users.name, ', ') WITHIN GROUP (ORDER BY users.age DESC) AS names FROM users",
    );
    expect(write(select(joined.label("names")))).toBe("SELECT LISTAGG(users.name, ', ') AS names FROM users");
    expect(write(select(joined.label("names")), 18)).toBe(
      "SELECT LISTAGG(users.name, ', ') WITHIN GROUP (ORDER BY NULL) AS names FROM users",
    );
  });

  test("[ORA19] regular expressions", () => {
    expect(
      write(select(name.regexpReplace("a+", "b").label("x")).where(name.regexpMatch("^A", { ignoreCase: true }))),
    ).toBe(
      "SELECT REGEXP_REPLACE(users.name, :1, :2, 1, 0, 'c') AS x FROM users WHERE REGEXP_LIKE(users.name, :3, 'i')",
    );
  });

  // BITAND is the one function on bits: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/BITAND.html
  test("[ORA19] operators on bits follow from BITAND", () => {
    expect(
      write(
        select(age.bitAnd(6).label("a"), age.bitOr(id).label("o"), age.bitXor(id).label("x"), age.bitNot().label("n")),
      ),
    ).toBe(
      "SELECT BITAND(users.age, :1) AS a, (users.age + users.id - BITAND(users.age, users.id)) AS o, " +
        "(users.age + users.id - 2 * BITAND(users.age, users.id)) AS x, (-1 - users.age) AS n FROM users",
    );
    expect(() => write(select(age.shiftLeft(2).label("s")))).toThrow("oracle has no bit shifts.");
  });

  test("[ORA19] the remainder is MOD", () => {
    expect(write(select(age.mod(7).label("m")))).toBe("SELECT MOD(users.age, :1) AS m FROM users");
  });

  // DECODE takes two NULLs for equal: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/DECODE.html
  test("[ORA19] IS DISTINCT FROM is DECODE", () => {
    expect(write(select(id).where(nick.isDistinctFrom(name), nick.isNotDistinctFrom("x")))).toBe(
      "SELECT users.id FROM users WHERE DECODE(users.nick, users.name, 0, 1) = 1 AND DECODE(users.nick, :1, 0, 1) = 0",
    );
  });
});

describe("hints", () => {
  // A hint stands in a comment behind the first word: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/Comments.html
  test("[ORA17] hints of statements and of tables are one comment", () => {
    expect(
      write(select(id).withStatementHint(sql`PARALLEL(4)`).withHint(users, sql`INDEX(users ix_name)`, "oracle")),
    ).toMatch(/^SELECT \/\*\+ .*\*\/ users\.id FROM users$/);
    expect(write(select(id).withHint(users, sql`INDEX(users ix_name)`, "oracle"))).toContain("INDEX(users ix_name)");
    expect(write(select(id).withHint(users, sql`NOLOCK`, "mssql"))).toBe("SELECT users.id FROM users");
  });
});

describe("documents", () => {
  // Keys within quotes know no escapes; a path is a literal: https://docs.oracle.com/en/database/oracle/oracle-database/19/adjsn/json-path-expressions.html
  test("a key with a double quote is refused, one with other odd characters stands in quotes", () => {
    const part = (key: string): Node =>
      select(
        jsonPath(settings, key as "theme")
          .asString()
          .label("x"),
      );
    expect(write(part("a.b c'd"))).toBe(
      `SELECT JSON_VALUE(users.settings, '$."a.b c''d"' RETURNING CLOB) AS x FROM users`,
    );
    expect(() => write(part('a"b'))).toThrow('oracle has no way to write the key "a\\"b" in a JSON path.');
  });

  test("[ORA21] a truth value in a document is BOOLEAN since 23ai, and a number before", () => {
    const open = jsonPath(settings, "theme").asBoolean();
    expect(write(select(id).where(open), 23)).toBe(
      `SELECT users.id FROM users WHERE JSON_VALUE(users.settings, '$."theme"' RETURNING BOOLEAN)`,
    );
    expect(write(select(id).where(open))).toBe(
      `SELECT users.id FROM users WHERE CASE JSON_VALUE(users.settings, '$."theme"') WHEN 'true' THEN 1 WHEN 'false' THEN 0 END = 1`,
    );
  });
});
