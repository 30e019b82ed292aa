import type {
  BeginOptions,
  ConnectOptions,
  Driver,
  DriverConnection,
  DriverResult,
  ExecuteOptions,
  MaybePromise,
} from "../dialect/driver.js";
import { ListenerHub, type ReplyOf } from "../events/listeners.js";
import type { Node } from "../visit/node.js";
import type { Connection } from "./connection.js";
import { isTraced } from "./diagnostics.js";
import type { Engine } from "./engine.js";
import type { Parameters } from "./executor.js";
import type { ExecutionOptions } from "./options.js";
import type { Result } from "./result.js";

/** One call of the driver. `beforeExecute`, `afterExecute` and `error` of one call get the same object, unless it was rewritten. */
export interface ExecutionEvent {
  readonly connection: Connection;
  /** The statement; undefined for text that was sent as it is. */
  readonly statement: Node | undefined;
  readonly sql: string;
  /** The driver's values; for a batch one list for each parameter set. */
  readonly parameters: readonly unknown[];
  /** How many parameter sets a batch has; undefined for a single execution. */
  readonly batch: number | undefined;
  /** Whether the compiled form came from the cache. */
  readonly cached: boolean;
  /** The options of the execution, put together from those of the engine, the connection, the statement and the call. */
  readonly options: ExecutionOptions | undefined;
  /** How the compiled form was made; undefined for text that was sent as it is. */
  readonly compilation?: Compilation | undefined;
}

/** How a statement was compiled. */
export interface Compilation {
  readonly durationMs: number;
  /** When, on the clock of `performance.now()`. */
  readonly at: number;
  /** Whether the engine's cache keeps it: not where the cache is switched off, and never for DDL. */
  readonly kept: "yes" | "no" | "off";
}

/** What a listener of `beforeExecute` may answer: what to send instead. */
export interface ExecutionRewrite {
  readonly sql?: string;
  /** In the driver's form; for a batch one list for each parameter set. */
  readonly parameters?: readonly unknown[];
  /** False when the text will not come again: the driver does not keep it as a prepared statement. */
  readonly prepare?: boolean;
}

/** A statement, before it is compiled. */
export interface StatementEvent {
  readonly connection: Connection;
  readonly statement: Node;
  readonly parameters: Parameters | undefined;
  /** The options of the execution, put together from those of the engine, the connection, the statement and the call. */
  readonly options: ExecutionOptions | undefined;
}

/** What a listener of `beforeStatement` may answer: what to execute instead. */
export interface StatementRewrite {
  readonly statement?: Node;
  readonly parameters?: Parameters;
}

/** A BEGIN, COMMIT or ROLLBACK, or its like for a savepoint. */
export interface TransactionEvent {
  readonly connection: Connection;
  /** The savepoint's name, when it is about a nested transaction. */
  readonly savepoint: string | undefined;
  /** How it begins; given with `begin`. */
  readonly options?: BeginOptions;
}

/** A step of a two-phase transaction. */
export interface TwoPhaseEvent {
  readonly connection: Connection;
  /** The transaction's identifier. */
  readonly xid: string;
  /** Whether it was prepared; given when it ends. */
  readonly prepared?: boolean;
}

/** A connection of the pool. */
export interface PoolEvent {
  readonly connection: DriverConnection;
}

/** A connection that is about to be opened. */
export interface ConnectEvent {
  readonly driver: Driver;
  readonly options: ConnectOptions;
}

/** What a listener of `doConnect` may answer: other options, or a connection that it opened itself. */
export interface ConnectReply {
  readonly options?: ConnectOptions;
  readonly connection?: DriverConnection;
}

/** A call of the driver that a listener may make instead. */
export interface DriverCallEvent {
  readonly execution: ExecutionEvent;
  readonly driverConnection: DriverConnection;
  readonly options: ExecuteOptions;
}

/** What a listener of `doExecute` or `doExecuteMany` may answer: the result, in place of the driver's. */
export interface DriverCallReply {
  readonly result: MaybePromise<DriverResult>;
}

/** A failure, before anybody is told. */
export interface ErrorContext {
  /** The connection; undefined while connecting and while the pool asks a connection whether it lives. */
  readonly connection: Connection | undefined;
  /** What was executed: the statement's text, `"COMMIT"` and its like; undefined while connecting. */
  readonly sql: string | undefined;
  readonly parameters: readonly unknown[] | undefined;
  /** What the driver threw. */
  readonly originalError: unknown;
  /** The toolkit's error, or what an earlier listener put in its place. */
  readonly error: Error;
  /** Whether the connection counts as lost. */
  readonly disconnected: boolean;
  /** Whether, when it is lost, all connections of the pool are dropped. */
  readonly invalidatePool: boolean;
  /** Whether the pool was asking an idle connection whether it lives. */
  readonly isPrePing: boolean;
}

/** What a listener of `handleError` may answer: another error, another verdict. */
export interface ErrorReply {
  readonly error?: Error;
  readonly disconnected?: boolean;
  readonly invalidatePool?: boolean;
}

/**
 * What each event of an engine carries. Listeners are called in the order in which they were added, those of all engines
 * ({@link Engine.on}, static) before those of the engine, and these before those of the connection.
 *
 * A listener that throws fails what caused the event, with what it threw: the execution, the connection attempt, the
 * transaction. Connection and pool stay in order. Listeners of the pool's events (`checkout`, `checkin`, `reset`, `invalidate`,
 * `close` ...) harm nobody: what they throw becomes a process warning.
 */
export interface EngineEvents {
  /** A connection is about to be opened. Awaited; may answer other options (a fresh token) or open it itself. */
  readonly doConnect: ConnectEvent;
  /** A connection to the database was opened. Awaited: listeners may prepare it. */
  readonly connect: PoolEvent;
  /** The engine's first connection was opened. Awaited, after `connect`. */
  readonly firstConnect: PoolEvent;
  /** The pool lent a connection. */
  readonly checkout: PoolEvent;
  /** A connection came back to the pool. */
  readonly checkin: PoolEvent;
  /** A connection came back and was reset. Awaited: the place for cleaning of your own; one that throws drops the connection. */
  readonly reset: PoolEvent;
  /** A connection is dropped because it is broken. */
  readonly invalidate: PoolEvent & { readonly error: unknown };
  /** A connection is to be dropped when it comes back. */
  readonly softInvalidate: PoolEvent & { readonly error: unknown };
  /** A connection is about to be closed. */
  readonly close: PoolEvent;
  /** A connection left the pool for good. */
  readonly detach: PoolEvent;
  /** A connection that had left the pool is about to be closed. */
  readonly closeDetached: PoolEvent;
  /** `engine.connect()` (or `begin`, or `stream`) has got a connection. Awaited: listeners may execute on it. */
  readonly engineConnect: { readonly connection: Connection };
  /** The engine was disposed. */
  readonly engineDisposed: { readonly engine: Engine };
  /** A statement is about to be compiled and executed. May answer another one. */
  readonly beforeStatement: StatementEvent;
  /** A statement was executed. Not told of streams. */
  readonly afterStatement: StatementEvent & { readonly result: Result<Record<string, unknown>> };
  /** The driver is about to be called. May answer other text and values; one that throws prevents the call. */
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
  /** Something failed, on a connection or while connecting. May answer another error or another verdict. */
  readonly handleError: ErrorContext;
  /** A single execution. May execute it itself. */
  readonly doExecute: DriverCallEvent;
  /** A batch of parameter sets. May execute it itself. */
  readonly doExecuteMany: DriverCallEvent;
  readonly begin: TransactionEvent;
  readonly commit: TransactionEvent;
  readonly rollback: TransactionEvent;
  readonly savepoint: TransactionEvent;
  readonly releaseSavepoint: TransactionEvent;
  readonly rollbackSavepoint: TransactionEvent;
  readonly beginTwoPhase: TwoPhaseEvent;
  readonly prepareTwoPhase: TwoPhaseEvent;
  readonly commitTwoPhase: TwoPhaseEvent;
  readonly rollbackTwoPhase: TwoPhaseEvent;
}

/** Nothing, or an answer. `void` lets a listener be a function that returns nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: the type of a listener's answer
type Maybe<T> = T | undefined | void;

/** What the listeners of some events may answer; the answers of all others are ignored. */
export interface EngineReplies {
  readonly doConnect: Maybe<ConnectReply> | Promise<Maybe<ConnectReply>>;
  readonly beforeStatement: Maybe<StatementRewrite>;
  readonly beforeExecute: Maybe<ExecutionRewrite>;
  readonly handleError: Maybe<ErrorReply>;
  readonly doExecute: Maybe<DriverCallReply>;
  readonly doExecuteMany: Maybe<DriverCallReply>;
}

/** The name of an engine's event. */
export type EngineEventName = keyof EngineEvents;

/** The events that a single connection can be listened to for: those that are about what it does. */
export type ConnectionEventName = Exclude<
  EngineEventName,
  keyof PoolEventNames | "doConnect" | "engineConnect" | "engineDisposed"
>;

interface PoolEventNames {
  connect: 1;
  firstConnect: 1;
  checkout: 1;
  checkin: 1;
  reset: 1;
  invalidate: 1;
  softInvalidate: 1;
  close: 1;
  detach: 1;
  closeDetached: 1;
}

/** The events of transactions. */
export type TransactionEventName =
  | "begin"
  | "commit"
  | "rollback"
  | "savepoint"
  | "releaseSavepoint"
  | "rollbackSavepoint";

/** The events of two-phase transactions. */
export type TwoPhaseEventName = "beginTwoPhase" | "prepareTwoPhase" | "commitTwoPhase" | "rollbackTwoPhase";

/** Hears one kind of event. */
export type EngineListener<K extends EngineEventName> = (event: EngineEvents[K]) => ReplyOf<EngineReplies, K>;

/** What the listeners of a hub hear, as every execution asks for it. */
interface Heard {
  executions: boolean;
  statements: boolean;
}

/** What listeners of all engines hear. */
const heardByAll: Heard = { executions: false, statements: false };

/** The listeners of all engines, of one engine, or of one connection. */
export class EngineEventHub extends ListenerHub<EngineEvents, EngineReplies> {
  private readonly heard: Heard;
  private readonly heardAbove: Heard;

  /** Without a hub above, it is that of all engines. */
  constructor(above?: EngineEventHub) {
    super(above);
    this.heard = above === undefined ? heardByAll : { executions: false, statements: false };
    this.heardAbove = above?.heard ?? heardByAll;
  }

  /** Whether anybody hears (or makes) calls of the driver. Read before each execution: three flags, no walk up the hubs. */
  get observesExecution(): boolean {
    return this.heard.executions || this.heardAbove.executions || heardByAll.executions || isTraced("execute");
  }

  /** Whether anybody hears statements. */
  get observesStatements(): boolean {
    return this.heard.statements || this.heardAbove.statements || heardByAll.statements;
  }

  protected override changed(): void {
    const here = (name: EngineEventName): boolean => this.hearsHere(name);
    this.heard.executions = (["beforeExecute", "afterExecute", "error", "doExecute", "doExecuteMany"] as const).some(
      here,
    );
    this.heard.statements = (["beforeStatement", "afterStatement"] as const).some(here);
  }
}

/** Hears all engines; {@link Engine.on}. */
export const allEngines = new EngineEventHub();

/** The connection that a listener opened, or the options to open one with. */
export async function askHowToConnect(events: EngineEventHub, event: ConnectEvent): Promise<ConnectReply> {
  let { options } = event;
  for (const call of events.calls("doConnect")) {
    const reply = await call({ ...event, options });
    if (reply?.connection !== undefined) return reply;
    options = reply?.options ?? options;
  }
  return { options };
}
