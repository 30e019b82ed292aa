import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import {
  DataError,
  decorate,
  integer,
  json,
  MetaData,
  numeric,
  select,
  statementKey,
  string,
  Table,
} from "../index.js";

class Money {
  readonly cents: bigint;
  constructor(cents: bigint) {
    this.cents = cents;
  }
}

const money = decorate(numeric(12, 2), {
  name: "money",
  toDatabase: (value: Money) => `${value.cents / 100n}.${String(value.cents % 100n).padStart(2, "0")}`,
  fromDatabase: (value) => new Money(BigInt(String(value).replace(".", ""))),
});

/** A type on a decorated type. */
const price = decorate(money, {
  name: "price",
  toDatabase: (value: { readonly money: Money }) => value.money,
  fromDatabase: (value) => ({ money: value as Money }),
});

const host = new Dialect();

describe("a decorated type", () => {
  test("[TYP17] converts on the way in and out, and stores as what it stands on", () => {
    const { bind, result } = host.conversions(money);
    expect(bind?.(new Money(1250n))).toBe("12.50");
    expect(result?.("12.50")).toEqual(new Money(1250n));
    expect(host.typeName(money)).toBe("NUMERIC(12, 2)");
    expect([money.name, String(money)]).toEqual(["numeric", "money"]);
  });

  test("[TYP17] may stand on another decorated type", () => {
    const { bind, result } = host.conversions(price);
    expect(bind?.({ money: new Money(5n) })).toBe("0.05");
    expect(result?.("0.05")).toEqual({ money: new Money(5n) });
    expect(host.typeName(price)).toBe("NUMERIC(12, 2)");
  });

  test("[TYP17] what it gives is checked by the type that it stands on", () => {
    const careless = decorate(integer(), {
      name: "careless",
      toDatabase: (value: string) => value as unknown as number,
      fromDatabase: String,
    });
    expect(() => host.conversions(careless).bind?.("x")).toThrow(DataError);
    expect(() => host.conversions(careless).bind?.("x")).toThrow('integer cannot take "x"');
  });

  test("[TYP17] may turn a value into NULL, and is never asked about NULL", () => {
    const asked: unknown[] = [];
    const noted = <T>(value: T): T => {
      asked.push(value);
      return value;
    };
    const trimmed = decorate(
      decorate(string(20), {
        name: "inner",
        toDatabase: (value: string) => value,
        fromDatabase: (value) => value as string,
      }),
      {
        name: "trimmed",
        toDatabase: (value: string) => (noted(value).trim() === "" ? null : value.trim()),
        fromDatabase: (value) => String(noted(value)),
      },
    );
    const shouting = new (class extends Dialect {
      override readonly typeRules = {
        ...new Dialect().typeRules,
        string: { ddl: "TEXT", bind: () => (value: unknown) => (value as string).toUpperCase() },
      };
    })();
    expect([" a ", "  "].map((value) => shouting.conversions(trimmed).bind?.(value))).toEqual(["A", null]);
    const table = new Table("t", new MetaData(), { x: trimmed.nullable() });
    const compiled = host.compile(select(table.c.x).where(table.c.x.eq("  ")));
    expect(compiled.render(select(table.c.x).where(table.c.x.eq("  "))).parameters).toEqual([null]);
    const nothing = decorate(json(), {
      name: "doc",
      toDatabase: (value: object) => value,
      fromDatabase: (value) => noted(value),
    });
    expect(host.conversions(nothing).result?.("null")).toBeNull();
    expect(asked).not.toContain(null);
  });

  test("[TYP17, TYP38] two decorations are two types in a statement's key, one decoration is one", () => {
    const make = () => decorate(string(), { name: "s", toDatabase: (value: string) => value, fromDatabase: String });
    const [one, two] = [make(), make()];
    const table = new Table("t", new MetaData(), { x: string() });
    const key = (type: typeof one): unknown => statementKey(select(table.c.x.cast(type).label("x")));
    expect(key(one)).toBe(key(one));
    expect(key(one)).not.toBe(key(two));
  });

  test("[TYP17] literals are written by the type that it stands on", () => {
    const table = new Table("t", new MetaData(), { x: money });
    const bound = select(table.c.x).where(table.c.x.eq(new Money(99n)));
    expect(host.compile(bound).render(bound).parameters).toEqual(["0.99"]);
  });
});
