import { type AnyTable, and, type Column, Delete, Insert, type Node, type Operand, param } from "@acme/core";
import { FlushError, StaleDataError } from "../errors.js";
import { readColumn } from "../instrumentation/columns.js";
import { stateOf } from "../instrumentation/entity-root.js";
import type { EntityState } from "../instrumentation/state.js";
import { mapKey, oneOf } from "../loading/conditions.js";
import { run } from "../loading/statement.js";
import { RelatedArray, UnloadedCollection } from "../relationship/collection.js";
import type { Relationship } from "../relationship/relationship.js";
import type { Secondary } from "../relationship/resolve.js";
import type { SessionContext } from "../session/context.js";
import { chunked } from "./group.js";

const CHUNK = 500;

interface Pair {
  readonly relationship: Relationship;
  readonly secondary: Secondary;
  readonly owner: EntityState;
  readonly related: EntityState;
}

type Row = Record<string, unknown>;

/** The rows of association tables that have to be inserted and deleted. Both sides of a relationship name a pair: it counts once. */
export class Associations {
  private readonly added: Pair[] = [];
  private readonly removed: Pair[] = [];
  private readonly met = new Map<unknown, Map<EntityState, Set<EntityState>>>();

  /** Reads the changes of many-to-many collections. */
  collect(states: Iterable<EntityState>, isDeleted: (state: EntityState) => boolean): void {
    for (const owner of states) {
      for (const relationship of owner.changes?.keys() ?? []) {
        const { secondary } = relationship;
        const value = owner.related?.[relationship.index];
        if (secondary === undefined || !(value instanceof RelatedArray || value instanceof UnloadedCollection))
          continue;
        const { added, removed } = value.delta;
        const pair = (item: object): Pair => ({ relationship, secondary, owner, related: stateOf(item) });
        for (const each of added.map(pair)) if (this.counts(each, isDeleted)) this.added.push(each);
        for (const each of removed.map(pair)) if (this.counts(each, isDeleted)) this.removed.push(each);
      }
    }
  }

  /** Whether a pair is new here, and not of an entity that is deleted: all its rows go anyway. */
  private counts({ secondary, owner, related }: Pair, isDeleted: (state: EntityState) => boolean): boolean {
    if (isDeleted(owner) || isDeleted(related) || related.liveScope === undefined) return false;
    const table = this.met.get(secondary.table) ?? new Map<EntityState, Set<EntityState>>();
    this.met.set(secondary.table, table);
    if (table.get(owner)?.has(related) || table.get(related)?.has(owner)) return false;
    const own = table.get(owner) ?? new Set<EntityState>();
    table.set(owner, own.add(related));
    return true;
  }

  /** Deletes the rows of removed pairs. */
  async deleteRemoved(context: SessionContext): Promise<void> {
    for (const [table, pairs] of byTable(this.removed)) {
      const { secondary } = pairs[0] as Pair;
      const columns = [...secondary.local, ...secondary.remote];
      const conditions = columns.map((column) => column.eq(param(column.key, column.type) as Operand<unknown>));
      const statement = new Delete(table).where(...conditions);
      const result = await run(await context.connection(), statement, pairs.map(rowOf), { atomic: false });
      if (result.rowCount !== -1 && result.rowCount < pairs.length) {
        throw new StaleDataError(`The DELETE of ${pairs.length} row(s) of "${table.name}" met ${result.rowCount}.`, {
          remedy: "Somebody else has removed them: roll back, read again, and repeat.",
        });
      }
    }
  }

  /** Inserts the rows of added pairs. */
  async insertAdded(context: SessionContext): Promise<void> {
    for (const [table, pairs] of byTable(this.added)) {
      const rows = pairs.map(rowOf);
      const keys = table.columns.map((column) => column.key).filter((key) => key in (rows[0] as Row));
      const statement: Node = new Insert(table, keys, rows);
      await run(await context.connection(), statement, undefined, { atomic: false });
    }
  }
}

function byTable(pairs: readonly Pair[]): Map<AnyTable, Pair[]> {
  const groups = new Map<AnyTable, Pair[]>();
  for (const pair of pairs) {
    // Pairs that both sides of a self-reference name have their columns the other way round: they are a group of their own
    // only by table, since each row is made from its own relationship.
    const same = groups.get(pair.secondary.table);
    if (same === undefined) groups.set(pair.secondary.table, [pair]);
    else same.push(pair);
  }
  return groups;
}

function rowOf({ relationship, secondary, owner, related }: Pair): Row {
  const row: Row = {};
  const put = (columns: readonly Column[], state: EntityState, positions: readonly number[]): void => {
    columns.forEach((column, i) => {
      const value = readColumn(state, positions[i] as number);
      if (value === undefined || value === null) {
        throw new FlushError(`${relationship} leads to a ${state.mapper.name} that is not saved.`, {
          code: "UNSAVED_RELATED",
          remedy: "Add it to the session, or let the relationship cascade save-update.",
        });
      }
      row[column.key] = value;
    });
  };
  put(secondary.local, owner, relationship.local);
  put(secondary.remote, related, relationship.remote);
  return row;
}

/** Deletes all rows of an association table that refer to entities which are about to be deleted. */
export async function deleteAssociations(
  context: SessionContext,
  relationship: Relationship,
  states: readonly EntityState[],
): Promise<void> {
  const { secondary } = relationship;
  if (secondary === undefined) return;
  const keys = new Map<unknown, readonly unknown[]>();
  for (const state of states) {
    const values = relationship.local.map((position) => state.snapshot?.[position]);
    keys.set(mapKey(values), values);
  }
  for (const chunk of chunked([...keys.values()], CHUNK)) {
    const condition = oneOf(secondary.local, chunk, context.dialect.flags.tupleComparison);
    await run(await context.connection(), new Delete(secondary.table).where(and(condition)));
  }
}
