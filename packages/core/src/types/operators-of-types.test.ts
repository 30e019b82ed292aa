import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import {
  type Conversion,
  date,
  decorate,
  type ExpressionNode,
  func,
  integer,
  literal,
  MetaData,
  type Node,
  select,
  string,
  Table,
  text,
  ValueType,
} from "../index.js";
import type { OperatorName } from "../sql/operators.js";

/** A point in the plane: equal if the database says that it is the same, moved by a number. */
class Point extends ValueType<readonly [number, number]> {
  readonly name = "point";

  override toDatabase(): Conversion {
    return (value) => `(${(value as readonly number[]).join(",")})`;
  }

  override ddl(): string {
    return "POINT";
  }

  override operate(op: OperatorName, [left, right]: readonly [ExpressionNode, ...unknown[]]) {
    if (op === "eq")
      return func(
        "same",
        left,
        literal(right as readonly [number, number], this as ValueType<readonly [number, number]>),
      )
        .returns(integer())
        .eq(1);
    return undefined;
  }

  override operandType(op: OperatorName, value: unknown): ValueType<unknown, unknown> {
    return op === "mul" && typeof value === "number" ? integer() : this;
  }

  override resultType(op: OperatorName, right: ValueType<unknown, unknown>): ValueType<unknown, unknown> | undefined {
    return op === "sub" && right.name === "point" ? integer() : undefined;
  }
}

const t = new Table("t", new MetaData(), { id: integer().primaryKey(), p: new Point(), q: new Point() });
const dialect = new Dialect();
const write = (statement: Node): string => dialect.compile(statement).sql;

describe("operators of a type's own", () => {
  test("[TYP22] a type says what an operator means", () => {
    expect(write(select(t.c.id).where(t.c.p.eq([1, 2])))).toBe(
      "SELECT t.id FROM t WHERE same(t.p, :param_1) = :same_1",
    );
    expect(write(select(t.c.id).where(t.c.p.ne([1, 2])))).toBe("SELECT t.id FROM t WHERE t.p != :p_1");
  });

  test("[TYP24] a type says which type a plain value beside it has", () => {
    const product = t.c.p.mul(5 as never);
    const compiled = dialect.compile(select(product.label("x")));
    expect(compiled.sql).toBe("SELECT t.p * :p_1 AS x FROM t");
    expect(compiled.slots.map((slot) => slot.bind?.type.name)).toEqual(["integer"]);
    expect(dialect.compile(select(t.c.id).where(t.c.p.lt([1, 2]))).slots[0]?.bind?.type.name).toBe("point");
  });

  test("a type says which type an operator gives, else the wider number wins", () => {
    expect(t.c.p.sub(t.c.q).type.name).toBe("integer");
    expect(t.c.p.add(t.c.q).type.name).toBe("point");
  });

  test("two dates are not computed with one another: no two databases mean the same by it", () => {
    const d = new Table("d", new MetaData(), { a: date(), b: date() });
    expect(() => d.c.a.sub(d.c.b)).toThrow("There is no arithmetic between date and date that all databases have.");
    expect(() => d.c.a.sub("2024-02-29")).toThrow(expect.objectContaining({ code: "MOMENT_ARITHMETIC" }));
  });

  test("[TYP22, TYP24] a decorated type redefines operators, and the type beside it", () => {
    const folded = decorate(string(50), {
      name: "folded",
      toDatabase: (value: string) => value,
      fromDatabase: (value) => value as string,
      operate: (op, [left, right]) =>
        op === "eq"
          ? func("lower", left)
              .returns(string())
              .eq(func.lower(literal(right as string)))
          : undefined,
      operandType: (op) => (op === "like" || op === "ne" ? text() : undefined),
    });
    const f = new Table("f", new MetaData(), { v: folded });
    expect(write(select(f.c.v).where(f.c.v.eq("A")))).toBe("SELECT f.v FROM f WHERE lower(f.v) = lower(:param_1)");
    expect(dialect.compile(select(f.c.v).where(f.c.v.ne("A"))).slots[0]?.bind?.type.name).toBe("text");
    expect(dialect.compile(select(f.c.v).where(f.c.v.gt("A"))).slots[0]?.bind?.type).toBe(folded);
  });
});

class Other extends Dialect {
  override readonly name = "other";
}

describe("a type with variants", () => {
  const stored = string(10)
    .variant(
      "other",
      decorate(date(), { name: "d", toDatabase: (v: string) => v.slice(1), fromDatabase: (v) => `d${v}` }),
    )
    .variant(["third", "fourth"], text());

  test("[TYP19] is another type on the named dialects: name, conversion and result", () => {
    const other = new Other();
    expect([dialect, other].map((on) => on.typeName(stored))).toEqual(["VARCHAR(10)", "DATE"]);
    expect(dialect.conversions(stored).bind?.("d2024-01-01")).toBe("d2024-01-01");
    expect(other.conversions(stored).bind?.("d2024-01-01")).toBe("2024-01-01");
    expect(other.conversions(stored).result?.("2024-01-01")).toBe("d2024-01-01");
    const table = new Table("v", new MetaData(), { v: stored });
    const columns = (on: Dialect) => on.compile(select(table.c.v)).resultColumns?.map(({ typeName }) => typeName);
    expect([columns(dialect), columns(other)]).toEqual([["string"], ["date"]]);
  });

  test("[TYP19, TYP38] is one type in keys when its variants are", () => {
    const make = () => string(10).variant("other", text());
    expect(make().shape).toBe(make().shape);
    expect(make().shape).not.toBe(string(10).shape);
    expect(make().shape).not.toBe(string(10).variant("other", string(20)).shape);
    expect(make().shape).not.toBe(string(10).variant("another", text()).shape);
  });
});
