import { readFileSync } from "node:fs";
import {
  AcmeError,
  array,
  bigInteger,
  boolean,
  date,
  dateTime,
  double,
  enumeration,
  float,
  integer,
  interval,
  json,
  largeBinary,
  type Node,
  numeric,
  smallInteger,
  string,
  text,
  time,
  uuid,
  type ValueType,
} from "@acme/core";
import { Dialect, type DialectFlags, STANDARD_FLAGS } from "@acme/core/dialect";
import { CONSTRUCTS } from "./constructs.js";
import { textOf, withoutPlaceholders } from "./dialects.js";

/** A dialect for one product or version, under the title of its column. */
export interface Variant {
  readonly title: string;
  readonly dialect: Dialect;
}

const TYPES: Readonly<Record<string, ValueType<unknown, unknown>>> = {
  "integer()": integer(),
  "smallInteger()": smallInteger(),
  "bigInteger()": bigInteger(),
  "numeric(10, 2)": numeric(10, 2),
  "numeric()": numeric(),
  "double()": double(),
  "float()": float(),
  "boolean()": boolean(),
  "string(50)": string(50),
  "string()": string(),
  "text()": text(),
  "uuid()": uuid(),
  'enumeration(["a", "b"])': enumeration(["a", "b"]),
  "date()": date(),
  "time()": time(),
  "dateTime()": dateTime(),
  "dateTime({ timezone: true })": dateTime({ timezone: true }),
  "interval()": interval(),
  "largeBinary()": largeBinary(),
  "largeBinary(20)": largeBinary(20),
  "json()": json(),
  "array(integer())": array(integer()),
};

/** Text as code in a cell of a table. */
function code(text: string): string {
  const shown = text.replaceAll("|", "\\|");
  return shown.includes("`") ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}

/** What is compiled, or the sentence that refuses it. */
function attempt(dialect: Dialect, make: () => string): { readonly text: string } | { readonly refusal: string } {
  try {
    return { text: make().replaceAll(/\s+/g, " ") };
  } catch (error) {
    if (error instanceof AcmeError) return { refusal: error.message.replace(`${dialect.name} `, "") };
    throw error;
  }
}

/** Columns of equal cells are one. */
function merged(variants: readonly Variant[], head: readonly string[], rows: readonly (readonly string[])[]): string {
  const own = variants.map((_variant, i) => rows.map((row) => row[head.length + i]));
  if (variants.length < 2 || own.some((column) => column.join("\n") !== own[0]?.join("\n"))) {
    return table([...head, ...variants.map(({ title }) => title)], rows);
  }
  const titles = variants.map(({ title }) => title).join(", ");
  return table(
    [...head, titles],
    rows.map((row) => row.slice(0, head.length + 1)),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The names of the portable types. */
export function typeTable(variants: readonly Variant[]): string {
  const rows = Object.entries(TYPES).map(([name, type]) => [
    code(name),
    code(type.jsType),
    ...variants.map(({ dialect }) => {
      const made = attempt(dialect, () => dialect.typeName(type));
      return "text" in made ? code(made.text) : `refused: ${made.refusal}`;
    }),
  ]);
  return merged(variants, ["type", "JavaScript"], rows);
}

const PRINTING = new Dialect();

type Outcome = "standard" | "own" | "refused";

function outcomesOf(node: Node, variants: readonly Variant[]) {
  const standard = attempt(PRINTING, () => textOf(node, PRINTING));
  return variants.map(({ title, dialect }) => {
    const made = attempt(dialect, () => textOf(node, dialect));
    if ("refusal" in made) return { title, outcome: "refused" as Outcome, text: made.refusal };
    const same = "text" in standard && withoutPlaceholders(standard.text) === withoutPlaceholders(made.text);
    return { title, outcome: (same ? "standard" : "own") as Outcome, text: made.text };
  });
}

/** What is written as in standard SQL by all variants. */
export function standardList(variants: readonly Variant[]): string {
  const names = Object.entries(CONSTRUCTS)
    .filter(([, node]) => outcomesOf(node, variants).every(({ outcome }) => outcome === "standard"))
    .map(([name]) => name);
  return `${names.join(", ")}.`;
}

/** What is written differently: the database's own words, or what means the same. */
export function ownTable(variants: readonly Variant[]): string {
  const rows: string[][] = [];
  for (const [name, node] of Object.entries(CONSTRUCTS)) {
    const texts = new Map<string, string[]>();
    const all = outcomesOf(node, variants);
    for (const { title, outcome, text: written } of all) {
      if (outcome === "own") texts.set(written, [...(texts.get(written) ?? []), title]);
    }
    for (const [written, titles] of texts) {
      const where = titles.length === variants.length ? "" : ` (${titles.join(", ")})`;
      rows.push([`${name}${where}`, code(written)]);
    }
  }
  return table(["construct", "SQL"], rows);
}

/** What is refused, and why. */
export function refusalTable(variants: readonly Variant[]): string {
  const rows: string[][] = [];
  for (const [name, node] of Object.entries(CONSTRUCTS)) {
    const all = outcomesOf(node, variants);
    if (all.every(({ outcome }) => outcome !== "refused")) continue;
    const cells = all.map(({ outcome, text: why }) => (outcome === "refused" ? why : "yes"));
    rows.push([name, ...cells.map((cell, i) => (i > 0 && cell === cells[0] ? "the same" : cell))]);
  }
  return table(["construct", ...variants.map(({ title }) => title)], rows);
}

const flagsSource = readFileSync(new URL("../../../packages/core/src/dialect/flags.ts", import.meta.url), "utf8");

/** The first sentence that the source says of a flag; empty for one that explains itself. */
function meaningOf(flag: string): string {
  const found = new RegExp(`((?:^ *(?:/\\*\\*|\\*).*\\n)+) *readonly ${flag}:`, "m").exec(flagsSource);
  const text = (found?.[1] ?? "")
    .replaceAll(/^ *\/?\*+\/?/gm, "")
    .replaceAll("*/", "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return (/^.*?(?<!\.)\.(?= [A-Z-]|$)/.exec(text)?.[0] ?? text).replaceAll("|", "\\|");
}

function valueOf(flags: DialectFlags, flag: keyof DialectFlags): string {
  const value = flags[flag];
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${inner}`)
    .join(", ");
}

/** The flags in which the dialect is not standard SQL. */
export function flagTable(variants: readonly Variant[]): string {
  const flags = (Object.keys(STANDARD_FLAGS) as (keyof DialectFlags)[]).filter((flag) =>
    variants.some(({ dialect }) => valueOf(dialect.flags, flag) !== valueOf(STANDARD_FLAGS, flag)),
  );
  return table(
    ["flag", ...variants.map(({ title }) => title), "what it says"],
    flags.map((flag) => [code(flag), ...variants.map(({ dialect }) => valueOf(dialect.flags, flag)), meaningOf(flag)]),
  );
}

/** Names and limits. */
export function factTable(variants: readonly Variant[]): string {
  const row = (name: string, read: (dialect: Dialect) => string): string[] => [
    name,
    ...variants.map(({ dialect }) => read(dialect)),
  ];
  return merged(
    variants,
    [""],
    [
      row("name of the dialect", (dialect) => code(dialect.name)),
      row("drivers, the first by default", (dialect) => Object.keys(dialect.drivers).map(code).join(", ")),
      row("placeholders", (dialect) => code([1, 2].map((i) => dialect.placeholder(i, `p${i}`)).join(", "))),
      row("parameters of a statement", (dialect) => dialect.flags.maxParameters.toLocaleString("en")),
      row("length of a name", (dialect) =>
        Number.isFinite(dialect.flags.maxIdentifierLength) ? String(dialect.flags.maxIdentifierLength) : "any",
      ),
      row("a name in quotes", (dialect) => code(dialect.quote("order"))),
    ],
  );
}
