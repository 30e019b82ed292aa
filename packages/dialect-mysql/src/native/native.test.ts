import { CompileError, CreateTable, DataError, MetaData, type Node, select, string, Table } from "@acme/core";
import { Dialect } from "@acme/core/dialect";
import { describe, expect, expectTypeOf, test } from "vitest";
import { mariadb, mysql } from "../dialect.js";
import { mysqlTypes as my } from "./index.js";

const sqlOf = (node: Node, dialect: Dialect = mysql()): string => dialect.compile(node).sql;

const table = new Table("t", new MetaData(), {
  a: my.tinyint({ unsigned: true }),
  b: my.int({ zerofill: true, width: 5 }),
  c: my.bigint({ unsigned: true }),
  d: my.year(),
  e: my.bit(8),
  f: my.set(["a", "it's"]),
  g: my.char(2, { charset: "ascii", collation: "ascii_bin" }),
  h: my.mediumtext(),
  i: my.tinyblob().nullable(),
});

describe("MySQL's own types", () => {
  test("[MY26] are named in DDL as the server names them", () => {
    expect(sqlOf(new CreateTable(table))).toBe(
      [
        "CREATE TABLE t (",
        "  a TINYINT UNSIGNED NOT NULL,",
        "  b INT(5) UNSIGNED ZEROFILL NOT NULL,",
        "  c BIGINT UNSIGNED NOT NULL,",
        "  d YEAR NOT NULL,",
        "  e BIT(8) NOT NULL,",
        "  f SET('a', 'it''s') NOT NULL,",
        "  g CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,",
        "  h MEDIUMTEXT NOT NULL,",
        "  i TINYBLOB",
        ") DEFAULT CHARSET=utf8mb4",
      ].join("\n"),
    );
  });

  test("[MY26] are cast to what CAST knows", () => {
    const text = string(5);
    const column = new Table("s", new MetaData(), { s: text }).c.s;
    const casts = [my.int({ unsigned: true }), my.int(), my.char(5), my.varbinary(3), my.year()].map((type) =>
      sqlOf(select(column.cast<unknown>(type).label("x"))),
    );
    expect(casts.map((sql) => /AS (\w+)\)/.exec(sql)?.[1])).toEqual([
      "UNSIGNED",
      "SIGNED",
      "CHAR",
      "BINARY",
      "UNSIGNED",
    ]);
  });

  test("[MY26] refuse what does not fit before anything is sent", () => {
    const bind = (
      type: { toDatabase(host: Dialect): ((value: unknown) => unknown) | undefined },
      value: unknown,
    ): unknown => type.toDatabase(mysql())?.(value);
    expect(() => bind(my.tinyint(), 128)).toThrow(DataError);
    expect(() => bind(my.tinyint({ unsigned: true }), -1)).toThrow("0 to 255");
    expect(() => bind(my.bigint({ unsigned: true }), 2n ** 64n)).toThrow(DataError);
    expect(() => bind(my.year(), 1900)).toThrow(DataError);
    expect(() => bind(my.bit(2), 4)).toThrow("0 to 3");
    expect(() => bind(my.set(["a"]), ["b"])).toThrow('"b" is none of a');
    expect(() => my.set(["a,b"])).toThrow("comma");
    expect(() => my.bit(65)).toThrow("1 to 64");
    expect(() => my.varchar(5, { charset: "utf8; DROP" })).toThrow("character set");
    expect(() => sqlOf(new CreateTable(new Table("x", new MetaData(), { s: my.set(["a\\b"]) })))).toThrow(CompileError);
  });

  test("[MY27] INET4 and INET6 are MariaDB's alone, and no type has a name elsewhere", () => {
    const net = new Table("n", new MetaData(), { four: my.inet4(), six: my.inet6() });
    expect(sqlOf(new CreateTable(net), mariadb())).toContain("four INET4 NOT NULL,\n  six INET6 NOT NULL");
    expect(() => sqlOf(new CreateTable(net))).toThrow("The type INET4 has no name on mysql.");
    expect(() => new Dialect().compile(new CreateTable(table))).toThrow(CompileError);
  });

  test("[MY26] have exact types", () => {
    const stmt = select(table.c.a, table.c.c, table.c.f);
    type Row = { a: number; c: bigint; f: readonly ("a" | "it's")[] };
    expectTypeOf<(typeof stmt)[keyof typeof stmt & symbol]>().not.toBeNever();
    const row: Row = { a: 1, c: 1n, f: ["a"] };
    // @ts-expect-error: not a member
    const wrong: Row = { a: 1, c: 1n, f: ["b"] };
    expect([row, wrong]).toHaveLength(2);
  });
});
