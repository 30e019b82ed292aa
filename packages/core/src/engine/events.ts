import type { BeginOptions, DriverConnection } from "../dialect/driver.js";
import type { Node } from "../visit/node.js";
import type { Connection } from "./connection.js";

/** One call of the driver. `beforeExecute`, `afterExecute` and `error` of one call get the same object. */
export interface ExecutionEvent {
  readonly connection: Connection;
  /** The statement; undefined where the engine itself speaks (BEGIN, SAVEPOINT). */
  readonly statement: Node | undefined;
  readonly sql: string;
  /** The driver's values; for a batch one list for each parameter set. */
  readonly parameters: readonly unknown[];
  /** How many parameter sets a batch has; undefined for a single execution. */
  readonly batch: number | undefined;
  /** Whether the compiled form came from the cache. */
  readonly cached: boolean;
}

/** A BEGIN, COMMIT or ROLLBACK. */
export interface TransactionEvent {
  readonly connection: Connection;
  /** The savepoint's name, when it is about a nested transaction. */
  readonly savepoint: string | undefined;
  /** How it begins; given with `begin` of an outer transaction. */
  readonly options?: BeginOptions;
}

/** What each event of an engine carries. Listeners are called in the order in which they were added. */
export interface EngineEvents {
  /** A connection to the database was opened. The one event whose listeners are awaited: they may prepare the connection. */
  readonly connect: { readonly connection: DriverConnection };
  /** The driver is about to be called. A listener that throws prevents it: the execution fails with what it threw. */
  readonly beforeExecute: ExecutionEvent;
  /** The driver has answered. */
  readonly afterExecute: {
    readonly execution: ExecutionEvent;
    readonly durationMs: number;
    readonly rowCount: number;
    /** The driver's rows; empty for a stream, whose rows are not kept. */
    readonly rows: readonly (readonly unknown[])[];
  };
  /** The driver failed; `error` is the toolkit's error. */
  readonly error: { readonly execution: ExecutionEvent; readonly durationMs: number; readonly error: unknown };
  readonly begin: TransactionEvent;
  readonly commit: TransactionEvent;
  readonly rollback: TransactionEvent;
}

/** The name of an engine's event. */
export type EngineEventName = keyof EngineEvents;

/** Hears one kind of event. Only `connect` awaits the promise that it may return. */
export type EngineListener<K extends EngineEventName> = (event: EngineEvents[K]) => unknown;

type Lists = { [K in EngineEventName]: readonly EngineListener<K>[] };

/** The listeners of one engine. */
export class EngineEventHub {
  /** Whether anybody hears executions: the one thing that an execution asks when nobody listens. */
  observesExecution = false;
  private readonly lists: Lists = {
    connect: [],
    beforeExecute: [],
    afterExecute: [],
    error: [],
    begin: [],
    commit: [],
    rollback: [],
  };

  /** Adds a listener; the returned function takes it away. */
  on<K extends EngineEventName>(name: K, listener: EngineListener<K>): () => void {
    const lists: { [N in K]: readonly EngineListener<N>[] } = this.lists;
    // An entry of its own, so that a listener that was added twice is taken away once at a time.
    const entry: EngineListener<K> = (event) => listener(event);
    lists[name] = [...lists[name], entry];
    this.observe();
    return () => {
      lists[name] = lists[name].filter((other) => other !== entry);
      this.observe();
    };
  }

  /** Calls the listeners of an event. What one throws goes to whoever caused the event. */
  emit<K extends EngineEventName>(name: K, event: EngineEvents[K]): void {
    const lists: { [N in K]: readonly EngineListener<N>[] } = this.lists;
    for (const listener of lists[name]) listener(event);
  }

  /** Calls the listeners of `connect` one after another and awaits each. */
  async connected(connection: DriverConnection): Promise<void> {
    for (const listener of this.lists.connect) await listener({ connection });
  }

  private observe(): void {
    const { beforeExecute, afterExecute, error } = this.lists;
    this.observesExecution = beforeExecute.length + afterExecute.length + error.length > 0;
  }
}
