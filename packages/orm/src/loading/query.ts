import {
  type Conversion,
  type ExecutionOptions,
  type ExpressionNode,
  type Node,
  type Parameters,
  Result,
  type ResultColumn,
  Select,
} from "@acme/core";
import type { EntityState } from "../instrumentation/state.js";
import type { SessionContext } from "../session/context.js";
import { attachJoined, firstColumn, type ItemStates } from "./attach.js";
import { entityColumns, type HydrateOptions, hydrate } from "./hydrate.js";
import { ItemReader } from "./item-reader.js";
import { type JoinedSelect, ownerOf, sourceOf, withJoinedLoads } from "./joined.js";
import { loadOptionsOf } from "./option.js";
import { loadRelated } from "./related.js";
import { type AnySelect, run } from "./statement.js";

/** How a query of a session goes. */
export interface QueryOptions extends ExecutionOptions {
  /** Overwrites entities that are in the session already with what the query reads. Default false. */
  readonly populateExisting?: boolean | undefined;
}

/** The elements of what a statement returns: the select list, RETURNING, or that of the first query of a set operation. */
function itemsOf(statement: Node): readonly Node[] {
  const { items, returningItems, queries } = statement as Node & {
    readonly items?: readonly Node[];
    readonly returningItems?: readonly Node[];
    readonly queries?: readonly Node[];
  };
  const [first] = queries ?? [];
  return first === undefined ? (items ?? returningItems ?? []) : itemsOf(first);
}

type Row = readonly unknown[];

/** Executes a statement; entities in its rows are those of the session, with what the options load. */
export async function query(
  context: SessionContext,
  statement: Node,
  parameters: Parameters | undefined,
  options: QueryOptions = {},
): Promise<Result<unknown, Row>> {
  const connection = await context.connection();
  const items = itemsOf(statement);
  const loads = loadOptionsOf(statement);
  if (!items.some((item) => sourceOf(item) !== undefined)) {
    const [first] = loads;
    if (first !== undefined) ownerOf(items, first);
    return run(connection, statement, parameters, options);
  }
  const prepared: JoinedSelect =
    statement instanceof Select ? withJoinedLoads(statement as AnySelect, loads) : { statement, joined: [] };
  const result = await run(connection, prepared.statement, parameters, options);
  const { rawRows: raw, resultColumns: columns = [] } = result;
  const how: HydrateOptions = { populateExisting: options.populateExisting ?? false };
  const states = new Map<number, ItemStates>();
  items.forEach((item, i) => {
    const source = sourceOf(item);
    if (source !== undefined)
      states.set(i, hydrate(context, entityColumns(source.mapper, firstColumn(columns, i), columns), raw, how).states);
  });
  attachJoined(context, prepared.joined, states, raw, columns, how);
  for (const node of loads) {
    const owners = new Set(states.get(ownerOf(items, node)));
    owners.delete(null);
    await loadRelated(context, [...owners] as EntityState[], node, how);
  }
  const rows = finished(items, columns, raw, states);
  const repeats = prepared.joined.some((item) => item.relationship.isCollection);
  const reader = new ItemReader(items.map(readItem), columns);
  return new Result<unknown, Row>({ reader, rows: repeats ? distinct(rows) : rows, rowCount: result.rowCount });
}

function readItem(item: Node): { readonly name: string | undefined; readonly expression: Node } {
  const source = sourceOf(item);
  return { name: source === undefined ? (item as ExpressionNode).resultName : source.name, expression: item };
}

/** Rows with one value for each item. */
function finished(
  items: readonly Node[],
  columns: readonly ResultColumn[],
  raw: readonly Row[],
  states: ReadonlyMap<number, ItemStates>,
): Row[] {
  const alone = items.length === 1 ? states.get(0) : undefined;
  if (alone !== undefined) return alone.map((state) => [state === null ? null : state.entity]);
  const read = items.map((_item, i) => states.get(i) ?? valueReader(columns, firstColumn(columns, i)));
  return raw.map((row, n) =>
    read.map((each) => {
      if (typeof each === "function") return each(row);
      return (each[n] as EntityState | null)?.entity ?? null;
    }),
  );
}

function valueReader(columns: readonly ResultColumn[], at: number): (row: Row) => unknown {
  const convert: Conversion | undefined = columns[at]?.convert;
  if (convert === undefined) return (row) => row[at];
  return (row) => (row[at] === null ? null : convert(row[at]));
}

/** Rows without those that are equal to an earlier one: a joined collection repeats its owner. */
function distinct(rows: readonly Row[]): Row[] {
  interface Branch {
    readonly next: Map<unknown, Branch>;
  }
  const root: Branch = { next: new Map() };
  return rows.filter((row) => {
    let branch = root;
    let fresh = false;
    for (const value of row) {
      const key = value instanceof Date ? `date:${value.getTime()}` : value;
      let next = branch.next.get(key);
      if (next === undefined) {
        fresh = true;
        next = { next: new Map() };
        branch.next.set(key, next);
      }
      branch = next;
    }
    return fresh;
  });
}
