import {
  ArgumentError,
  and,
  type BindParameter,
  CompileError,
  dateTime,
  dialectByName,
  func,
  insert,
  integer,
  literal,
  MetaData,
  type Node,
  numeric,
  select,
  sql,
  string,
  Table,
  update,
} from "@acme/core";
import { describe, expect, test } from "vitest";
import { OutBind } from "./driver-values.js";
import { OracleDialect, oracle } from "./index.js";
import { fromDictionary, toDictionary } from "./names.js";
import { posts, tags, users } from "./test-schema.js";

const { id, name, active } = users.c;
const write = (statement: Node, version = 19): string => oracle({ version }).compile(statement).sql;

describe("the dialect", () => {
  test("[ORA1] importing the package registers it", () => {
    expect(dialectByName("oracle")).toBeInstanceOf(OracleDialect);
    expect(Object.keys(oracle().drivers)).toEqual(["oracledb"]);
  });

  test("an engine takes the dialect of the server's release", () => {
    const server = oracle().forServer({ product: "oracle", version: [23, 4] });
    expect(server).toMatchObject({ version: 23, flags: { booleanExpressions: true } });
    const same = oracle({ version: 19 });
    expect(same.forServer({ product: "oracle", version: [19, 3] })).toBe(same);
    expect(() => oracle({ version: 11 })).toThrow(ArgumentError);
  });

  test("[ORA21] Oracle 23ai: truth values, SELECT without FROM, VALUES of several rows", () => {
    expect(write(select(active, id.gt(1).label("x")).where(active), 23)).toBe(
      "SELECT users.active, users.id > :1 AS x FROM users WHERE users.active",
    );
    expect(write(select(literal(1).label("one")), 23)).toBe("SELECT :1 AS one");
    const label = func.coalesce(tags.c.label, "x");
    expect(write(insert(tags).values({ label }, { label }), 23)).toContain(
      "VALUES (coalesce(tags.label, :1)), (coalesce(tags.label, :2))",
    );
  });
});

describe("names", () => {
  test("[ORA6] lower-case names stay unquoted, all others are quoted", () => {
    const odd = new Table("My Table", new MetaData(), {
      size: integer().primaryKey(),
      lastName: string(4),
      _x: integer(),
      "a b": integer(),
    });
    expect(write(select(odd.c.size, odd.c.lastName, odd.c._x, odd.c["a b"]))).toBe(
      'SELECT "My Table"."size", "My Table"."lastName", "My Table"."_x", "My Table"."a b" FROM "My Table"',
    );
  });

  test("[ORA6] the data dictionary's names become the toolkit's, and back", () => {
    const pairs = [
      ["USERS", "users"],
      ["lastName", "lastName"],
      ["SIZE", "SIZE"],
      ["size", "size"],
      ["A$B", "A$B"],
      ["_X", "_X"],
    ] as const;
    expect(pairs.map(([stored]) => fromDictionary(stored))).toEqual(pairs.map(([, ours]) => ours));
    expect(pairs.map(([, ours]) => toDictionary(ours))).toEqual(pairs.map(([stored]) => stored));
  });

  test("[ORA7] names are limited in bytes, and have no double quotes", () => {
    expect(() => oracle().quote("ä".repeat(65))).toThrow("has a length of 130; oracle allows 128.");
    const short = oracle({ maxIdentifierLength: 30 });
    expect(() => short.quote("a".repeat(31))).toThrow("has a length of 31; oracle allows 30.");
    expect(short.forServer({ product: "oracle", version: [21] }).flags.maxIdentifierLength).toBe(30);
    const label = "a_label_that_is_longer_than_thirty";
    expect(short.compile(select(id.add(id).label(label)).orderBy(id.add(id).label(label))).sql).toBe(
      "SELECT users.id + users.id AS a_label_that_is_longer_than__1 FROM users ORDER BY a_label_that_is_longer_than__1",
    );
    expect(() => oracle().quote('a"b')).toThrow("An identifier cannot contain a double quote on oracle.");
  });
});

describe("what Oracle does not have is refused", () => {
  test("row locks: shared ones, and together with a limit or DISTINCT", () => {
    // Restrictions of the row_limiting_clause: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/SELECT.html
    expect(() => write(select(id).limit(1).forUpdate())).toThrow("oracle has no row limit together with FOR UPDATE.");
    expect(() => write(select(id).distinct().forUpdate())).toThrow(
      "oracle has no DISTINCT or GROUP BY together with FOR UPDATE.",
    );
    expect(() => write(select(id).forUpdate({ share: true }))).toThrow("oracle has no shared row locks (FOR SHARE).");
  });

  test("UNION in a recursive CTE", () => {
    const tree = select(id, users.c.managerId).cte("tree", { recursive: true });
    const step = select(id, users.c.managerId).join(tree, users.c.managerId.eq(tree.c.id));
    expect(() => write(select(tree.union(step).c.id))).toThrow(CompileError);
    expect(() => write(select(tree.union(step).c.id))).toThrow(
      "oracle has no UNION in a recursive CTE. Use unionAll()",
    );
  });

  test("INSERT of several rows with expressions before 23ai, and RETURNING of INSERT ... SELECT", () => {
    const label = func.coalesce(tags.c.label, "x");
    expect(() => write(insert(tags).values({ label }, { label }))).toThrow(
      "oracle has no INSERT of several rows with expressions.",
    );
    expect(() => write(insert(tags).fromSelect(["label"], select(name)).returning(tags.c.id))).toThrow(
      "oracle has no INSERT ... SELECT with RETURNING.",
    );
  });

  test("a sorted DISTINCT or set operation of dates whose columns have no names of their own", () => {
    const born = users.c.born;
    expect(() => write(select(born, tags.c.added.label("born")).distinct().orderBy(born))).toThrow(
      "On oracle the result columns of this query need names that differ.",
    );
  });
});

describe("values in the text", () => {
  const inlined = (value: unknown, type?: Parameters<typeof literal>[1]): string => {
    const made = literal(value, type as never) as unknown as BindParameter;
    return /^SELECT (?:TO_CHAR\((?:SYS_EXTRACT_UTC\()?)?(.*?)\)*(?:, '[-\w:. ]+'\))? AS x FROM DUAL$/.exec(
      write(select(made.inlined().label("x"))),
    )?.[1] as string;
  };

  test("[SEL39] literals are escaped and typed", () => {
    expect(inlined("it's")).toBe("'it''s'");
    expect(inlined(true)).toBe("1");
    expect(inlined(12n)).toBe("12");
    expect(inlined(1.5)).toBe("1.5d");
    expect(inlined(Number.NEGATIVE_INFINITY)).toBe("-BINARY_DOUBLE_INFINITY");
    expect(inlined("1.50", numeric(4, 2))).toBe("1.50");
    expect(inlined(new Date(0))).toContain("TIMESTAMP '1970-01-01 00:00:00.000 +00:00'");
    expect(inlined(new Date(0), dateTime())).toContain("TIMESTAMP '1970-01-01 00:00:00.000'");
  });

  test("[ORA20] an empty text is bound as it is: to Oracle it is NULL, so the comparison finds nothing", () => {
    const statement = select(id).where(name.eq(""));
    expect(oracle().compile(statement).render(statement)).toEqual({
      sql: "SELECT users.id FROM users WHERE users.name = :1",
      parameters: [""],
    });
  });
});

describe("parameters", () => {
  test("[ORA11] RETURNING ... INTO has one OUT parameter for each column, in its place", () => {
    const statement = update(users).set({ name: "x" }).where(id.eq(7)).returning(id, users.c.bio, users.c.visits);
    const { parameters } = oracle().compile(statement).render(statement);
    expect(parameters).toEqual(["x", 7, new OutBind("number", 22), new OutBind("clob", 0), new OutBind("text", 4000)]);
  });

  test("a parameter that occurs twice is sent twice", () => {
    const statement = select(id.gt(1).label("x"));
    expect(oracle().compile(statement).render(statement)).toEqual({
      sql: "SELECT CASE WHEN users.id > :1 THEN 1 WHEN NOT (users.id > :2) THEN 0 END AS x FROM users",
      parameters: [1, 1],
    });
  });

  test("a value of the sql template stands where it is written", () => {
    const statement = select(posts.c.id).where(
      and(sql`${posts.c.rating} = ${5}`.as(integer()).eq(1), posts.c.title.eq("t")),
    );
    expect(oracle().compile(statement).render(statement)).toEqual({
      sql: "SELECT posts.id FROM posts WHERE (posts.rating = :1) = :2 AND posts.title = :3",
      parameters: [5, 1, "t"],
    });
  });
});
