// The type budget: what our types cost a user's compiler. Generates a project of 25 tables with 12 columns, 25 entities with
// 12 columns and two relationships, and 100 mixed queries over each, compiles it against the built declarations, and fails
// when it costs more than it may, when it costs more in a larger schema, or when a result type is not exactly what it must
// be. `--kinds` also prints the cost of each kind of query.
import { declarationsOf, measure, removeProjects } from "./type-budget/checker.mjs";
import { coreHalf } from "./type-budget/core-project.mjs";
import { entityHalf } from "./type-budget/entity-project.mjs";
import { assertedQueries, plainQueries, queriesOf } from "./type-budget/queries.mjs";

const SIZE = 25;
const QUERIES = 100;
const BUDGET = { table: 350, entity: 400, query: 450, growth: 0, declarations: 2500 };

const rows = [["", "measured", "budget"]];
const exceeded = [];

/** Adds a row to the table; a figure above its budget fails the run. */
function report(label, figure, { budget, unit = "", digits = 0 } = {}) {
  const shown = (number) => `${number.toLocaleString("en", { maximumFractionDigits: digits })}${unit}`;
  const over = budget !== undefined && figure > budget;
  if (over) exceeded.push(`${label}: ${shown(figure)}`);
  rows.push([label, shown(figure), budget === undefined ? "" : `<= ${shown(budget)}`]);
}

/** Measures one half: the schema alone, queries over it, and the same queries in a schema four times as large. */
function measureHalf({ what, schema, prelude, kinds }, budget) {
  const over = prelude(SIZE);
  const queries = queriesOf(kinds, QUERIES);
  const project = (size, text) => ({ "schema.ts": schema(size), ...(text && { "queries.ts": text }) });
  const cost = (size, list) => {
    const alone = measure(`${size} ${what.many}`, project(size)).instantiations;
    const whole = measure(`${size} ${what.many} and queries`, project(size, plainQueries(over, list)));
    return { ...whole, schema: alone, queries: whole.instantiations - alone };
  };

  const asserted = project(SIZE, assertedQueries(over, queries));
  const declarations = declarationsOf(`asserted queries over ${what.many}`, asserted);
  const nothing = measure(`no ${what.many}`, project(0)).instantiations;
  const small = cost(SIZE, queries);
  const large = cost(4 * SIZE, queries);

  report(`instantiations per ${what.one}`, (small.schema - nothing) / SIZE, { budget });
  report(`instantiations per query over ${what.many}`, small.queries / QUERIES, { budget: BUDGET.query });
  report(`growth of that with four times as many ${what.many}`, (large.queries / small.queries - 1) * 100, {
    budget: BUDGET.growth,
    unit: " %",
    digits: 2,
  });
  report(`bytes of .d.ts per ${what.one}`, declarations["schema.d.ts"] / SIZE, { budget: BUDGET.declarations });
  report(`${SIZE} ${what.many}, ${QUERIES} queries: instantiations`, small.instantiations);
  report(`${SIZE} ${what.many}, ${QUERIES} queries: types`, small.types);
  report(`${SIZE} ${what.many}, ${QUERIES} queries: memory`, small.memory, { unit: " MB" });
  if (process.argv.includes("--kinds")) reportKinds(kinds, (list) => cost(SIZE, list).queries);
}

/** The cost of a further query of each kind: the second ten of that kind alone. */
function reportKinds(kinds, costOf) {
  for (const kind of kinds) {
    const all = queriesOf([kind], 20);
    report(`  ${all[0].kind}`, (costOf(all) - costOf(all.slice(0, 10))) / 10);
  }
}

measureHalf(coreHalf, BUDGET.table);
measureHalf(entityHalf, BUDGET.entity);
removeProjects();

const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows) {
  const [label, ...figures] = row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])));
  console.log([label, ...figures].join("   ").trimEnd());
}
if (exceeded.length > 0) console.error(`\nOver the type budget:\n  ${exceeded.join("\n  ")}`);
process.exitCode = exceeded.length > 0 ? 1 : 0;
