import {
  array,
  BindParameter,
  bigInteger,
  boolean,
  date,
  dateTime,
  decorate,
  double,
  type Expression,
  enumeration,
  exact,
  func,
  integer,
  interval,
  json,
  largeBinary,
  literal,
  numeric,
  select,
  smallInteger,
  string,
  text,
  time,
  uuid,
  type ValueType,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { type RoadCase, valueRoads } from "./value-roads.js";

const bytes = (...list: number[]): Uint8Array => new Uint8Array(list);
const TRICKY = `it's "quoted" \\ back\\\\slash % _ ; -- /* */ \n\t ${"é"} ${"日本語"} ${"😀"} $1 :name ?`;

class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
}

const money = decorate(integer(), {
  name: "money",
  toDatabase: (value: Money) => value.cents,
  fromDatabase: (cents) => new Money(cents),
});

/** Stored in small letters, read in capitals: the conversion is SQL's. */
const shouted = decorate(string(50), {
  name: "shouted",
  toDatabase: (value: string) => value,
  fromDatabase: (value) => value as string,
  bindExpression: (value) => func.lower(value as Expression<string>),
  columnExpression: (value) => func.upper(value as Expression<string>),
});

/** Instants with any offset, stored as wall-clock time in UTC. */
const utc = decorate(dateTime({ as: "string" }), {
  name: "utc",
  toDatabase: (value: string) => new Date(value).toISOString().slice(0, -1),
  fromDatabase: (text) => new Date(`${text}Z`).toISOString(),
});

/** A document as text, for databases and tools that know no JSON. */
const jsonString = decorate(text(), {
  name: "json string",
  toDatabase: (value: unknown) => JSON.stringify(value),
  fromDatabase: (value) => JSON.parse(value) as unknown,
});

/** Numbers that are rounded to cents on their way in. */
const rounded = decorate(numeric(12, 2), {
  name: "rounded",
  toDatabase: (value: number) => (Math.round(value * 100) / 100).toFixed(2) as `${number}`,
  fromDatabase: Number,
});

const CASES: readonly RoadCase[] = [
  {
    title: "[TYP39] recipe of UTC timestamps",
    type: () => utc as ValueType<unknown, unknown>,
    values: ["2024-03-31T01:30:00.123Z", "1970-01-01T00:00:00.000Z"],
  },
  {
    title: "[TYP39] recipe of GUIDs, native or not",
    type: () => uuid().variant("sqlite", string(36)) as ValueType<unknown, unknown>,
    values: ["6f9619ff-8b86-4d11-b42d-00cf4fc964ff"],
    unordered: true,
  },
  {
    title: "[TYP39] recipe of JSON in strings",
    type: () => jsonString as ValueType<unknown, unknown>,
    values: [{ a: [1, "it's"] }, [], "text"],
    unordered: true,
  },
  {
    title: "[TYP39] recipe of rounded numbers",
    type: () => rounded as ValueType<unknown, unknown>,
    values: [0, -12.34, 99.99],
  },
  { title: "[TYP3] integer", type: integer, values: [0, 1, -1, 2_147_483_647, -2_147_483_648] },
  { title: "[TYP3] smallInteger", type: smallInteger, values: [0, 32_767, -32_768] },
  {
    title: "[TYP3] bigInteger",
    type: bigInteger,
    values: [0n, 9_007_199_254_740_993n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n],
  },
  {
    title: "[TYP4] numeric with scale",
    type: () => numeric(12, 4),
    values: ["0.0000", "1.5000", "-12345678.1234", "99999999.9999"],
  },
  {
    title: "[TYP4] numeric of 38 digits",
    type: () => numeric(38, 10),
    values: ["1234567890123456789012345678.0123456789", "-0.0000000001"],
    options: { needs: "exactNumerics" },
  },
  { title: "[TYP4] numeric as number", type: () => numeric(10, 2, { as: "number" }), values: [0, 1.25, -99.99] },
  { title: "[TYP5] double", type: double, values: [0, 1.1, -2.5e-7, 1.7976931348623157e308, 5e-300] },
  { title: "[TYP6] boolean", type: boolean, values: [true, false] },
  { title: "[TYP2] string", type: () => string(200), values: ["a", " padded ", TRICKY, "x".repeat(200)] },
  { title: "[TYP2] text of any length", type: text, values: ["a", TRICKY, "ü".repeat(70_000)], unordered: true },
  { title: "[TYP2] the empty string", type: () => string(5), values: [""], options: { needs: "emptyStringIsNotNull" } },
  { title: "[TYP7] date", type: date, values: ["2024-02-29", "1970-01-01", "9999-12-31", "1582-10-10"] },
  { title: "[TYP7] date in year 1", type: date, values: ["0001-01-01"], options: { needs: "yearOne" } },
  { title: "[TYP7] time", type: time, values: ["00:00:00", "23:59:59", "12:30:00.5", "12:30:00.123456"] },
  {
    title: "[TYP7] dateTime without time zone",
    type: dateTime,
    values: [
      new Date(0),
      new Date("2024-03-31T01:30:00.123Z"),
      new Date("2024-10-27T00:30:00Z"),
      new Date("9999-12-31T23:59:59.999Z"),
    ],
  },
  {
    title: "[TYP7] dateTime with time zone is an instant",
    type: () => dateTime({ timezone: true }),
    values: [new Date(0), new Date("2024-03-31T02:30:00.001Z"), new Date("2024-10-27T01:30:00Z")],
  },
  {
    title: "[TYP7] dateTime as text keeps microseconds",
    type: () => dateTime({ as: "string" }),
    values: ["2024-02-29T13:00:00.123456", "2024-02-29T13:00:00"],
  },
  {
    title: "[TYP9] largeBinary",
    type: largeBinary,
    values: [bytes(0), bytes(0, 255, 39, 92, 10), new Uint8Array(100_000).map((_, i) => i % 251)],
    unordered: true,
  },
  {
    title: "[TYP12] json",
    type: () => json(),
    values: [{ a: [1, 2.5, null, true], "k'\"\\": TRICKY, nested: { deep: [] } }, [], "text", 5, false],
    unordered: true,
  },
  {
    title: "[TYP11] uuid",
    type: uuid,
    values: ["6f9619ff-8b86-4d11-b42d-00cf4fc964ff", "00000000-0000-0000-0000-000000000000"],
    unordered: true,
  },
  {
    title: "[TYP10] enumeration",
    type: () => enumeration(["small", "it's", "très grand"]),
    values: ["small", "it's", "très grand"],
    unordered: true,
  },
  {
    title: "[TYP8] interval",
    type: () => interval(),
    values: ["PT0S", "P1DT2H3M4.000005S", "-P1DT0.5S", "PT23H59M59.999999S", "P100000D", "-PT0.000001S"],
  },
  {
    title: "[TYP8] interval as microseconds",
    type: () => interval({ as: "microseconds" }),
    values: [0n, 1n, -90_061_000_001n, 8_640_000_000_000_000n],
  },
  {
    title: "[TYP13] array",
    noArray: true,
    type: () => array(integer()) as ValueType<unknown, unknown>,
    values: [[], [1, null, -3], [2_147_483_647]],
    options: { needs: "arrays" },
  },
  {
    title: "[TYP13] array of texts",
    noArray: true,
    type: () => array(string(100)) as ValueType<unknown, unknown>,
    values: [["", "NULL", "null", TRICKY, '{"a"}', null, "a,b", " "], ["x"]],
    options: { needs: "arrays" },
  },
  {
    title: "[TYP13] array of two dimensions of a decorated type",
    noArray: true,
    type: () => array(array(money)) as ValueType<unknown, unknown>,
    values: [
      [
        [new Money(1), new Money(2)],
        [new Money(3), null],
      ],
    ],
    options: { needs: "arrays" },
  },
  {
    title: "[TYP13] array of instants, decimals and bytes",
    noArray: true,
    type: () => array(dateTime({ timezone: true })) as ValueType<unknown, unknown>,
    values: [[new Date(0), new Date("2024-03-31T02:30:00.001Z"), null]],
    options: { needs: "arrays" },
  },
  {
    title: "[TYP13] array of bytes",
    noArray: true,
    type: () => array(largeBinary()) as ValueType<unknown, unknown>,
    values: [[bytes(), bytes(0, 34, 92, 255), null]],
    options: { needs: "arrays" },
  },
  {
    title: "[TYP13] array of decimals",
    noArray: true,
    type: () => array(numeric(12, 4)) as ValueType<unknown, unknown>,
    values: [["1.5000", "-0.0001"]],
    options: { needs: "arrays" },
  },
  { title: "[TYP16] VARCHAR", type: () => exact.varchar(50), values: ["a", "it's"] },
  { title: "[TYP16] DECIMAL", type: () => exact.decimal(10, 2), values: ["1.50", "-0.01"] },
  { title: "[TYP16] SMALLINT", type: () => exact.smallint(), values: [0, -32_768] },
  { title: "[TYP16] REAL", type: () => exact.real(), values: [0, 1.5, -2.25] },
  {
    title: "[TYP17] decorated type",
    type: () => money as ValueType<unknown, unknown>,
    values: [new Money(0), new Money(-250)],
  },
  {
    title: "[TYP21] type with SQL around its values",
    noArray: true,
    type: () => shouted as ValueType<unknown, unknown>,
    values: ["HELLO", "IT'S", "A-B"],
  },
  {
    title: "[TYP19] type with variants",
    type: () => string(50).variant(["postgresql", "mariadb"], enumeration(["a", "b"]) as ValueType<string>),
    values: ["a", "b"],
  },
];

/** Value types: what goes in comes out, wherever it comes out. */
export const typeRoadChapter: Chapter = valueRoads("types on every road", CASES);

/** Literals, and values that a type refuses. */
export const typeChapter: Chapter = {
  title: "types",
  declare({ test }) {
    test("[TYP39] the recipes convert what they are given", {}, async (conn) => {
      const read = (value: unknown, type: ValueType<unknown, unknown>) =>
        conn.execute(select(new BindParameter(value, type, "v").label("v"))).scalar();
      expect(await read("2024-03-31T03:30:00+02:00", utc as never)).toBe("2024-03-31T01:30:00.000Z");
      expect(await read(1.005 + 1e-9, rounded as never)).toBe(1.01);
      expect(await read(-2.344, rounded as never)).toBe(-2.34);
      expect(await read({ n: null }, jsonString as never)).toEqual({ n: null });
      expect(await read("6F9619FF-8B86-4D11-B42D-00CF4FC964FF", uuid())).toBe("6f9619ff-8b86-4d11-b42d-00cf4fc964ff");
    });

    const literals: readonly (readonly [string, Expression<unknown>])[] = [
      ["text", literal(TRICKY)],
      ["a number", literal(-5)],
      ["a fraction", literal(2.5)],
      ["a bigint", literal(9_223_372_036_854_775_807n)],
      ["a date", literal("2024-02-29", date())],
      ["an instant", literal(new Date("2024-02-29T13:00:00.123Z"))],
      ["bytes", literal(bytes(0, 255, 39, 92))],
      ["a decimal", literal("12.50", numeric(10, 2))],
    ];
    for (const [title, bound] of literals) {
      test(`[TYP20][CMP19] ${title} written as a literal equals the bound value`, {}, async (conn) => {
        const inlined = (bound as BindParameter<unknown>).inlined();
        const cast = (expression: Expression<unknown>): Expression<unknown> =>
          title === "a decimal" ? expression.cast(numeric(10, 2)) : expression;
        const same = select(
          cast(inlined)
            .eq(cast(bound) as never)
            .label("same"),
        );
        expect(await conn.execute(same).scalar()).toBe(true);
      });
    }

    const refused: readonly (readonly [string, ValueType<unknown, unknown>, unknown])[] = [
      ["a text for an integer", integer(), "1"],
      ["a fraction for an integer", integer(), 1.5],
      ["an unsafe integer", integer(), 2 ** 53],
      ["more than 64 bits", bigInteger(), 2n ** 63n],
      ["text that is no decimal", numeric(10, 2), "1,5"],
      ["NaN for a decimal", numeric(10, 2), Number.NaN],
      ["a number for a boolean", boolean(), 1],
      ["a day that does not exist", date(), "2023-02-29"],
      ["an invalid Date", dateTime(), new Date("x")],
      ["an instant without time zone", dateTime({ timezone: true, as: "string" }), "2024-01-01T00:00:00"],
      ["a text for bytes", largeBinary(), "abc"],
      ["a text that is no UUID", uuid(), "1234"],
      ["a value outside the enumeration", enumeration(["a", "b"]), "c"],
    ];
    for (const [title, type, value] of refused) {
      test(`refuses ${title}, before anything is sent`, {}, async (conn) => {
        await expect(async () => conn.execute(select(new BindParameter(value, type, "v")))).rejects.toMatchObject({
          name: "DataError",
          code: "VALUE_REFUSED",
        });
        expect(await conn.execute(select(literal(1))).scalar()).toBe(1);
      });
    }
  },
};
