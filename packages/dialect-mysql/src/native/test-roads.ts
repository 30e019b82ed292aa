import { valueRoads } from "@acme/testkit";
import { mysqlTypes as my } from "./index.js";

const TRICKY = `it's "q" \\ back % é 日本 😀`;
const bytes = (...list: number[]): Uint8Array => new Uint8Array(list);

/** Native types of both products on every road of a value. */
export const nativeRoads = valueRoads("native types of MySQL and MariaDB", [
  { title: "[MY26] tinyint", type: my.tinyint, values: [-128, 127] },
  { title: "[MY26] tinyint unsigned", type: () => my.tinyint({ unsigned: true }), values: [0, 255] },
  { title: "[MY26] smallint unsigned", type: () => my.smallint({ unsigned: true }), values: [0, 65_535] },
  { title: "[MY26] mediumint", type: my.mediumint, values: [-8_388_608, 8_388_607] },
  { title: "[MY26] mediumint unsigned", type: () => my.mediumint({ unsigned: true }), values: [0, 16_777_215] },
  { title: "[MY26] int", type: my.int, values: [-2_147_483_648, 2_147_483_647] },
  {
    title: "[MY26] int unsigned zerofill",
    type: () => my.int({ zerofill: true, width: 5 }),
    values: [0, 7, 4_294_967_295],
  },
  { title: "[MY26] bigint", type: my.bigint, values: [-(2n ** 63n), 2n ** 63n - 1n] },
  {
    title: "[MY26] bigint unsigned",
    type: () => my.bigint({ unsigned: true }),
    values: [0n, 9_007_199_254_740_993n, 2n ** 63n, 2n ** 64n - 1n],
  },
  { title: "[MY26] year", type: my.year, values: [0, 1901, 2155] },
  { title: "[MY26] bit(1)", type: () => my.bit(1), values: [0n, 1n], unordered: true },
  { title: "[MY26] bit(12)", type: () => my.bit(12), values: [0n, 4095n, 256n], unordered: true },
  { title: "[MY26] bit(64)", type: () => my.bit(64), values: [0n, 2n ** 64n - 1n], unordered: true },
  {
    title: "[MY26] set",
    type: () => my.set(["a", "it's", 'so "so"', "日"]),
    values: [[], ["a"], ["a", "it's", 'so "so"', "日"]],
    unordered: true,
  },
  { title: "[MY26] char", type: () => my.char(40), values: ["", "x", TRICKY] },
  { title: "[MY26] varchar in latin1", type: () => my.varchar(20, { charset: "latin1" }), values: ["", "é ü ß"] },
  {
    title: "[MY26] varchar with a collation",
    type: () => my.varchar(40, { charset: "utf8mb4", collation: "utf8mb4_bin" }),
    values: ["a", "A", TRICKY],
  },
  { title: "[MY26] tinytext", type: my.tinytext, values: ["", TRICKY, "x".repeat(255)] },
  { title: "[MY26] text", type: my.text, values: ["", TRICKY] },
  { title: "[MY26] mediumtext", type: my.mediumtext, values: ["", TRICKY, "x".repeat(70_000)] },
  { title: "[MY26] longtext", type: my.longtext, values: ["", TRICKY] },
  { title: "[MY26] binary", type: () => my.binary(3), values: [bytes(0, 0, 0), bytes(1, 255, 0)], unordered: true },
  {
    title: "[MY26] varbinary",
    type: () => my.varbinary(300),
    values: [bytes(), bytes(0, 39, 92, 255)],
    unordered: true,
  },
  { title: "[MY26] tinyblob", type: my.tinyblob, values: [bytes(), bytes(0, 255)], unordered: true },
  { title: "[MY26] mediumblob", type: my.mediumblob, values: [bytes(0, 1, 2)], unordered: true },
  { title: "[MY26] blob", type: my.blob, values: [bytes(0, 1, 2)], unordered: true },
  { title: "[MY26] longblob", type: my.longblob, values: [bytes(0, 1, 2)], unordered: true },
]);

/** Native types of MariaDB alone. */
export const mariadbRoads = valueRoads("native types of MariaDB", [
  { title: "inet4", type: my.inet4, values: ["0.0.0.0", "10.1.2.3", "255.255.255.255"] },
  { title: "inet6", type: my.inet6, values: ["::", "2001:db8::ff00:42:8329", "::ffff:10.0.0.1"] },
]);
