import type { ParameterValues } from "../compile/compiled.js";
import type { Dialect } from "../dialect/dialect.js";
import type { DriverConnection, DriverResult, ExecuteOptions, MaybePromise } from "../dialect/driver.js";
import { ArgumentError, conceal } from "../errors/index.js";
import type { Insert } from "../sql/insert.js";
import { modifiersOf } from "../sql/modifiers.js";
import { Node } from "../visit/node.js";
import { type Batch, type BatchHost, insertBatch, keyedBatch, parameterBatch } from "./batch.js";
import type { Channel, ChannelHost } from "./channel.js";
import { type AnyInsert, insertedKey, insertedKeys } from "./inserted-key.js";
import { keyColumns, returnedKeys } from "./inserted-keys.js";
import { drive, isPromise, type Steps, wait } from "./maybe.js";
import { layerOptions } from "./option-layers.js";
import type { ConnectionIsolation, ExecutionOptions, SharedOptions, StreamOptions } from "./options.js";
import { askingFor } from "./ordered-rows.js";
import type { Plan } from "./plan.js";
import {
  type ProcedureOptions,
  type ProcedureResult,
  prepareCall,
  procedureCaller,
  procedureResult,
} from "./procedure.js";
import { type PrimaryKeyValues, Result } from "./result.js";
import { type ColumnReader, textReader } from "./row-reader.js";
import type { SchemaTranslateMap, SchemaTranslation } from "./schema-translation.js";
import { Transaction, type TransactionStack } from "./transaction.js";

/** Values for the named parameters of a statement, or a list of them: the statement is executed once for each. */
export type Parameters = ParameterValues | readonly ParameterValues[];

/** What execution needs of the engine. */
export interface ExecutorHost extends ChannelHost {
  readonly dialect: Dialect;
  readonly transform: ((statement: Node) => Node) | undefined;
  /** The plan of a statement; `translated` compiles it for schemas that are chosen at execution. */
  planFor(statement: Node, translated?: boolean): Plan;
  /** Fills the schemas of a map into texts. */
  translationOf(map: SchemaTranslateMap): SchemaTranslation;
}

/** A statement with its plan, its text and its values. */
export interface Prepared {
  readonly statement: Node;
  readonly plan: Plan;
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly options: StreamOptions;
}

type AnyResult = Result<Record<string, unknown>, readonly unknown[]>;

const NO_ROWS: readonly (readonly unknown[])[] = [];
/** Of text nothing is known. */
const TEXT_OPTIONS: ExecuteOptions = {};

/**
 * The road of a statement on one connection: plan, values, driver, result. Where the driver answers at once, so does every
 * method here.
 */
export class Executor {
  private readonly host: ExecutorHost;
  private readonly channel: Channel;
  private readonly transactions: TransactionStack;
  private readonly isolationLevel: ConnectionIsolation | undefined;
  private readonly defaults: ExecutionOptions | undefined;

  /** `defaults` are the options of all executions of the connection. */
  constructor(
    host: ExecutorHost,
    channel: Channel,
    transactions: TransactionStack,
    isolationLevel: ConnectionIsolation | undefined,
    defaults: ExecutionOptions | undefined,
  ) {
    this.host = host;
    this.channel = channel;
    this.transactions = transactions;
    this.isolationLevel = isolationLevel;
    this.defaults = defaults;
  }

  /** Executes a statement: once, as a batch of rows, or once for each parameter set. */
  execute(
    given: Node,
    parameters: Parameters | undefined,
    said: ExecutionOptions | undefined,
  ): MaybePromise<AnyResult> {
    const options = this.optionsFor(given, said);
    if (options !== undefined) checkOptions(options);
    if (this.host.hideParameters) return this.executeConcealing(given, parameters, options);
    if (this.channel.events.observesStatements) return this.executeObserved(given, parameters, options);
    return this.executePlanned(given, parameters, options);
  }

  /** The options of an execution: those that are said, over the statement's, over the connection's. */
  private optionsFor(given: Node, said: ExecutionOptions | undefined): ExecutionOptions | undefined {
    const own = modifiersOf(given)?.executionOptions;
    return own === undefined && this.defaults === undefined ? said : layerOptions(this.defaults, own, said);
  }

  /** The text with the schemas of the execution. */
  private translated(sql: string, options: SharedOptions | undefined): string {
    const map = options?.schemaTranslateMap;
    return map === undefined ? sql : this.host.translationOf(map).apply(sql);
  }

  /** As {@link execute}, for an engine that hides parameters: the error of a value that its type refuses does not show it. */
  private executeConcealing(
    given: Node,
    parameters: Parameters | undefined,
    options: ExecutionOptions | undefined,
  ): MaybePromise<AnyResult> {
    const fail = (error: unknown): never => {
      throw conceal(error);
    };
    try {
      const answer = this.channel.events.observesStatements
        ? this.executeObserved(given, parameters, options)
        : this.executePlanned(given, parameters, options);
      return isPromise(answer) ? answer.then(undefined, fail) : answer;
    } catch (error) {
      return fail(error);
    }
  }

  /** Lets listeners see and change the statement. */
  private executeObserved(
    given: Node,
    parameters: Parameters | undefined,
    options: ExecutionOptions | undefined,
  ): MaybePromise<AnyResult> {
    const { channel } = this;
    const event = channel.rewritten(given, parameters, options);
    const told = (result: AnyResult): AnyResult => {
      channel.events.emit("afterStatement", { ...event, result });
      return result;
    };
    const answer = this.executePlanned(event.statement, event.parameters, options);
    return isPromise(answer) ? answer.then(told) : told(answer);
  }

  private executePlanned(
    given: Node,
    parameters: Parameters | undefined,
    options: ExecutionOptions | undefined,
  ): MaybePromise<AnyResult> {
    const { statement, plan } = this.plan(given, options);
    if (plan.compiled.kind === "insert")
      return this.executeInsert(statement as unknown as AnyInsert, plan, parameters, options);
    if (isList(parameters))
      return this.executeBatch(parameterBatch(plan, statement, parameters), statement, plan, options);
    const { sql, parameters: values } = plan.compiled.render(statement, parameters);
    return this.executeOnce(statement, plan, sql, values, options);
  }

  /** Executes text as the driver knows it. */
  executeText(
    sql: string,
    parameters: readonly unknown[],
    said: ExecutionOptions | undefined,
  ): MaybePromise<AnyResult> {
    const options = layerOptions(this.defaults, said);
    if (options !== undefined) checkOptions(options);
    const { channel } = this;
    const request = { statement: undefined, sql, parameters, batch: undefined, cached: true };
    return channel.turns.run(() => {
      const answer = channel.ask(request, told(TEXT_OPTIONS, options), options);
      return isPromise(answer) ? answer.then(textResult) : textResult(answer);
    });
  }

  /** Calls a stored procedure. */
  async callProcedure<A extends readonly unknown[]>(
    name: string | readonly string[],
    given: A,
    { schema, ...options }: ProcedureOptions,
  ): Promise<ProcedureResult<A>> {
    checkOptions(options);
    const { channel } = this;
    const { dialect } = this.host;
    const { call, sql, parameters, columnType } = prepareCall(dialect, name, given, schema);
    const request = { statement: undefined, sql, parameters, batch: undefined, cached: true };
    const answer = await channel.turns.run(() =>
      channel.askFor(
        request,
        told({ columnType }, options),
        options,
        (driver, how) => procedureCaller(dialect, driver)(call, how),
        ({ results }) => ({
          rowCount: results.reduce((sum, { rowCount }) => sum + Math.max(rowCount, 0), 0),
          rows: results[0]?.rows ?? NO_ROWS,
        }),
      ),
    );
    return procedureResult(dialect, given, answer);
  }

  /** Lets somebody work with the driver's connection: it is theirs until they are done. */
  async withDriver<T>(
    what: string,
    work: (driver: DriverConnection) => MaybePromise<T>,
    options: Pick<ExecutionOptions, "signal"> | undefined,
  ): Promise<T> {
    const { channel } = this;
    const request = { statement: undefined, sql: what, parameters: [], batch: undefined, cached: true };
    return channel.turns.run(async () => {
      let done: () => void = () => undefined;
      const settled = new Promise<void>((resolve) => {
        done = resolve;
      });
      const holder = { close: () => settled };
      channel.streaming = holder;
      try {
        return await channel.askFor(request, TEXT_OPTIONS, options, work, () => ({ rowCount: -1, rows: NO_ROWS }));
      } finally {
        if (channel.streaming === holder) channel.streaming = undefined;
        done();
      }
    });
  }

  /** What a stream executes. */
  prepare(given: Node, parameters: ParameterValues | undefined, said: StreamOptions): Prepared {
    const options = this.optionsFor(given, said) ?? {};
    if (!this.host.hideParameters) return this.prepareNow(given, parameters, options);
    try {
      return this.prepareNow(given, parameters, options);
    } catch (error) {
      throw conceal(error);
    }
  }

  private prepareNow(given: Node, parameters: ParameterValues | undefined, options: StreamOptions): Prepared {
    const { channel } = this;
    const event = channel.events.observesStatements ? channel.rewritten(given, parameters, options) : undefined;
    const { statement, plan } = this.plan(event?.statement ?? given, options);
    const rendered = plan.compiled.render(
      statement,
      event === undefined ? parameters : (event.parameters as ParameterValues | undefined),
      (statement as { readonly rows?: readonly ParameterValues[] }).rows?.[0],
    );
    return { statement, plan, options, ...rendered, sql: this.translated(rendered.sql, options) };
  }

  private plan(given: Node, options: SharedOptions | undefined): { readonly statement: Node; readonly plan: Plan } {
    if (!(given instanceof Node)) throw notAStatement(given);
    const { transform } = this.host;
    const statement = transform === undefined ? given : transform(given);
    return { statement, plan: this.host.planFor(statement, options?.schemaTranslateMap !== undefined) };
  }

  private executeInsert(
    statement: AnyInsert,
    plan: Plan,
    parameters: Parameters | undefined,
    options: ExecutionOptions | undefined,
  ): MaybePromise<AnyResult> {
    const { rows } = statement;
    if (
      parameters !== undefined &&
      rows.length === 0 &&
      statement.cells.length === 0 &&
      statement.query === undefined
    ) {
      const list = isList(parameters) ? parameters : [parameters];
      if (list.length === 0) return new Result({ reader: plan.readerOf(NOTHING), rows: [], rowCount: 0 });
      return this.executePlanned(
        (statement as unknown as Insert<ParameterValues>).valuesList(list),
        undefined,
        options,
      );
    }
    if (isList(parameters))
      return this.executeBatch(parameterBatch(plan, statement, parameters), statement, plan, options);
    if (rows.length > 1 && options?.insertedKeys) return this.executeKeyed(statement, plan, options);
    if (rows.length > 1)
      return this.executeBatch(
        insertBatch(this.batchHost(options), plan, statement, options?.pageRows),
        statement,
        plan,
        options,
      );
    const { sql, parameters: values } = plan.compiled.render(statement, parameters, rows[0]);
    return this.executeOnce(statement, plan, sql, values, options);
  }

  /** Makes plans for batches, for translated schemas where the execution wants them. */
  private batchHost(options: SharedOptions | undefined): BatchHost {
    const { host } = this;
    if (options?.schemaTranslateMap === undefined) return host;
    return { dialect: host.dialect, planFor: (statement) => host.planFor(statement, true) };
  }

  /** An INSERT of many rows whose keys are wanted. */
  private executeKeyed(statement: AnyInsert, plan: Plan, options: ExecutionOptions): MaybePromise<AnyResult> {
    const { dialect } = this.host;
    const columns = keyColumns(statement);
    if (!dialect.flags.insertReturning || columns.length === 0) {
      const batch = keyedBatch(this.batchHost(options), plan, statement, options.pageRows);
      return this.executeBatch(
        batch ?? insertBatch(this.batchHost(options), plan, statement, options.pageRows),
        statement,
        plan,
        options,
      );
    }
    const asking = askingFor(statement, columns);
    const askingPlan = this.host.planFor(asking, options.schemaTranslateMap !== undefined);
    const batch = insertBatch(this.batchHost(options), askingPlan, asking, options.pageRows);
    const split = ({ rawRows, rowCount, lastInsertId }: AnyResult): AnyResult => {
      const reader = plan.readerOf(NOTHING);
      const width = reader?.columns.length ?? 0;
      const keys = returnedKeys(rawRows, width, columns, dialect);
      const rows = reader === undefined ? NO_ROWS : rawRows.map((row) => row.slice(0, width));
      return new Result({ reader, rows, rowCount, lastInsertId, insertedPrimaryKeyRows: () => keys });
    };
    const answer = this.executeBatch(batch, asking, askingPlan, options);
    return isPromise(answer) ? answer.then(split) : split(answer);
  }

  private executeOnce(
    statement: Node,
    plan: Plan,
    text: string,
    parameters: readonly unknown[],
    options: ExecutionOptions | undefined,
  ): MaybePromise<AnyResult> {
    const { channel } = this;
    const sql = this.translated(text, options);
    if (options === undefined && channel.undisturbed) {
      const answer = channel.askAtOnce(statement, sql, parameters, plan.driverOptions);
      plan.used = true;
      if (!isPromise(answer)) return this.resultOf(statement, plan, parameters, answer);
      return channel.turns.run(() => answer.then((later) => this.resultOf(statement, plan, parameters, later)));
    }
    return channel.turns.run(() => {
      const request = {
        statement,
        sql,
        parameters,
        batch: undefined,
        cached: plan.used,
        compilation: plan.compilation,
      };
      const answer = channel.ask(request, told(plan.driverOptions, options), options);
      plan.used = true;
      if (isPromise(answer)) return answer.then((later) => this.resultOf(statement, plan, parameters, later));
      return this.resultOf(statement, plan, parameters, answer);
    });
  }

  private resultOf(statement: Node, plan: Plan, parameters: readonly unknown[], answer: DriverResult): AnyResult {
    const { compiled } = plan;
    const reader = plan.readerOf(answer);
    const rows = reader === undefined ? NO_ROWS : answer.rows;
    if (compiled.kind !== "insert") return new Result({ reader, rows, rowCount: answer.rowCount });
    const { dialect } = this.host;
    const insertedPrimaryKey = () =>
      insertedKey(dialect, compiled, statement as unknown as AnyInsert, parameters, answer);
    return new Result({
      reader,
      rows,
      rowCount: answer.rowCount,
      lastInsertId: answer.lastInsertId,
      insertedPrimaryKey,
    });
  }

  private executeBatch(
    batch: Batch,
    statement: Node,
    plan: Plan,
    options: ExecutionOptions | undefined,
  ): MaybePromise<AnyResult> {
    const inTransaction = this.transactions.innermost !== undefined;
    const guarded =
      !batch.single && this.isolationLevel !== "AUTOCOMMIT" && !(inTransaction && options?.atomic === false);
    const steps = () =>
      guarded
        ? this.guardedBatch(batch, statement, plan, options, inTransaction)
        : this.batch(batch, statement, plan, options);
    return this.channel.turns.run(() => drive(steps()));
  }

  /** A batch of several statements, all or nothing: in a transaction of its own, or in a savepoint of the open one. */
  private *guardedBatch(
    batch: Batch,
    statement: Node,
    plan: Plan,
    options: ExecutionOptions | undefined,
    nested: boolean,
  ): Steps<AnyResult> {
    const { transactions, isolationLevel } = this;
    const guard = new Transaction(transactions, nested ? transactions.nextSavepoint() : undefined);
    yield* wait(guard.beginNow(nested || isolationLevel === "AUTOCOMMIT" ? {} : { isolationLevel }));
    try {
      const result = yield* this.batch(batch, statement, plan, options);
      yield* wait(guard.commitNow());
      return result;
    } catch (error) {
      yield* guard.abandonNow();
      throw error;
    }
  }

  private *batch(batch: Batch, statement: Node, plan: Plan, options: ExecutionOptions | undefined): Steps<AnyResult> {
    const { channel } = this;
    let rowCount = 0;
    let lastInsertId: number | bigint | undefined;
    let reader: ColumnReader | undefined;
    const rows: (readonly unknown[])[] = [];
    const { arrange, plan: executed, keys: reading } = batch;
    const keys: (PrimaryKeyValues | undefined)[] = [];
    const step = reading?.pageByPage === true ? yield* this.keyStep(options) : 1;
    for (const { sql: text, sets, prepare } of batch.calls) {
      const sql = this.translated(text, options);
      const only = sets.length === 1 ? sets[0] : undefined;
      const request = {
        statement,
        sql,
        parameters: only ?? sets,
        batch: only === undefined ? sets.length : undefined,
        cached: executed.used,
        compilation: executed.compilation,
      };
      const how = told({ ...executed.driverOptions, prepare }, options);
      const answer = yield* wait(channel.ask(request, how, options));
      executed.used = true;
      rowCount = rowCount < 0 || answer.rowCount < 0 ? -1 : rowCount + answer.rowCount;
      lastInsertId = answer.lastInsertId ?? lastInsertId;
      if (reading !== undefined) for (const set of sets) keys.push(...reading.read(set, answer, step));
      reader = plan.readerOf(answer);
      if (reader === undefined) continue;
      for (const row of arrange === undefined ? answer.rows : arrange(answer.rows, sets)) rows.push(row);
    }
    const { compiled } = plan;
    const inserted = statement as unknown as AnyInsert;
    const many = compiled.kind === "insert" && inserted.rows.length > 1;
    const known = reading === undefined ? () => insertedKeys(compiled, inserted, rows) : () => keys;
    return new Result({ reader, rows, rowCount, lastInsertId, insertedPrimaryKeyRows: many ? known : undefined });
  }

  /** By how much generated keys grow on this connection. */
  private *keyStep(options: ExecutionOptions | undefined): Steps<number> {
    const sql = this.host.dialect.generatedKeyStep as string;
    const request = { statement: undefined, sql, parameters: [], batch: undefined, cached: true };
    const { rows } = yield* wait(this.channel.ask(request, told({ prepare: true }, options), options));
    return Number(rows[0]?.[0]);
  }
}

const NOTHING: DriverResult = { columns: [], rows: NO_ROWS, rowCount: 0 };

/** What the driver is told. Without options of the caller's it is the plan's own object: nothing is made for it. */
function told(driverOptions: ExecuteOptions, options: ExecutionOptions | undefined): ExecuteOptions {
  return options === undefined ? driverOptions : { ...driverOptions, signal: options.signal, timeout: options.timeout };
}

function textResult(answer: DriverResult): AnyResult {
  const reader = answer.columns.length === 0 ? undefined : textReader(answer.columns, []);
  return new Result({ reader, rows: answer.rows, rowCount: answer.rowCount, lastInsertId: answer.lastInsertId });
}

function isList(parameters: Parameters | undefined): parameters is readonly ParameterValues[] {
  return Array.isArray(parameters);
}

function checkOptions(options: ExecutionOptions): void {
  const { timeout } = options;
  if (timeout === undefined || timeout > 0) return;
  throw new ArgumentError(`A timeout is a number of milliseconds above 0, not ${timeout}.`, { code: "BAD_TIMEOUT" });
}

function notAStatement(given: unknown): ArgumentError {
  const text = typeof given === "string";
  return new ArgumentError(text ? "A string cannot be executed." : "Only a statement can be executed.", {
    code: "NOT_A_STATEMENT",
    remedy: text
      ? "Write sql`...` (values in it are bound) or sql.text(...)."
      : "Give a select, insert, update, delete, DDL or text statement.",
  });
}
