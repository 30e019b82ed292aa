import { decorate, integer, string } from "@acme/core";
import { valueRoads } from "@acme/testkit";
import {
  bit,
  cidr,
  citext,
  daterange,
  hstore,
  inet,
  int4range,
  int8range,
  jsonpath,
  jsonText,
  macaddr,
  macaddr8,
  money,
  multirange,
  numrange,
  oid,
  pgDomain,
  pgEnum,
  Range,
  regclass,
  tsquery,
  tsrange,
  tstzrange,
  tsvector,
  varbit,
  xml,
} from "./index.js";

const TRICKY = `it's "q" \\ back\\\\ , {} [] () => NULL é 日本 😀`;
const at = (iso: string): Date => new Date(iso);
const mood = pgEnum("mood", ["sad", "it's", 'so "so"', "Änders"]);
const small = pgDomain("small", integer());
const shout = decorate(string(20), {
  name: "shout",
  toDatabase: (value: string) => value.toLowerCase(),
  fromDatabase: (value: string) => value.toUpperCase(),
});

/** Native types on every road of a value. */
export const nativeRoads = valueRoads("native types of PostgreSQL", [
  { title: "[PG37] inet", type: inet, values: ["10.0.0.1", "10.1.0.0/16", "::1", "2001:db8::ff00:42:8329/64"] },
  { title: "[PG37] cidr", type: cidr, values: ["10.0.0.0/8", "2001:db8::/32"] },
  { title: "[PG37] macaddr", type: macaddr, values: ["08:00:2b:01:02:03"], unordered: true },
  { title: "[PG37] macaddr8", type: macaddr8, values: ["08:00:2b:01:02:03:04:05"], unordered: true },
  { title: "bit(8)", type: () => bit(8), values: ["00000000", "10000001", "11111111"], unordered: true },
  { title: "bit varying", type: () => varbit(), values: ["", "1", "0", "1".repeat(100)], unordered: true },
  {
    title: "[PG39] money",
    noArray: true,
    type: money,
    values: ["0.00", "-12.34", "92233720368547758.07", "-92233720368547758.08"],
  },
  { title: "[PG39] oid", type: oid, values: [0, 4_294_967_295], unordered: true },
  { title: "[PG39] regclass", type: regclass, values: ["pg_class", "pg_type"], unordered: true },
  { title: "[PG39] citext", type: citext, values: ["", "MiXeD", TRICKY] },
  { title: "xml", type: xml, values: ["<a>1 &lt; 2</a>", '<a b="c">é</a>'], incomparable: true },
  { title: "jsonpath", type: jsonpath, values: ['$."a"', '$."a"?(@ > 1)'], incomparable: true },
  { title: "json as text", type: jsonText, values: ['{"b": 1,   "a": 2, "a": 3}', "null"], incomparable: true },
  {
    title: "hstore",
    type: hstore,
    values: [{}, { a: "1", b: null }, { [TRICKY]: TRICKY, __proto__x: "" }],
    unordered: true,
  },
  {
    title: "[PG31] int4range",
    type: int4range,
    values: [new Range(1, 10), new Range<number>(null, 5), new Range(-2_147_483_648, null), Range.empty<number>()],
    unordered: true,
  },
  {
    title: "[PG31] int8range",
    type: int8range,
    values: [new Range(9_007_199_254_740_993n, 9_223_372_036_854_775_807n)],
    unordered: true,
  },
  {
    title: "[PG31] numrange",
    type: numrange,
    values: [
      new Range("0.10", "12345678901234567890.123456789", "[]"),
      new Range("1", "2", "(]"),
      new Range(null, null),
    ],
    unordered: true,
  },
  {
    title: "[PG31] daterange",
    type: daterange,
    values: [new Range("2024-02-29", "2024-03-01"), new Range("0001-01-01", null)],
    unordered: true,
  },
  {
    title: "[PG31] tsrange",
    type: tsrange,
    values: [new Range(at("2024-02-29T13:00:00.123Z"), at("2024-03-31T02:30:00Z"), "[]")],
    unordered: true,
  },
  {
    title: "[PG31] tstzrange",
    type: tstzrange,
    values: [new Range(at("2024-02-29T13:00:00.123Z"), null), new Range(null, at("9999-12-31T23:59:59.999Z"), "()")],
    unordered: true,
  },
  {
    title: "int4multirange",
    type: () => multirange(int4range()),
    values: [[], [new Range(1, 3), new Range(5, null)]],
    unordered: true,
  },
  {
    title: "tstzmultirange",
    type: () => multirange(tstzrange()),
    values: [[new Range(at("2024-01-01T00:00:00Z"), at("2024-01-02T00:00:00Z"), "[]")]],
    unordered: true,
  },
  { title: "tsvector", type: tsvector, values: ["", "'cat':3 'fat':2", "'it''s':1"], unordered: true },
  { title: "tsquery", type: tsquery, values: ["'fat' & 'cat'", "!'dog' | 'a b'"], unordered: true },
  { title: "[PG35] an enum type", type: () => mood, values: ["sad", "it's", 'so "so"', "Änders"] },
  { title: "a domain", type: () => small, values: [0, -5] },
  { title: "a domain over a type of one's own", type: () => pgDomain("shouted", shout), values: ["LOUD", "IT'S"] },
]);
