// The type budget: what our types cost a user's compiler. Generates a project of 25 tables with 12 columns, 25 entities with
// 12 columns and two relationships, and 100 mixed queries, compiles it against the built declarations, and fails when it
// costs more than it may, when it costs more in a larger schema, or when a result type is not exactly what it must be.
import { corePrelude, coreQueries, CORE_KINDS, tables } from "./type-budget/core-project.mjs";
import { check, declarationBytes, measure, ormDeclarations, removeProjects } from "./type-budget/checker.mjs";
import { assertedQueries, plainQueries } from "./type-budget/queries.mjs";

const TABLES = 25;
const QUERIES = 100;
const BUDGET = { table: 350, entity: 400, query: 450, growth: 0, declaration: 2500 };

const lines = [];
const exceeded = [];

/** Adds a line to the table; a figure above its budget fails the run. */
function report(label, figure, { budget, unit = "", digits = 0 } = {}) {
  const shown = figure.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits }) + unit;
  const over = budget !== undefined && figure > budget;
  if (over) exceeded.push(label);
  lines.push([label, shown, budget === undefined ? "" : `<= ${budget.toLocaleString("en")}${unit}`, over ? "EXCEEDED" : ""]);
}

/** Measures one half of the project: declarations of the schema, then queries over it, then both in a schema four times as large. */
function measureHalf(what, { schema, prelude, queries, kinds, budget }) {
  const project = (count, text) => ({ "schema.ts": schema(count), ...(text && { "queries.ts": text }) });
  const plain = (count) => project(count, plainQueries(prelude(TABLES), queries(QUERIES)));
  check(`${what}: asserted queries`, project(TABLES, assertedQueries(prelude(TABLES), queries(QUERIES))));
  const empty = measure(`${what}: nothing`, project(0));
  const declared = measure(`${what}: schema`, project(TABLES));
  const whole = measure(`${what}: schema and queries`, plain(TABLES));
  const large = measure(`${what}: large schema`, project(4 * TABLES));
  const largeWhole = measure(`${what}: large schema and queries`, plain(4 * TABLES));
  const cost = whole.instantiations - declared.instantiations;
  const largeCost = largeWhole.instantiations - large.instantiations;

  report(`instantiations per ${what}`, (declared.instantiations - empty.instantiations) / TABLES, { budget });
  report(`instantiations per ${what}, 26th to 100th`, (large.instantiations - declared.instantiations) / (3 * TABLES), { budget });
  report(`instantiations per query over ${what === "table" ? "tables" : "entities"}`, cost / QUERIES, { budget: BUDGET.query });
  report(`growth of that with ${4 * TABLES} instead of ${TABLES}`, (largeCost / cost - 1) * 100, { budget: BUDGET.growth, unit: " %", digits: 2 });
  report(`.d.ts bytes per ${what}`, declarationBytes(`${what}: declarations`, project(TABLES)) / TABLES, { budget: BUDGET.declaration });
  report(`whole project: instantiations`, whole.instantiations);
  report(`whole project: types`, whole.types);
  report(`whole project: memory of the compiler`, whole.memory, { unit: " MB" });
  lines.push([`  kinds of queries: ${kinds.join(", ")}`]);
}
