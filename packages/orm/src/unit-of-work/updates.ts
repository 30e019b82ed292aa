import { type Column, Expression, type Node, type Operand, param, Update } from "@acme/core";
import { StaleDataError } from "../errors.js";
import { readColumn, writeColumn } from "../instrumentation/columns.js";
import { sameValue } from "../instrumentation/same-value.js";
import { type EntityState, EXPIRED } from "../instrumentation/state.js";
import { run } from "../loading/statement.js";
import type { Mapper } from "../mapping/mapper.js";
import type { SessionContext } from "../session/context.js";

/** The positions of the columns of an entity that differ from its snapshot. */
export function changedPositions(state: EntityState): number[] {
  const { mapper, snapshot, entity } = state;
  const changed: number[] = [];
  if (snapshot === undefined) return changed;
  for (let i = 0; i < snapshot.length; i++) {
    if (state.flags & EXPIRED && !Object.hasOwn(entity, mapper.keys[i] as string)) continue;
    const value = readColumn(state, i);
    if (value !== snapshot[i] && !sameValue(value, snapshot[i])) changed.push(i);
  }
  return changed;
}

/** What the mapping puts into every UPDATE by itself. */
interface UpdatePlan {
  readonly automatic: readonly (readonly [position: number, make: () => unknown])[];
  /** Whether the database changes columns in an UPDATE: they are read back. */
  readonly computes: boolean;
  /** UPDATE statements by the positions that they set. */
  readonly statements: Map<string, Node>;
}

const plans = new WeakMap<Mapper, UpdatePlan>();

function planOf(mapper: Mapper): UpdatePlan {
  let plan = plans.get(mapper);
  if (plan === undefined) {
    const automatic: (readonly [number, () => unknown])[] = [];
    let computes = false;
    mapper.keys.forEach((_key, i) => {
      const { onUpdate, computed } = mapper.optionsAt(i);
      if (onUpdate instanceof Expression || computed !== undefined) computes = true;
      else if (onUpdate !== undefined)
        automatic.push([i, typeof onUpdate === "function" ? (onUpdate as () => unknown) : () => onUpdate]);
    });
    plan = { automatic, computes, statements: new Map() };
    plans.set(mapper, plan);
  }
  return plan;
}

/** The UPDATE that sets some columns of the row with a key; one node for each set of columns, compiled once. */
function statementFor(mapper: Mapper, positions: readonly number[]): Node {
  const { statements } = planOf(mapper);
  const name = positions.join();
  let statement = statements.get(name);
  if (statement === undefined) {
    const given: Record<string, unknown> = {};
    for (const position of positions)
      given[mapper.keys[position] as string] = param(`v${position}`, (mapper.columns[position] as Column).type);
    statement = new Update<Record<string, unknown>>(mapper.table).set(given).where(...keyConditions(mapper));
    statements.set(name, statement);
  }
  return statement;
}

/** `key = :k0`: the row of an entity. */
export function keyConditions(mapper: Mapper): ReturnType<Column["eq"]>[] {
  return mapper.keyPositions.map((position) => {
    const column = mapper.columns[position] as Column;
    return column.eq(param(`k${position}`, column.type) as Operand<unknown>);
  });
}

/** The parameters of {@link keyConditions}: the key that the row has, whatever the entity says by now. */
export function keyParameters(state: EntityState): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const position of state.mapper.keyPositions) parameters[`k${position}`] = state.snapshot?.[position];
  return parameters;
}

/** Writes the changed columns of entities of one mapping: entities that change the same columns share one statement. */
export async function updateRows(
  context: SessionContext,
  mapper: Mapper,
  states: readonly EntityState[],
  refetch: Set<EntityState>,
): Promise<void> {
  const plan = planOf(mapper);
  const bySet = new Map<string, { readonly positions: readonly number[]; readonly states: EntityState[] }>();
  for (const state of states) {
    const changed = changedPositions(state);
    if (changed.length === 0) continue;
    for (const [position, make] of plan.automatic) {
      if (changed.includes(position)) continue;
      writeColumn(state, position, make());
      changed.push(position);
    }
    if (plan.computes) refetch.add(state);
    const expression = changed.some((position) => readColumn(state, position) instanceof Expression);
    if (expression) {
      await updateExpressions(context, mapper, state, changed);
      refetch.add(state);
      continue;
    }
    const name = changed.join();
    const same = bySet.get(name);
    if (same === undefined) bySet.set(name, { positions: changed, states: [state] });
    else same.states.push(state);
  }
  for (const group of bySet.values()) await updateGroup(context, mapper, group.positions, group.states);
}

async function updateGroup(
  context: SessionContext,
  mapper: Mapper,
  positions: readonly number[],
  states: readonly EntityState[],
): Promise<void> {
  const sets = states.map((state) => {
    const parameters = keyParameters(state);
    for (const position of positions) parameters[`v${position}`] = readColumn(state, position) ?? null;
    return parameters;
  });
  const result = await run(await context.connection(), statementFor(mapper, positions), sets, { atomic: false });
  checkCount(mapper, "UPDATE", states.length, result.rowCount);
  for (const state of states) settle(state, positions);
}

/** A row that gets a SQL expression: written alone, and read back. */
async function updateExpressions(
  context: SessionContext,
  mapper: Mapper,
  state: EntityState,
  positions: readonly number[],
): Promise<void> {
  const given: Record<string, unknown> = {};
  for (const position of positions) given[mapper.keys[position] as string] = readColumn(state, position) ?? null;
  const statement = new Update<Record<string, unknown>>(mapper.table).set(given).where(...keyConditions(mapper));
  const result = await run(await context.connection(), statement, keyParameters(state));
  checkCount(mapper, "UPDATE", 1, result.rowCount);
  settle(state, positions);
}

/** What was written becomes the snapshot. The old one stays as it is: a rollback goes back to it. */
function settle(state: EntityState, positions: readonly number[]): void {
  const snapshot = [...(state.snapshot as unknown[])];
  for (const position of positions) snapshot[position] = readColumn(state, position) ?? null;
  state.snapshot = snapshot;
}

/** Throws StaleDataError when fewer rows were met than were to be written. */
export function checkCount(mapper: Mapper, verb: "UPDATE" | "DELETE", expected: number, met: number): void {
  if (met === -1 || met >= expected) return;
  throw new StaleDataError(`The ${verb} of ${expected} ${mapper.name} row(s) met ${met}.`, {
    remedy: "Somebody else has deleted rows or changed their keys: roll back, read again, and repeat.",
  });
}
