import { describe, expect, expectTypeOf, test } from "vitest";
import { Dialect } from "../dialect.js";
import { array, decorate, integer, MetaData, type Node, select, string, Table, type Typed } from "../index.js";

const cents = decorate(integer(), {
  name: "cents",
  toDatabase: (value: { readonly cents: number }) => value.cents,
  fromDatabase: (value) => ({ cents: value as number }),
  jsType: "Cents",
});
const t = new Table("t", new MetaData(), {
  id: integer().primaryKey(),
  tags: array(string(50)),
  grid: array(array(integer())).nullable(),
  prices: array(cents),
});
const dialect = new Dialect();
const write = (statement: Node): string => dialect.compile(statement).sql;
const value = <T>(of: Typed<T>): T => of as never;

describe("arrays", () => {
  test("[TYP13] have element type and dimensions in DDL and in the row", () => {
    expect([t.c.tags, t.c.grid, t.c.prices].map((column) => dialect.typeName(column.type))).toEqual([
      "VARCHAR(50)[]",
      "INTEGER[][]",
      "INTEGER[]",
    ]);
    expectTypeOf(value(t.c.tags)).toEqualTypeOf<readonly (string | null)[]>();
    expectTypeOf(value(t.c.grid)).toEqualTypeOf<readonly (readonly (number | null)[] | null)[] | null>();
    expect(array(integer()).shape).toBe(array(integer()).shape);
    expect(array(integer()).shape).not.toBe(array(array(integer())).shape);
    expect(array(string(5)).shape).not.toBe(array(string(6)).shape);
  });

  test("[TYP13] elements convert as columns of their type do", () => {
    const { bind, result } = dialect.conversions(array(array(cents)));
    expect(bind?.([[{ cents: 5 }, null]])).toEqual([[5, null]]);
    expect(result?.([[5, null]])).toEqual([[{ cents: 5 }, null]]);
    expect(() => dialect.conversions(array(integer())).bind?.(["x"])).toThrow('integer cannot take "x"');
    for (const wrong of ["a", [[1]], [undefined]])
      expect(() => dialect.conversions(array(integer())).bind?.(wrong)).toThrow("cannot take");
    for (const ragged of [[[1], [1, 2]], [1], [[1], null]])
      expect(() => dialect.conversions(array(array(integer()))).bind?.(ragged)).toThrow("rows have equal lengths");
  });

  test("[TYP13] contains, containedBy, overlaps, concat, any and all", () => {
    expect(write(select(t.c.id).where(array.contains(t.c.tags, ["a"])))).toBe(
      "SELECT t.id FROM t WHERE t.tags @> :param_1",
    );
    expect(write(select(t.c.id).where(array.containedBy(t.c.tags, t.c.tags).not()))).toBe(
      "SELECT t.id FROM t WHERE NOT t.tags <@ t.tags",
    );
    expect(write(select(array.overlaps(array.concat(t.c.tags, ["b"]), ["c"]).label("x")))).toBe(
      "SELECT (t.tags || :param_1) && :param_2 AS x FROM t",
    );
    expect(write(select(t.c.id).where(array.any(t.c.prices, { cents: 5 })))).toBe(
      "SELECT t.id FROM t WHERE :param_1 = ANY (t.prices)",
    );
    expect(write(select(t.c.id).where(array.all(t.c.tags, "m", "lt")))).toBe(
      "SELECT t.id FROM t WHERE :param_1 > ALL (t.tags)",
    );
    const bound = dialect.compile(select(t.c.id).where(array.any(t.c.prices, { cents: 5 })));
    expect(bound.slots[0]?.bind?.type).toBe(cents);
    expect(write(select(array.agg(t.c.prices).label("x")))).toBe("SELECT array_agg(t.prices) AS x FROM t");
    // @ts-expect-error a number is no element of an array of texts
    void (() => array.any(t.c.tags, 5));
    // @ts-expect-error an integer is no array
    void (() => array.contains(t.c.id, ["a"]));
  });

  test("[TYP13] elements and slices keep their types", () => {
    const item = t.c.prices.getItem(1);
    expect(item.type).toBe(cents);
    expect(write(select(item.label("x"), t.c.tags.slice(1, 2).label("y")))).toBe(
      "SELECT t.prices[:param_1] AS x, t.tags[:param_2::param_3] AS y FROM t",
    );
  });

  test("[TYP13] are refused where there are none", () => {
    class Plain extends Dialect {
      override readonly name = "plain";
      override readonly flags = { ...new Dialect().flags, arrays: false };
      override readonly typeRules = Object.fromEntries(
        Object.entries(new Dialect().typeRules).filter(([name]) => name !== "array"),
      );
    }
    const plain = new Plain();
    expect(() => plain.typeName(t.c.tags.type)).toThrow("The type string(50)[] has no name on plain.");
    expect(() => plain.compile(select(array.contains(t.c.tags, ["a"]).label("x")))).toThrow("plain has no arrays");
    expect(() => plain.compile(select(array.any(t.c.tags, "a").label("x")))).toThrow("plain has no arrays");
  });
});

describe("typeCoerce", () => {
  test("[TYP27, EXP23] changes how a value is read and bound, and not the SQL", () => {
    const coerced = t.c.id.typeCoerce(cents);
    const stmt = select(coerced, coerced.label("x")).where(coerced.eq({ cents: 5 }));
    const compiled = dialect.compile(stmt);
    expect(compiled.sql).toBe("SELECT t.id, t.id AS x FROM t WHERE t.id = :id_1");
    expect(compiled.render(stmt).parameters).toEqual([5]);
    expect(compiled.resultColumns?.map(({ key, convert }) => [key, convert?.(7)])).toEqual([
      ["id", { cents: 7 }],
      ["x", { cents: 7 }],
    ]);
    expectTypeOf(value(coerced)).toEqualTypeOf<{ cents: number }>();
  });

  test("[TYP27] of an operator keeps its parentheses", () => {
    expect(
      write(
        select(
          t.c.id
            .add(1)
            .typeCoerce(cents)
            .mul(t.c.id as never)
            .label("x"),
        ),
      ),
    ).toBe("SELECT (t.id + :id_1) * t.id AS x FROM t");
  });
});
