import type { ParameterValues } from "../compile/compiled.js";
import type { Dialect } from "../dialect/dialect.js";
import { ArgumentError } from "../errors/index.js";
import { flattenBinds, type Node } from "../visit/node.js";
import type { AnyInsert } from "./inserted-key.js";
import { type KeyReading, keyReading } from "./inserted-keys.js";
import { type Arrange, arrangement, askingFor, sentinelOf } from "./ordered-rows.js";
import type { Plan } from "./plan.js";

/** One call of the driver within a batch: a text, and the values of each of its executions. */
export interface BatchCall {
  readonly sql: string;
  readonly sets: readonly (readonly unknown[])[];
  /** Whether the text will be seen again. */
  readonly prepare: boolean;
}

/** A batch: its calls are made while they are executed, so that values are converted a few thousand rows at a time. */
export interface Batch {
  /** True when the whole batch is one statement of the database, which is all or nothing by itself. */
  readonly single: boolean;
  /** What is executed: the statement's own plan, or that of one that asks for more to know the order of its rows. */
  readonly plan: Plan;
  readonly calls: Iterable<BatchCall>;
  /** Brings the rows of one call into the order of the input; undefined where they come in it. */
  readonly arrange?: Arrange | undefined;
  /** How the keys of the rows are learnt where somebody wants them and there is no RETURNING. */
  readonly keys?: KeyReading | undefined;
}

/** What making batches needs of the engine. */
export interface BatchHost {
  readonly dialect: Dialect;
  planFor(statement: Node): Plan;
}

/**
 * Rows in one `INSERT ... VALUES (..), (..)`. Measured with 7 columns: SQLite takes 0.55 of the time of single rows with 10,
 * 0.50 with 50 and 100, 0.6 with 500; PostgreSQL 0.17 with 10, 0.07 with 100, 0.05 from 200 on, where parsing the text
 * of a rest that is not prepared costs more.
 */
const PAGE_ROWS = 100;
/** A rest of so many rows is likely to come again (an ORM flushes few objects at a time): its text is prepared. */
const COMMON_REST = 10;
/** Executions handed to the driver in one call. */
const SETS_PER_CALL = 50;
/** The same where one execution is one row. */
const ROWS_PER_CALL = 1000;

/**
 * An INSERT of many plain rows. Where the dialect writes several rows in one statement, full pages share one text that is
 * prepared once; otherwise, and where this statement has no row to repeat (`DEFAULT VALUES`), one row is executed many times.
 *
 * The rows of RETURNING come in the order of the input: executions are made in that order, and where the rows of one statement
 * come in an arbitrary order, they are arranged by a column that tells it (`ordered-rows.ts`), or each execution is of one row.
 * `pageRows` is the most rows of a page.
 */
export function insertBatch(host: BatchHost, plan: Plan, statement: AnyInsert, pageRows: number = PAGE_ROWS): Batch {
  const { insertMany, insertReturningOrder, maxInsertRows, maxParameters } = host.dialect.flags;
  const { rows } = statement;
  const ordered = statement.returningItems.length === 0 || insertReturningOrder === "input";
  const many = insertMany === "multiRow" && plan.compiled.rowTemplate !== undefined;
  const sentinel = many && !ordered ? sentinelOf(host.dialect, statement, plan.compiled) : undefined;
  if (!many || (!ordered && sentinel === undefined)) return rowByRow(plan, statement);
  const executed = sentinel === undefined ? statement : askingFor(statement, sentinel.columns);
  const executedPlan = sentinel === undefined ? plan : host.planFor(executed);
  const { compiled } = executedPlan;
  const binds = flattenBinds(executed.binds);
  const { row, outside } = compiled.multiRowWidths;
  const fitting = row === 0 ? 1 : Math.floor((maxParameters - outside) / row);
  const size = Math.max(1, Math.min(pageRows, fitting, maxInsertRows));
  const page = (from: number, to: number): readonly unknown[] => compiled.multiRowValues(rows, from, to, binds);
  return {
    single: rows.length <= size,
    plan: executedPlan,
    calls: pages(executedPlan, rows.length, size, page),
    arrange: sentinel === undefined ? undefined : arrangement(sentinel, compiled),
  };
}

function rowByRow(plan: Plan, statement: AnyInsert): Batch {
  const { compiled } = plan;
  const { rows } = statement;
  const binds = flattenBinds(statement.binds);
  const sets = (from: number, to: number): unknown[][] =>
    rows.slice(from, to).map((row) => compiled.rowValues(row, binds));
  return {
    single: rows.length === 1,
    plan,
    calls: slices(rows.length, ROWS_PER_CALL, (from, to) => ({
      sql: compiled.sql,
      sets: sets(from, to),
      prepare: true,
    })),
  };
}

function* pages(
  plan: Plan,
  count: number,
  size: number,
  page: (from: number, to: number) => readonly unknown[],
): Generator<BatchCall, void> {
  const full = count - (count % size);
  yield* slices(full, size * SETS_PER_CALL, (from, to) => {
    const sets: (readonly unknown[])[] = [];
    for (let at = from; at < to; at += size) sets.push(page(at, at + size));
    return { sql: plan.page(size), sets, prepare: true };
  });
  const rest = count - full;
  if (rest === 0) return;
  const common = rest <= COMMON_REST;
  yield { sql: common ? plan.page(rest) : plan.compiled.multiRowSql(rest), sets: [page(full, count)], prepare: common };
}

/**
 * An INSERT of many plain rows whose keys are wanted, on a database without RETURNING; undefined where it does not tell them.
 */
export function keyedBatch(host: BatchHost, plan: Plan, statement: AnyInsert, pageRows?: number): Batch | undefined {
  if (statement.conflicts.length > 0) return undefined;
  const keys = keyReading(host.dialect, statement, plan.compiled);
  if (keys === undefined) return undefined;
  const batch = insertBatch(host, plan, statement, pageRows);
  return { ...batch, keys, calls: keys.pageByPage ? pageByPage(batch.calls) : batch.calls };
}

function* pageByPage(calls: Iterable<BatchCall>): Generator<BatchCall, void> {
  for (const call of calls) for (const set of call.sets) yield { ...call, sets: [set] };
}

/** A statement that is executed once for each parameter set. */
export function parameterBatch(plan: Plan, statement: Node, sets: readonly ParameterValues[]): Batch {
  const { compiled } = plan;
  if (compiled.kind === "select") {
    throw new ArgumentError("A SELECT takes one set of parameters, not a list of them.", {
      code: "MANY_PARAMETERS",
      remedy: "Execute it once for each set.",
    });
  }
  return { single: sets.length <= 1, plan, calls: parameterCalls(plan, statement, sets) };
}

function* parameterCalls(plan: Plan, statement: Node, sets: readonly ParameterValues[]): Generator<BatchCall, void> {
  const { compiled } = plan;
  for (let at = 0; at < sets.length; ) {
    // Sets with lists of other lengths have other texts: those that follow each other with the same text go together.
    const first = compiled.render(statement, sets[at]);
    const group = [first.parameters];
    for (at += 1; at < sets.length && group.length < ROWS_PER_CALL; at++) {
      const { sql, parameters } = compiled.render(statement, sets[at]);
      if (sql !== first.sql) break;
      group.push(parameters);
    }
    yield { sql: first.sql, sets: group, prepare: plan.driverOptions.prepare ?? false };
  }
}

function* slices(
  count: number,
  size: number,
  make: (from: number, to: number) => BatchCall,
): Generator<BatchCall, void> {
  for (let from = 0; from < count; from += size) yield make(from, Math.min(from + size, count));
}
