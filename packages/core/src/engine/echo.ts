import { showParameters } from "../errors/show.js";
import type { EngineEventHub, ExecutionEvent, TransactionEvent } from "./events.js";

/** Takes one line (or several, for SQL text that has line breaks) of the log. */
export type EchoWriter = (line: string) => void;

/** What is logged: nothing, statements with parameters and figures, or (`"debug"`) the driver's rows as well. */
export type EchoLevel = boolean | "debug";

/** How an engine logs. */
export interface EchoSettings {
  readonly level: EchoLevel;
  readonly write: EchoWriter;
  readonly hideParameters: boolean;
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
 *   ["alice"] 1 row, 0.4 ms, compiled now
 * COMMIT
 * ```
 *
 * It is a listener like any other: an engine without it pays nothing.
 */
export function installEcho(events: EngineEventHub, settings: EchoSettings): void {
  const { level, name, hideParameters } = settings;
  if (level === false) return;
  const write = name === undefined ? settings.write : (line: string): void => settings.write(`[${name}] ${line}`);
  const control = (word: string) => (event: TransactionEvent) =>
    write(event.savepoint === undefined ? word : `${word} (savepoint ${event.savepoint})`);
  events.on("begin", control("BEGIN"));
  events.on("commit", control("COMMIT"));
  events.on("rollback", control("ROLLBACK"));
  events.on("savepoint", control("BEGIN"));
  events.on("releaseSavepoint", control("COMMIT"));
  events.on("rollbackSavepoint", control("ROLLBACK"));
  events.on("beforeExecute", ({ sql }) => {
    write(sql);
  });
  events.on("afterExecute", ({ execution, rowCount, durationMs, rows }) => {
    const figures = [
      ...(rowCount < 0 ? [] : [plural(rowCount, "row")]),
      `${durationMs.toFixed(1)} ms`,
      execution.cached ? "cached" : "compiled now",
    ];
    write(`  ${parameters(execution, hideParameters)}${figures.join(", ")}`);
    if (level === "debug") for (const line of shownRows(rows, hideParameters)) write(line);
  });
  events.on("error", ({ execution, error, durationMs }) => {
    const text = error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : String(error);
    write(`  ${parameters(execution, hideParameters)}failed after ${durationMs.toFixed(1)} ms: ${text}`);
  });
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
