import {
  type AnyType,
  type Binary,
  boolean,
  type Column,
  CompileError,
  CreateTable,
  createEngine,
  DDLCompiler,
  Dialect,
  type DialectFlags,
  type FunctionRule,
  func,
  integer,
  MetaData,
  registerDialect,
  SQLCompiler,
  STANDARD_FLAGS,
  STANDARD_FUNCTIONS,
  STANDARD_TYPES,
  select,
  string,
  Table,
  type TypeRules,
} from "@acme/core/dialect";
import { describe, expect, test } from "vitest";

// Everything here comes from the public entry point: a dialect as somebody else's package would write it.

/** Says `a <> b` for `a != b`. */
class QuarkCompiler extends SQLCompiler {
  protected override binary(node: Binary): string {
    return node.operator === "ne" ? this.infix(node, "<>") : super.binary(node);
  }
}

/** Compresses every table, and has no word for NOT NULL. */
class QuarkDdlCompiler extends DDLCompiler {
  protected override tableOptions(): string {
    return " COMPRESSED";
  }

  protected override nullability(column: Column): string {
    return column.nullable ? "" : "REQUIRED";
  }
}

class Quark extends Dialect {
  override readonly name: string = "quark";
  override readonly flags: DialectFlags = { ...STANDARD_FLAGS, fullJoin: false, maxIdentifierLength: 30 };
  override readonly typeRules: TypeRules = {
    ...STANDARD_TYPES,
    string: { ddl: (type: AnyType) => `CHARS(${String(type.args[1] ?? "*")})` },
    boolean: { ddl: "BIT", bind: () => (value) => (value === true ? 1 : 0), result: () => (value) => value === 1 },
  };
  override readonly functions: Readonly<Record<string, FunctionRule>> = {
    ...STANDARD_FUNCTIONS,
    lower: "to_lower",
    char_length: ([text]) => `size of ${text}`,
  };
  override readonly placeholder = (index: number): string => `#${index}`;

  override createCompiler(): SQLCompiler {
    return new QuarkCompiler(this);
  }

  override createDdlCompiler(): DDLCompiler {
    return new QuarkDdlCompiler(this);
  }

  override quoteAlways(name: string): string {
    return `<${name.replaceAll(">", ">>")}>`;
  }
}

const things = new Table("things", new MetaData(), {
  id: integer().primaryKey(),
  name: string(20),
  Used: boolean().nullable(),
});

describe("a dialect of somebody else", () => {
  test("[CMP14] overrides visit methods, flags, functions, placeholders and quoting", () => {
    const stmt = select(func.lower(things.c.name).label("n"), func.charLength(things.c.name).label("size"))
      .where(things.c.id.ne(1), things.c.Used.eq(true))
      .limit(5);
    const compiled = stmt.compile({ dialect: new Quark() });
    expect(compiled.sql).toBe(
      "SELECT to_lower(things.name) AS n, size of things.name AS size FROM things" +
        " WHERE things.id <> #1 AND things.<Used> = #2 LIMIT #3",
    );
    expect(compiled.render(stmt).parameters).toEqual([1, 1, 5]);
    const other = things.alias("o");
    expect(() =>
      select(things.c.id).fullJoin(other, other.c.id.eq(things.c.id)).compile({ dialect: new Quark() }),
    ).toThrow(new CompileError("quark has no FULL OUTER JOIN.", { code: "UNSUPPORTED" }));
  });

  test("[CMP14] overrides how DDL and types are written", () => {
    expect(new Quark().compile(new CreateTable(things)).sql).toBe(
      [
        "CREATE TABLE things (",
        "  id INTEGER REQUIRED,",
        "  name CHARS(20) REQUIRED,",
        "  <Used> BIT,",
        "  PRIMARY KEY (id)",
        ") COMPRESSED",
      ].join("\n"),
    );
  });

  test("[CMP14] is found by the name in a URL once it is registered", () => {
    registerDialect("quark", () => new Quark());
    expect(() => createEngine("quark://somewhere/things")).toThrow("has no driver");
  });
});
