import {
  AddConstraint,
  bigInteger,
  boolean,
  CompileError,
  CreateIndex,
  CreateSchema,
  CreateTable,
  check,
  DropConstraint,
  DropIndex,
  DropTable,
  date,
  dateTime,
  double,
  enumeration,
  float,
  func,
  index,
  integer,
  json,
  largeBinary,
  literal,
  MetaData,
  numeric,
  SetColumnComment,
  SetTableComment,
  smallInteger,
  sql,
  string,
  Table,
  type TableOptions,
  text,
  time,
  unique,
  uuid,
} from "@acme/core";
import { describe, expect, test } from "vitest";
import { type MySQLDialect, mariadb, mysql } from "./index.js";

const create = (table: ConstructorParameters<typeof CreateTable>[0], dialect: MySQLDialect = mysql()): string =>
  dialect.compile(new CreateTable(table)).sql;

/** The lines of columns and constraints. */
const lines = (table: ConstructorParameters<typeof CreateTable>[0], dialect: MySQLDialect = mysql()): string[] =>
  create(table, dialect)
    .split("\n")
    .slice(1, -1)
    .map((line) => line.trim().replace(/,$/, ""));

describe("CREATE TABLE on MySQL and MariaDB", () => {
  test("[MY26] every type has a name; UUID is MariaDB's", () => {
    const all = new Table("all_types", new MetaData(), {
      a: integer(),
      b: smallInteger(),
      c: bigInteger(),
      d: numeric(10, 2),
      e: numeric(),
      f: float(),
      g: double(),
      h: boolean(),
      i: string(50),
      j: text(),
      k: date(),
      l: time(),
      m: dateTime(),
      n: dateTime({ timezone: true, as: "string" }),
      o: largeBinary(),
      p: largeBinary(16),
      q: json(),
      r: uuid(),
      s: enumeration(["it's", "b\\c"]),
    });
    const types = lines(all).map((line) => line.replace(/^\w+ (.*) NOT NULL$/, "$1"));
    expect(types).toEqual([
      "INTEGER",
      "SMALLINT",
      "BIGINT",
      "DECIMAL(10, 2)",
      "DECIMAL(65, 30)",
      "DOUBLE",
      "DOUBLE",
      "BOOLEAN",
      "VARCHAR(50)",
      "LONGTEXT",
      "DATE",
      "TIME(6)",
      "DATETIME(3)",
      "DATETIME(6)",
      "LONGBLOB",
      "VARBINARY(16)",
      "JSON",
      "CHAR(36)",
      "ENUM('it''s', x'625c63')",
    ]);
    expect(lines(all, mariadb())[17]).toBe("r UUID NOT NULL");
    expect(lines(all, mariadb({ version: "10.6" }))[17]).toBe("r CHAR(36) NOT NULL");
  });

  test("a VARCHAR needs a length, and the message says where", () => {
    const t = new Table("t", new MetaData(), { name: string() });
    expect(() => create(t)).toThrow(CompileError);
    expect(() => create(t)).toThrow(
      'The string column "t.name" needs a length on mysql. Write string(255), or text() for text of any length.',
    );
  });

  test("[MY11] a single integer key is AUTO_INCREMENT; where an identity begins is an option of the table", () => {
    expect(lines(new Table("t", new MetaData(), { id: integer().primaryKey() }))).toEqual([
      "id INTEGER NOT NULL AUTO_INCREMENT",
      "PRIMARY KEY (id)",
    ]);
    const begun = new Table("t", new MetaData(), { id: bigInteger().primaryKey().identity({ start: 1000 }) });
    expect(create(begun)).toBe(
      "CREATE TABLE t (\n  id BIGINT AUTO_INCREMENT NOT NULL,\n  PRIMARY KEY (id)\n) DEFAULT CHARSET=utf8mb4 AUTO_INCREMENT=1000",
    );
    expect(() =>
      create(new Table("t", new MetaData(), { id: integer().primaryKey().identity({ always: true }) })),
    ).toThrow("mysql has no GENERATED ALWAYS AS IDENTITY.");
    expect(() =>
      create(new Table("t", new MetaData(), { id: integer().primaryKey().identity({ increment: 2 }) })),
    ).toThrow("mysql has no increment");
  });

  test("[MY30][MY31] defaults: literals, the clock with the column's decimals, expressions in parentheses", () => {
    const t = new Table("t", new MetaData(), {
      a: integer().serverDefault(5),
      b: string(10).serverDefault("it's \\"),
      c: boolean().serverDefault(true),
      d: numeric(10, 2).serverDefault("1.50"),
      e: double().serverDefault(0.5),
      f: dateTime().serverDefault(func.now()),
      g: dateTime({ precision: 0 }).serverDefault(func.now()),
      h: date().serverDefault(func.currentDate()),
      i: string(36).serverDefault(func("uuid").returns(string()) as never),
      j: text().serverDefault("long"),
      k: json().serverDefault({ a: 1 }),
      l: dateTime().serverDefault(sql`CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)`.as(dateTime())),
      m: integer().serverDefault(sql`1 + 2`.as(integer())),
      n: integer().serverDefault(sql`abs(-2)`.as(integer())),
      o: integer().serverDefault(literal(7)),
      p: integer().serverDefault(),
    });
    const defaults = lines(t).map((line) => /DEFAULT (.*) NOT NULL/.exec(line)?.[1]);
    expect(defaults).toEqual([
      "5",
      "_utf8mb4 x'69742773205c'",
      "true",
      "1.50",
      "0.5e0",
      "CURRENT_TIMESTAMP(3)",
      "CURRENT_TIMESTAMP",
      "(CURRENT_DATE)",
      "(uuid())",
      "('long')",
      `('{"a":1}')`,
      "CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)",
      "1 + 2",
      "(abs(-2))",
      "7",
      undefined,
    ]);
  });

  test("[MY30] computed columns; MariaDB has no NOT NULL on them", () => {
    const t = new Table("t", new MetaData(), {
      a: integer(),
      b: integer().computed("a * 2", { persisted: true }),
      c: integer().computed("a + 1"),
    });
    expect(lines(t).slice(1)).toEqual([
      "b INTEGER GENERATED ALWAYS AS (a * 2) STORED NOT NULL",
      "c INTEGER GENERATED ALWAYS AS (a + 1) NOT NULL",
    ]);
    expect(lines(t, mariadb())[1]).toBe("b INTEGER GENERATED ALWAYS AS (a * 2) STORED");
  });

  test("[MY23][MY3] table options; MariaDB takes those for MySQL and its own before them", () => {
    const make = (options: TableOptions<"t", unknown>["dialectOptions"]): Parameters<typeof create>[0] =>
      new Table("t", new MetaData(), { id: integer() }, { dialectOptions: options ?? {} });
    const tail = (options: TableOptions<"t", unknown>["dialectOptions"], dialect = mysql()): string =>
      create(make(options), dialect).replace(/^[^)]*\)/s, "");
    expect(tail({})).toBe(" DEFAULT CHARSET=utf8mb4");
    expect(tail({ mysql: { engine: "InnoDB", rowFormat: "COMPRESSED" } })).toBe(
      " DEFAULT CHARSET=utf8mb4 ENGINE=InnoDB ROW_FORMAT=COMPRESSED",
    );
    expect(tail({ mysql: { collate: "utf8mb4_bin" } })).toBe(" COLLATE=utf8mb4_bin");
    expect(tail({ mysql: { charset: "latin1", collate: "latin1_bin" } })).toBe(
      " DEFAULT CHARSET=latin1 COLLATE=latin1_bin",
    );
    expect(tail({ mysql: { engine: "InnoDB" }, mariadb: { engine: "Aria" } }, mariadb())).toBe(
      " DEFAULT CHARSET=utf8mb4 ENGINE=Aria",
    );
    expect(() => create(make({ mysql: { motor: "InnoDB" } }))).toThrow(
      'mysql has no table option "motor" (of "t"). It has: engine, charset, collate, rowFormat, autoIncrement.',
    );
    expect(() => create(make({ mysql: { engine: "InnoDB; DROP TABLE t" } }))).toThrow(
      'The table option "engine" cannot be "InnoDB; DROP TABLE t".',
    );
  });

  test("[MY25] comments stand inside, with backslashes and quotes doubled", () => {
    const t = new Table("t", new MetaData(), { id: integer().comment('the "id"') }, { comment: "it's C:\\x" });
    expect(create(t)).toBe(
      "CREATE TABLE t (\n  id INTEGER NOT NULL COMMENT 'the \"id\"'\n) DEFAULT CHARSET=utf8mb4 COMMENT 'it''s C:\\\\x'",
    );
    expect(mysql().compile(new SetTableComment(t)).sql).toBe("ALTER TABLE t COMMENT 'it''s C:\\\\x'");
    expect(mysql().compile(new SetColumnComment(t.c.id)).sql).toBe(
      "ALTER TABLE t MODIFY COLUMN id INTEGER NOT NULL COMMENT 'the \"id\"'",
    );
  });

  test("constraints that the servers do not have are refused", () => {
    const metadata = new MetaData();
    const users = new Table("users", metadata, { id: integer().primaryKey() });
    const refer = (options: Parameters<ReturnType<typeof integer>["references"]>[1]): Parameters<typeof create>[0] =>
      new Table("t", new MetaData(), { userId: integer().references(() => users.c.id, options) });
    expect(lines(refer({ onDelete: "cascade", onUpdate: "set null" }))[1]).toBe(
      "FOREIGN KEY (`userId`) REFERENCES users (id) ON DELETE CASCADE ON UPDATE SET NULL",
    );
    expect(() => create(refer({ onDelete: "set default" }))).toThrow("mysql has no SET DEFAULT in a foreign key.");
    expect(() => create(refer({ deferrable: true }))).toThrow("mysql has no deferrable constraints.");
  });
});

describe("other DDL on MySQL and MariaDB", () => {
  const metadata = new MetaData();
  const t = new Table(
    "t",
    metadata,
    { id: integer().primaryKey(), a: integer(), b: string(10) },
    {
      schema: "app",
      constraints: (c) => [
        unique([c.a, c.b], { name: "uq_ab" }),
        check(c.a.gt(0), { name: "ck_a" }),
        index([c.a, c.b.desc()], { name: "ix_ab" }),
        index(func.lower(c.b), { name: "ix_lower" }),
        index(c.a, { name: "ix_part", where: c.a.gt(0) }),
      ],
    },
  );
  const say = (statement: Parameters<MySQLDialect["compile"]>[0], dialect: MySQLDialect = mysql()): string =>
    dialect.compile(statement).sql;
  const ix = (name: string): ConstructorParameters<typeof CreateIndex>[0] =>
    t.indexes.find((each) => each.name === name) as never;
  const constraint = (name: string): ConstructorParameters<typeof DropConstraint>[0] =>
    t.constraints.find((each) => each.name === name) as never;

  test("[MY24] indexes belong to their table; MariaDB has none over expressions, neither has partial ones", () => {
    expect(say(new CreateIndex(ix("ix_ab")))).toBe("CREATE INDEX ix_ab ON app.t (a, b DESC)");
    expect(say(new DropIndex(ix("ix_ab")))).toBe("DROP INDEX ix_ab ON app.t");
    expect(say(new CreateIndex(ix("ix_lower")))).toBe("CREATE INDEX ix_lower ON app.t ((lower(b)))");
    expect(() => say(new CreateIndex(ix("ix_lower")), mariadb())).toThrow(
      "mariadb has no indexes over expressions. Add a computed column and index that.",
    );
    expect(() => say(new CreateIndex(ix("ix_part")))).toThrow("mysql has no partial indexes.");
  });

  test("IF EXISTS on indexes and constraints is MariaDB's", () => {
    expect(say(new CreateIndex(ix("ix_ab"), { ifNotExists: true }), mariadb())).toBe(
      "CREATE INDEX IF NOT EXISTS ix_ab ON app.t (a, b DESC)",
    );
    expect(say(new DropIndex(ix("ix_ab"), { ifExists: true }), mariadb())).toBe("DROP INDEX IF EXISTS ix_ab ON app.t");
    expect(() => say(new DropIndex(ix("ix_ab"), { ifExists: true }))).toThrow(
      "mysql has no IF EXISTS for indexes and constraints.",
    );
    expect(say(new DropTable(t, { ifExists: true }))).toBe("DROP TABLE IF EXISTS app.t");
  });

  test("DROP ... CASCADE, which the servers read and ignore, is refused", () => {
    expect(() => say(new DropTable(t, { cascade: true }))).toThrow(
      "mysql has no DROP TABLE ... CASCADE. Drop what refers to it first; dropAll() does.",
    );
  });

  test("constraints are added and dropped by name, the primary key without one", () => {
    expect(say(new AddConstraint(constraint("ck_a")))).toBe("ALTER TABLE app.t ADD CONSTRAINT ck_a CHECK (a > 0)");
    expect(say(new DropConstraint(constraint("uq_ab")))).toBe("ALTER TABLE app.t DROP CONSTRAINT uq_ab");
    expect(say(new DropConstraint(constraint("uq_ab")), mysql({ version: "8.0.18" }))).toBe(
      "ALTER TABLE app.t DROP INDEX uq_ab",
    );
    expect(say(new DropConstraint(constraint("ck_a")), mysql({ version: "8.0.18" }))).toBe(
      "ALTER TABLE app.t DROP CHECK ck_a",
    );
    expect(say(new DropConstraint(t.primaryKey))).toBe("ALTER TABLE app.t DROP PRIMARY KEY");
  });

  test("a schema is a database, and begins with UTF-8", () => {
    expect(say(new CreateSchema("app", { ifNotExists: true }))).toBe(
      "CREATE SCHEMA IF NOT EXISTS app DEFAULT CHARACTER SET utf8mb4",
    );
  });
});
