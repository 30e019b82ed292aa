import type { ReflectedColumn, ReflectedTable } from "../dialect/reflector.js";
import { ListenerHub, type ReplyOf } from "../events/listeners.js";
import type { SchemaConnection } from "./host.js";
import type { MetaData } from "./metadata.js";
import type { ColumnChange } from "./reflection.js";
import type { AnyTable } from "./table.js";

/** Tables of a MetaData are created or dropped. */
export interface MetaDataDdlEvent {
  readonly metadata: MetaData;
  /** The connection on which it happens, in its transaction: listeners may execute on it. */
  readonly connection: SchemaConnection;
  /** The tables that are created or dropped: with `checkFirst` those that are missing, or there. */
  readonly tables: readonly AnyTable[];
}

/** A table is created or dropped. */
export interface TableDdlEvent {
  readonly table: AnyTable;
  /** The connection on which it happens, in its transaction: listeners may execute on it. */
  readonly connection: SchemaConnection;
}

/** A column was found in the database. */
export interface ColumnReflectEvent {
  readonly metadata: MetaData;
  readonly table: ReflectedTable;
  readonly column: ReflectedColumn;
  /** What earlier listeners, and the option `onColumn`, want to be different. */
  readonly change: ColumnChange;
}

/**
 * What the events of a MetaData carry. Those of DDL are awaited; one that throws fails the work, which is rolled back where the
 * database can.
 */
export interface MetaDataEvents {
  readonly beforeCreate: MetaDataDdlEvent;
  readonly afterCreate: MetaDataDdlEvent;
  readonly beforeDrop: MetaDataDdlEvent;
  readonly afterDrop: MetaDataDdlEvent;
  /** A column is reflected: a listener may answer another key or type for it. */
  readonly columnReflect: ColumnReflectEvent;
}

/** What the events of a table carry. They are awaited; `create` includes its indexes and comments. */
export interface TableEvents {
  readonly beforeCreate: TableDdlEvent;
  readonly afterCreate: TableDdlEvent;
  readonly beforeDrop: TableDdlEvent;
  readonly afterDrop: TableDdlEvent;
}

interface Replies {
  // biome-ignore lint/suspicious/noConfusingVoidType: the type of a listener's answer
  readonly columnReflect: ColumnChange | undefined | void;
}

/** Hears one kind of event of a MetaData. */
export type MetaDataListener<K extends keyof MetaDataEvents> = (event: MetaDataEvents[K]) => ReplyOf<Replies, K>;

/** Hears one kind of event of a table. */
export type TableListener<K extends keyof TableEvents> = (event: TableEvents[K]) => ReplyOf<Record<never, never>, K>;

/** The listeners of a MetaData. */
export class MetaDataEventHub extends ListenerHub<MetaDataEvents, Replies> {
  /** What listeners want a reflected column to be. */
  changeOf(event: ColumnReflectEvent): ColumnChange {
    let { change } = event;
    for (const call of this.calls("columnReflect")) change = { ...change, ...call({ ...event, change }) };
    return change;
  }
}

const tableHubs = new WeakMap<object, ListenerHub<TableEvents>>();

/** The listeners of a table. They are kept beside it: a table is frozen data. */
export function tableEvents(table: object): ListenerHub<TableEvents> {
  let hub = tableHubs.get(table);
  if (hub === undefined) {
    hub = new ListenerHub();
    tableHubs.set(table, hub);
  }
  return hub;
}
