import { showParameters } from "../errors/show.js";
import type { EngineEventHub, ExecutionEvent, TransactionEvent } from "./events.js";
import type { LogFields, LoggerName, LogLevel } from "./log.js";

/** Takes one line (or several, for SQL text that has line breaks) of the log. */
export type EchoWriter = (line: string) => void;

/** What is logged: nothing, statements with parameters and figures, or (`"debug"`) the driver's rows as well. */
export type EchoLevel = boolean | "debug";

/** Where the lines of an engine go. */
export type LineWriter = (level: LogLevel, line: string, fields: LogFields) => void;

/** How an engine logs. */
export interface EchoSettings {
  readonly level: EchoLevel;
  readonly write: LineWriter;
  readonly hideParameters: boolean | ((event: ExecutionEvent) => boolean);
  /** Stands in front of every line, to tell engines apart. */
  readonly name: string | undefined;
}

const MAX_ROWS = 20;

/**
 * Logs what an engine does, for people:
 *
 * ```
 * BEGIN
 * INSERT INTO users (name) VALUES (?)
 *   ["alice"] 1 row, 0.4 ms, compiled in 0.2 ms
 * COMMIT
 * ```
 *
 * It is a listener like any other: an engine without it pays nothing. The returned function ends it.
 */
export function installEcho(events: EngineEventHub, settings: EchoSettings): () => void {
  const { level } = settings;
  if (level === false) return () => undefined;
  const write = lineWriter(settings);
  const control = (word: string) => (event: TransactionEvent) =>
    write(event, "info", event.savepoint === undefined ? word : `${word} ${event.savepoint}`);
  const stops = [
    events.on("begin", control("BEGIN")),
    events.on("commit", control("COMMIT")),
    events.on("rollback", control("ROLLBACK")),
    events.on("savepoint", control("SAVEPOINT")),
    events.on("releaseSavepoint", control("RELEASE SAVEPOINT")),
    events.on("rollbackSavepoint", control("ROLLBACK TO SAVEPOINT")),
    events.on("beginTwoPhase", (event) => write(event, "info", `BEGIN TWO-PHASE ${event.xid}`)),
    events.on("prepareTwoPhase", (event) => write(event, "info", `PREPARE ${event.xid}`)),
    events.on("commitTwoPhase", (event) => write(event, "info", `COMMIT TWO-PHASE ${event.xid}`)),
    events.on("rollbackTwoPhase", (event) => write(event, "info", `ROLLBACK TWO-PHASE ${event.xid}`)),
    events.on("beforeExecute", (event) => {
      write(event, "info", event.sql, { sql: event.sql });
    }),
    events.on("afterExecute", ({ execution, rowCount, durationMs, rows }) => {
      const hidden = isHidden(settings, execution);
      const figures = [
        ...(rowCount < 0 ? [] : [plural(rowCount, "row")]),
        `${durationMs.toFixed(1)} ms`,
        badge(execution),
      ].join(", ");
      write(execution, "info", `  ${parameters(execution, hidden)}${figures}`, {
        sql: execution.sql,
        durationMs,
        rowCount,
      });
      if (level === "debug") for (const line of shownRows(rows, hidden)) write(execution, "debug", line);
    }),
    events.on("error", ({ execution, error, durationMs }) => {
      const text = error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : String(error);
      const shown = parameters(execution, isHidden(settings, execution));
      write(execution, "info", `  ${shown}failed after ${durationMs.toFixed(1)} ms: ${text}`, {
        sql: execution.sql,
        durationMs,
        error,
      });
    }),
    events.on("engineDisposed", ({ engine }) => {
      const { hits, misses, size, capacity } = engine.compiledCacheStatus();
      const prefix = settings.name === undefined ? "" : `[${settings.name}] `;
      settings.write(
        "info",
        `${prefix}disposed; compiled statements: found ${hits}, made ${misses}, kept ${size} of ${capacity}`,
        { logger: "acme.engine", engine: settings.name },
      );
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Logs executions that took longer than a threshold, with a warning. */
export function installSlowLog(
  events: EngineEventHub,
  thresholdMs: number,
  settings: Pick<EchoSettings, "write" | "name" | "hideParameters">,
): void {
  const write = lineWriter(settings);
  events.on("afterExecute", ({ execution, durationMs, rowCount }) => {
    if (durationMs < thresholdMs) return;
    const shown = parameters(execution, isHidden(settings, execution)).trimEnd();
    const line = `slow: ${durationMs.toFixed(0)} ms (threshold ${thresholdMs} ms): ${execution.sql}`;
    write(execution, "warn", shown === "" ? line : `${line}\n  ${shown}`, { sql: execution.sql, durationMs, rowCount });
  });
}

/** Logs what happens to the connections of a pool; `"debug"` lending and returning too. */
export function installPoolEcho(
  events: EngineEventHub,
  level: EchoLevel,
  settings: Pick<EchoSettings, "write" | "name">,
): () => void {
  if (level === false) return () => undefined;
  const numbers = new WeakMap<object, number>();
  let last = 0;
  const label = (connection: object): string => {
    let number = numbers.get(connection);
    if (number === undefined) {
      last += 1;
      number = last;
      numbers.set(connection, number);
    }
    return `connection ${number}`;
  };
  const write = (at: LogLevel, line: string, error?: unknown): void =>
    settings.write(at, settings.name === undefined ? line : `[${settings.name}] ${line}`, {
      logger: "acme.pool",
      engine: settings.name,
      ...(error === undefined ? {} : { error }),
    });
  const because = (error: unknown): string =>
    error === undefined ? "" : `: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`;
  const stops = [
    events.on("connect", ({ connection }) => write("info", `${label(connection)} opened`)),
    events.on("close", ({ connection }) => write("info", `${label(connection)} closed`)),
    events.on("invalidate", ({ connection, error }) =>
      write("info", `${label(connection)} invalidated${because(error)}`, error),
    ),
    events.on("softInvalidate", ({ connection, error }) =>
      write("info", `${label(connection)} invalidated for later${because(error)}`, error),
    ),
    events.on("detach", ({ connection }) => write("info", `${label(connection)} detached`)),
  ];
  if (level === "debug") {
    stops.push(
      events.on("checkout", ({ connection }) => write("debug", `${label(connection)} lent`)),
      events.on("reset", ({ connection }) => write("debug", `${label(connection)} reset`)),
      events.on("checkin", ({ connection }) => write("debug", `${label(connection)} returned`)),
    );
  }
  return () => {
    for (const stop of stops) stop();
  };
}

/** Puts the engine's name and the connection's token in front of a line. */
function lineWriter({ name, write }: Pick<EchoSettings, "name" | "write">) {
  const logger: LoggerName = "acme.engine";
  const prefix = name === undefined ? "" : `[${name}] `;
  return (
    { connection: { logToken: token } }: Pick<TransactionEvent, "connection">,
    level: LogLevel,
    line: string,
    fields: Partial<LogFields> = {},
  ): void => {
    write(level, `${prefix}${token === undefined ? "" : `[${token}] `}${line}`, {
      ...fields,
      logger,
      engine: name,
      token,
    });
  };
}

function isHidden({ hideParameters }: Pick<EchoSettings, "hideParameters">, event: ExecutionEvent): boolean {
  return typeof hideParameters === "function" ? hideParameters(event) : hideParameters;
}

/** Where the compiled form came from. */
function badge({ compilation, cached }: ExecutionEvent): string {
  if (compilation === undefined) return "not compiled";
  const { kept, durationMs, at } = compilation;
  if (kept === "yes" && cached) return `cached for ${((performance.now() - at) / 1000).toFixed(1)} s`;
  const made = `compiled in ${durationMs.toFixed(1)} ms`;
  if (kept === "yes") return made;
  return kept === "off" ? `${made}, cache off` : `${made}, not kept`;
}

function parameters({ parameters: values, batch }: ExecutionEvent, hidden: boolean): string {
  if (values.length === 0) return "";
  const shown = hidden ? "[parameters hidden]" : `[${showParameters(values)}]`;
  return batch === undefined ? `${shown} ` : `${plural(batch, "parameter set")} ${shown} `;
}

function shownRows(rows: readonly (readonly unknown[])[], hidden: boolean): readonly string[] {
  if (hidden) return [];
  const shown = rows.slice(0, MAX_ROWS).map((row) => `  -> ${showParameters(row)}`);
  return rows.length > MAX_ROWS ? [...shown, `  -> ... ${rows.length - MAX_ROWS} more`] : shown;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
