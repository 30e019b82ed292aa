import { type AnyTable, type Column, Expression, Insert, type Node } from "@acme/core";
import { FlushError } from "../errors.js";
import { writeColumn } from "../instrumentation/columns.js";
import type { EntityState } from "../instrumentation/state.js";
import { run } from "../loading/statement.js";
import type { Mapper } from "../mapping/mapper.js";
import type { SessionContext } from "../session/context.js";

type Values = Readonly<Record<string, unknown>>;

/** What a mapping's columns need when a row is inserted. */
interface InsertPlan {
  /** Columns with a default of the toolkit's: a value, or a function that makes one. */
  readonly defaults: readonly (readonly [position: number, make: () => unknown])[];
  /** Columns that the database fills when nothing is given: they are left out then, and read back. */
  readonly omittable: readonly number[];
}

const plans = new WeakMap<Mapper, InsertPlan>();

function planOf(mapper: Mapper): InsertPlan {
  let plan = plans.get(mapper);
  if (plan === undefined) {
    plan = makePlan(mapper);
    plans.set(mapper, plan);
  }
  return plan;
}

function makePlan(mapper: Mapper): InsertPlan {
  const defaults: (readonly [number, () => unknown])[] = [];
  const omittable: number[] = [];
  mapper.keys.forEach((_key, i) => {
    const options = mapper.optionsAt(i);
    const given = options.default;
    if (given instanceof Expression) omittable.push(i);
    else if (given !== undefined)
      defaults.push([i, typeof given === "function" ? (given as () => unknown) : () => given]);
    else if (
      i === mapper.generatedKeyPosition ||
      options.serverDefault !== undefined ||
      options.identity ||
      options.computed
    )
      omittable.push(i);
  });
  return { defaults, omittable };
}

/** New rows of one mapping in one INSERT: they give values for the same columns. */
interface Run {
  readonly states: EntityState[];
  /** Positions that the database fills. */
  readonly omitted: readonly number[];
}

/** Puts rows that give the same columns together, in the order of their adding. */
function runsOf(mapper: Mapper, states: readonly EntityState[]): readonly Run[] {
  const { defaults, omittable } = planOf(mapper);
  const { keys } = mapper;
  const runs: Run[] = [];
  let last = "";
  for (const state of states) {
    const entity = state.entity as Values;
    for (const [position, make] of defaults)
      if (entity[keys[position] as string] === undefined) writeColumn(state, position, make());
    const omitted = omittable.filter((position) => entity[keys[position] as string] === undefined);
    const signature = omitted.join();
    const current = runs.at(-1);
    if (current !== undefined && signature === last) current.states.push(state);
    else runs.push({ states: [state], omitted });
    last = signature;
  }
  return runs;
}

/** Inserts new entities of one mapping. Their generated keys, and what else the database fills, are on them afterwards. */
export async function insertRows(
  context: SessionContext,
  mapper: Mapper,
  states: readonly EntityState[],
  refetch: Set<EntityState>,
): Promise<void> {
  for (const each of runsOf(mapper, states)) {
    const plain = each.states.filter((state) => !hasExpression(state));
    if (plain.length > 0) await insertRun(context, mapper, plain, each.omitted, refetch);
    if (plain.length < each.states.length) {
      for (const state of each.states)
        if (!plain.includes(state)) await insertExpressions(context, mapper, state, each.omitted, refetch);
    }
  }
  for (const state of states) finish(mapper, state);
}

/** Whether a column was set to a SQL expression: `entity.visits = User.c.visits.add(1)`. */
function hasExpression(state: EntityState): boolean {
  const entity = state.entity as Values;
  for (const key of state.mapper.keys) if (entity[key] instanceof Expression) return true;
  return false;
}

async function insertRun(
  context: SessionContext,
  mapper: Mapper,
  states: readonly EntityState[],
  omitted: readonly number[],
  refetch: Set<EntityState>,
): Promise<void> {
  const keys = omitted.length === 0 ? mapper.keys : mapper.keys.filter((_key, i) => !omitted.includes(i));
  const { insertReturning } = context.dialect.flags;
  const rows = states.map((state) => state.entity as Values);
  if (omitted.length === 0) {
    await run(await context.connection(), insertNode(mapper.table, keys, rows, []), undefined, { atomic: false });
  } else if (insertReturning) {
    await insertReturningRows(context, mapper, states, keys, omitted, rows);
  } else {
    await insertTellingKeys(context, mapper, states, keys, omitted, rows, refetch);
  }
}

function insertNode(
  table: AnyTable,
  keys: readonly string[],
  rows: readonly Values[],
  returning: readonly Node[],
): Node {
  return new Insert(table, keys, rows, [], undefined, returning);
}

async function insertReturningRows(
  context: SessionContext,
  mapper: Mapper,
  states: readonly EntityState[],
  keys: readonly string[],
  omitted: readonly number[],
  rows: readonly Values[],
): Promise<void> {
  const returning = omitted.map((position) => mapper.columns[position] as Column);
  const result = await run(await context.connection(), insertNode(mapper.table, keys, rows, returning), undefined, {
    atomic: false,
  });
  if (result.rawRows.length !== states.length) {
    throw new FlushError(
      `The INSERT of ${states.length} ${mapper.name} rows gave ${result.rawRows.length} rows back.`,
      { code: "ROWS_MISSING" },
    );
  }
  const converters = (result.resultColumns ?? []).map((column) => column.convert);
  const back = result.rawRows.map((row) =>
    row.map((value, i) => (value === null || converters[i] === undefined ? value : converters[i](value))),
  );
  const generated = omitted.indexOf(mapper.generatedKeyPosition);
  const ordered = generated === -1 ? back : inOrderOfKeys(back, generated);
  for (let n = 0; n < states.length; n++) {
    const values = ordered[n] as readonly unknown[];
    for (let i = 0; i < omitted.length; i++) writeColumn(states[n] as EntityState, omitted[i] as number, values[i]);
  }
}

/** Generated keys grow from row to row; RETURNING gives no other promise of order. */
function inOrderOfKeys(rows: readonly (readonly unknown[])[], at: number): readonly (readonly unknown[])[] {
  const keys = rows as readonly (readonly (number | bigint)[])[];
  for (let n = 1; n < keys.length; n++) {
    if ((keys[n]?.[at] as number) < (keys[n - 1]?.[at] as number)) {
      return [...keys].sort((a, b) => ((a[at] as number) < (b[at] as number) ? -1 : 1));
    }
  }
  return rows;
}

/**
 * Without RETURNING: where the database counts the keys of one INSERT up without gaps the engine learns them from the first, else
 * the driver tells that of each row. The rest is read afterwards.
 */
async function insertTellingKeys(
  context: SessionContext,
  mapper: Mapper,
  states: readonly EntityState[],
  keys: readonly string[],
  omitted: readonly number[],
  rows: readonly Values[],
  refetch: Set<EntityState>,
): Promise<void> {
  const connection = await context.connection();
  const generated = mapper.generatedKeyPosition;
  const more = omitted.some((position) => position !== generated);
  if (!omitted.includes(generated)) {
    await run(connection, insertNode(mapper.table, keys, rows, []), undefined, { atomic: false });
  } else {
    const options = { atomic: false, insertedKeys: true };
    const name = mapper.keys[generated] as string;
    const together = context.dialect.generatedKeyStep === undefined ? 1 : rows.length;
    for (let at = 0; at < rows.length; at += together) {
      const some = insertNode(mapper.table, keys, rows.slice(at, at + together), []);
      const result = await run(connection, some, undefined, options);
      result.insertedPrimaryKeyRows.forEach((key, n) => {
        writeColumn(states[at + n] as EntityState, generated, key?.[name]);
      });
    }
  }
  if (more) for (const state of states) refetch.add(state);
}

/** A row with SQL expressions in it: written alone, and read back. */
async function insertExpressions(
  context: SessionContext,
  mapper: Mapper,
  state: EntityState,
  omitted: readonly number[],
  refetch: Set<EntityState>,
): Promise<void> {
  const given: Record<string, unknown> = {};
  mapper.keys.forEach((key, i) => {
    if (!omitted.includes(i)) given[key] = (state.entity as Values)[key] ?? null;
  });
  const statement = new Insert<Values>(mapper.table).values(given);
  const result = await run(await context.connection(), statement);
  for (const position of mapper.keyPositions) {
    const key = mapper.keys[position] as string;
    if (omitted.includes(position)) writeColumn(state, position, result.insertedPrimaryKey?.[key]);
  }
  refetch.add(state);
}

/** The entity has a row now: what it holds is what the database has. */
function finish(mapper: Mapper, state: EntityState): void {
  const entity = state.entity as Values;
  const { keys } = mapper;
  const snapshot = new Array<unknown>(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const value = entity[keys[i] as string];
    snapshot[i] = value === undefined ? null : value;
    if (value === undefined) writeColumn(state, i, null);
  }
  const key = mapper.keyOf(snapshot);
  if (key === undefined) {
    const names = mapper.keyPositions.map((position) => keys[position]).join(", ");
    throw new FlushError(`A new ${mapper.name} has no primary key (${names}) after its INSERT.`, {
      code: "NO_KEY",
      remedy: "Give the key a value, or a default that makes one.",
    });
  }
  state.snapshot = snapshot;
  state.key = key;
}
