import {
  ArgumentError,
  Cast,
  CompileError,
  compiles,
  copyTree,
  Dialect,
  declareNode,
  Expression,
  type ExpressionNode,
  equals,
  integer,
  iterate,
  Node,
  replace,
  sameShape,
  select,
  type Typed,
  toExpression,
  type ValueType,
} from "@acme/core/dialect";
import { afterEach, describe, expect, test } from "vitest";
import { users } from "../sql/test-schema.js";

// Everything here comes from the public entry point: what a user's package could do.

/** The years between a moment and now. */
class Age extends Expression<number> {
  readonly birthday: ExpressionNode;
  readonly least: ExpressionNode;
  readonly unit: string;

  constructor(birthday: ExpressionNode, least: ExpressionNode, unit: string) {
    super();
    this.birthday = birthday;
    this.least = least;
    this.unit = unit;
  }

  static {
    declareNode(Age, "age", { birthday: "node", least: "node", unit: "atom" });
  }

  get type(): ValueType<unknown, unknown> {
    return YEARS;
  }
}

const YEARS = integer();
const age = (birthday: Typed<Date>, least = 0, unit = "year"): Age =>
  new Age(toExpression(birthday), toExpression(least, YEARS, "least"), unit);

class PgLike extends Dialect {
  override readonly name: string = "pg-like";
}
class MyLike extends Dialect {
  override readonly name: string = "my-like";
}

const sqlOf = (node: Node, dialect: Dialect = new Dialect()): string => dialect.compile(node).sql;
const { id, createdAt } = users.c;

const undo: (() => void)[] = [];
afterEach(() => {
  for (const takeBack of undo.splice(0).reverse()) takeBack();
});

describe("a node class of one's own", () => {
  test("[CMP13] compiles as each dialect was told, and as the default says on all others", () => {
    undo.push(
      compiles(
        Age,
        "default",
        (node, compiler) => `age(${compiler.process(node.birthday)}, ${compiler.process(node.least)})`,
      ),
      compiles(
        Age,
        "pg-like",
        (node, compiler) => `extract(${node.unit} from age(${compiler.process(node.birthday)}))`,
      ),
    );
    const stmt = select(id, age(createdAt).label("years")).where(age(createdAt).gt(18));
    expect(sqlOf(stmt)).toBe(
      'SELECT users.id, age(users."createdAt", :least_1) AS years FROM users WHERE (age(users."createdAt", :least_2)) > :param_1',
    );
    expect(sqlOf(stmt, new PgLike())).toBe(
      'SELECT users.id, extract(year from age(users."createdAt")) AS years FROM users WHERE (extract(year from age(users."createdAt"))) > :param_1',
    );
    expect(sqlOf(stmt, new MyLike())).toBe(sqlOf(stmt));
  });

  test("[CMP13] can be taken back", () => {
    const takeBack = compiles(Age, "pg-like", () => "first");
    const takeBackSecond = compiles(Age, "pg-like", () => "second");
    expect(sqlOf(age(createdAt), new PgLike())).toBe("second");
    takeBackSecond();
    expect(sqlOf(age(createdAt), new PgLike())).toBe("first");
    takeBack();
    expect(() => sqlOf(age(createdAt), new PgLike())).toThrow(CompileError);
  });

  test("[CMP13] a subclass compiles as its parent does, until it is told otherwise", () => {
    class Exact extends Age {}
    const exact = new Exact(toExpression(createdAt), toExpression(0), "day");
    undo.push(compiles(Age, "default", (node) => `age in ${node.unit}s`));
    expect(sqlOf(exact)).toBe("age in days");
    undo.push(compiles(Exact, "default", () => "exact age"));
    expect([sqlOf(exact), sqlOf(age(createdAt))]).toEqual(["exact age", "age in years"]);
  });

  test("[CMP13] overrides how one dialect writes a class of the toolkit", () => {
    undo.push(
      compiles(
        Cast,
        "my-like",
        (node, compiler) => `${compiler.process(node.operand)}::${compiler.dialect.typeName(node.type, "cast")}`,
      ),
    );
    const cast = select(id.cast(integer()).label("x"));
    expect(sqlOf(cast, new MyLike())).toBe("SELECT users.id::INTEGER AS x FROM users");
    expect(sqlOf(cast)).toBe("SELECT CAST(users.id AS INTEGER) AS x FROM users");
  });

  test("[CMP13] a dialect that was told nothing refuses it by name and says what to do", () => {
    undo.push(compiles(Age, "my-like", () => "age()"));
    const attempt = (): string => sqlOf(select(age(createdAt).label("x")), new PgLike());
    expect(attempt).toThrow(CompileError);
    expect(attempt).toThrow(
      'pg-like does not know how to compile a node of kind "age". Register it with compiles(Age, "pg-like", ...).',
    );
    expect(String(age(createdAt))).toContain('does not know how to compile a node of kind "age"');
  });

  test("[CMP13, CMP12] is walked, copied, compared, keyed and replaced by its declaration", () => {
    undo.push(
      compiles(
        Age,
        "default",
        (node, compiler) => `age(${compiler.process(node.birthday)}, ${compiler.process(node.least)})`,
      ),
    );
    const stmt = select(age(createdAt, 5).label("x"));
    expect([...iterate(stmt)].map((node) => node.kind)).toEqual(["select", "label", "age", "column", "bind"]);
    expect(equals(copyTree(stmt), stmt)).toBe(true);
    expect(sqlOf(copyTree(stmt))).toBe(sqlOf(stmt));
    expect(sameShape(stmt, select(age(createdAt, 6).label("x")))).toBe(true);
    expect(equals(stmt, select(age(createdAt, 6).label("x")))).toBe(false);
    expect(sameShape(stmt, select(age(createdAt, 5, "day").label("x")))).toBe(false);
    expect(new Dialect().compile(stmt).render(stmt).parameters).toEqual([5]);
    const u = users.alias("u");
    expect(sqlOf(replace(stmt, (node) => (node === users ? u : undefined)))).toBe(
      'SELECT age(u."createdAt", :least_1) AS x FROM users AS u',
    );
  });

  test("a kind named like a method of the compiler does not reach that method", () => {
    class Sneaky extends Expression<unknown> {
      static {
        declareNode(Sneaky, "compile", {});
      }
      readonly type = YEARS;
    }
    expect(() => sqlOf(new Sneaky())).toThrow('does not know how to compile a node of kind "compile"');
  });

  test("a class that was never declared is refused by name", () => {
    class Undeclared extends Node {}
    expect(() => copyTree(new Undeclared())).toThrow(ArgumentError);
    expect(() => new Undeclared().shape).toThrow(
      "Undeclared is not declared as a node class. Call declareNode(Undeclared, ...)",
    );
  });
});
