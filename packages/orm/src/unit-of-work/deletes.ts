import { type Column, Delete, type Node, Update } from "@acme/core";
import { writeColumn } from "../instrumentation/columns.js";
import type { EntityState } from "../instrumentation/state.js";
import { columnsAt, mapKey, oneOf } from "../loading/conditions.js";
import { run } from "../loading/statement.js";
import type { Mapper } from "../mapping/mapper.js";
import type { Relationship } from "../relationship/relationship.js";
import type { SessionContext } from "../session/context.js";
import { deleteAssociations } from "./associations.js";
import { byMapper, chunked } from "./group.js";
import { sortMappers, sortRows } from "./order.js";
import { checkCount, keyConditions, keyParameters } from "./updates.js";

const CHUNK = 500;

/** Deletes entities: what refers to others goes first. */
export async function deleteRows(context: SessionContext, states: ReadonlySet<EntityState>): Promise<void> {
  const groups = byMapper(states);
  for (const [mapper, list] of groups) {
    for (const relationship of mapper.relationships) {
      if (relationship.options.passiveDeletes) continue;
      if (relationship.direction === "manyToMany") await deleteAssociations(context, relationship, list);
      else if (relationship.direction === "oneToMany" && !relationship.cascade.delete)
        await letGo(context, relationship, list, states);
    }
  }
  for (const { mappers, circular } of [...sortMappers(groups.keys())].reverse()) {
    const members = mappers.flatMap((mapper) => groups.get(mapper) ?? []);
    const steps = circular ? [...(await sorted(context, members))].reverse() : [members];
    for (const step of steps) for (const [mapper, list] of byMapper(step)) await deleteStep(context, mapper, list);
  }
}

/** Rows in an order in which those that are referred to come first; a circle is broken by clearing a foreign key. */
async function sorted(
  context: SessionContext,
  members: readonly EntityState[],
): Promise<readonly (readonly EntityState[])[]> {
  const byKey = new Map<string, EntityState>();
  const name = (table: unknown, columns: readonly Column[], values: readonly unknown[]): string =>
    `${tableNumber(table)}:${columns.map((column) => column.key).join()}:${String(mapKey(values))}`;
  const keysOf = new Map<Mapper, Set<string>>();
  for (const { mapper } of members) {
    for (const key of mapper.table.foreignKeys) {
      const other = members.find((state) => state.mapper.table === (key.targetTable as unknown))?.mapper;
      if (other === undefined) continue;
      const wanted = keysOf.get(other) ?? new Set<string>();
      keysOf.set(other, wanted.add(key.targets.map((column) => other.position(column)).join()));
    }
  }
  for (const state of members) {
    for (const positions of keysOf.get(state.mapper) ?? []) {
      const at = positions.split(",").map(Number);
      byKey.set(
        name(
          state.mapper.table,
          columnsAt(state.mapper.columns, at),
          at.map((position) => state.snapshot?.[position]),
        ),
        state,
      );
    }
  }
  const { steps, deferred } = sortRows(members, (state) =>
    state.mapper.table.foreignKeys.flatMap((key) => {
      const positions = key.columns.map((column) => state.mapper.position(column));
      const values = positions.map((position) => state.snapshot?.[position]);
      const on = values.some((value) => value === null || value === undefined)
        ? undefined
        : byKey.get(name(key.targetTable, key.targets, values));
      if (on === undefined || on === state) return [];
      return [{ on, link: { child: state, positions } }];
    }),
  );
  for (const { child, positions } of deferred) await clearColumns(context, child, positions);
  return steps;
}

const tableNumbers = new WeakMap<object, number>();
let lastTable = 0;

function tableNumber(table: unknown): number {
  const key = table as object;
  let found = tableNumbers.get(key);
  if (found === undefined) {
    lastTable += 1;
    found = lastTable;
    tableNumbers.set(key, found);
  }
  return found;
}

async function clearColumns(context: SessionContext, state: EntityState, positions: readonly number[]): Promise<void> {
  const { mapper } = state;
  const nulls = Object.fromEntries(positions.map((position) => [mapper.keys[position], null]));
  const statement = new Update<Record<string, unknown>>(mapper.table).set(nulls).where(...keyConditions(mapper));
  await run(await context.connection(), statement, keyParameters(state));
}

/** The rows that refer to deleted entities and are not deleted with them lose their owner, whether they are loaded or not. */
async function letGo(
  context: SessionContext,
  relationship: Relationship,
  owners: readonly EntityState[],
  deleted: ReadonlySet<EntityState>,
): Promise<void> {
  const { target, remote, local } = relationship;
  // A foreign key that must have a value keeps the database from deleting the owner: its error says so.
  if (remote.some((position) => target.columns[position]?.nullable !== true)) return;
  const keys = new Map<unknown, readonly unknown[]>();
  for (const owner of owners) {
    const values = local.map((position) => owner.snapshot?.[position]);
    keys.set(mapKey(values), values);
  }
  const nulls = Object.fromEntries(remote.map((position) => [target.keys[position], null]));
  for (const chunk of chunked([...keys.values()], CHUNK)) {
    const condition = oneOf(columnsAt(target.columns, remote), chunk, context.dialect.flags.tupleComparison);
    await run(
      await context.connection(),
      new Update<Record<string, unknown>>(target.table).set(nulls).where(condition),
    );
  }
  for (const state of context.identities.of(target)) {
    if (deleted.has(state) || !keys.has(mapKey(remote.map((position) => state.snapshot?.[position])))) continue;
    context.memory.record(state);
    const snapshot = [...(state.snapshot as unknown[])];
    for (const position of remote) {
      snapshot[position] = null;
      writeColumn(state, position, null);
    }
    state.snapshot = snapshot;
  }
}

/** Deletes rows of one table by lists of keys. */
async function deleteStep(context: SessionContext, mapper: Mapper, states: readonly EntityState[]): Promise<void> {
  const connection = await context.connection();
  const [first, second] = mapper.keyPositions;
  if (second !== undefined) {
    const statement: Node = new Delete(mapper.table).where(...keyConditions(mapper));
    const result = await run(connection, statement, states.map(keyParameters), { atomic: false });
    checkCount(mapper, "DELETE", states.length, result.rowCount);
    return;
  }
  const column = mapper.columns[first as number] as Column;
  for (const chunk of chunked(states, CHUNK)) {
    const statement = new Delete(mapper.table).where(
      column.in(chunk.map((state) => state.snapshot?.[first as number])),
    );
    const { rowCount } = await run(connection, statement);
    checkCount(mapper, "DELETE", chunk.length, rowCount);
  }
}
