/** How important a line of the log is. */
export type LogLevel = "debug" | "info" | "warn";

/** Who writes a line: the engine (statements, transactions), its pool, its dialect (what it met), the ORM. */
export type LoggerName = "acme.engine" | "acme.pool" | "acme.dialect" | "acme.orm";

/** What a line is about, for loggers that keep fields. */
export interface LogFields {
  readonly logger: LoggerName;
  /** The engine's name, where it was given one. */
  readonly engine?: string | undefined;
  /** The connection's token, where it was given one. */
  readonly token?: string | undefined;
  readonly sql?: string;
  readonly durationMs?: number;
  readonly rowCount?: number;
  readonly error?: unknown;
}

/**
 * Takes lines of the log: `console` and most loggers are one.
 *
 * @example
 * ```ts
 * createEngine(url, { echo: true, logger: { debug: () => {}, info: (line, fields) => pino.info(fields, line), warn: ... } });
 * ```
 */
export type Logger = { readonly [L in LogLevel]: (line: string, fields: LogFields) => void };

/** Writes lines of one logger with the levels that are on. */
export interface LogWriter {
  /** Whether a line of this level goes anywhere; spares its making. */
  isOn(level: LogLevel): boolean;
  write(level: LogLevel, line: string, fields?: Partial<LogFields>): void;
}

const RANK: Readonly<Record<LogLevel | "off", number>> = { debug: 0, info: 1, warn: 2, off: 3 };

const plainConsole: Logger = {
  debug: (line) => console.log(line),
  info: (line) => console.log(line),
  warn: (line) => console.warn(line),
};

let target: Logger = plainConsole;
const levels = new Map<LoggerName, LogLevel | "off">();
const watchers = new Map<LoggerName, (level: LogLevel | "off") => void>();

/**
 * What all engines log, those included that are made later, beside what their own options say. Everything is off in the
 * beginning. `"acme.engine"` writes statements with `"info"` and their rows with `"debug"`; `"acme.pool"` connections that
 * open, break and close with `"info"`, lending too with `"debug"`; `"acme.dialect"` the server that was met with `"info"`.
 *
 * @example
 * ```ts
 * setLogLevel("acme.engine", "info");
 * setLogLevel("acme.pool", "debug");
 * ```
 */
export function setLogLevel(name: LoggerName, level: LogLevel | "off"): void {
  levels.set(name, level);
  watchers.get(name)?.(level);
}

/** The level of a logger. */
export function logLevel(name: LoggerName): LogLevel | "off" {
  return levels.get(name) ?? "off";
}

/** Where the lines of {@link setLogLevel} go, those excepted of engines with a logger of their own. Without one: the console. */
export function logTo(logger: Logger | undefined): void {
  target = logger ?? plainConsole;
}

/** The writer of a logger, at the levels that {@link setLogLevel} has set. For packages that stand on this one. */
export function logWriter(name: LoggerName): LogWriter {
  return {
    isOn: (level) => RANK[level] >= RANK[logLevel(name)],
    write(level, line, fields) {
      if (this.isOn(level)) target[level](`[${name}] ${line}`, { ...fields, logger: name });
    },
  };
}

/** Calls a function now and at each change of a logger's level. */
export function watchLevel(name: LoggerName, watcher: (level: LogLevel | "off") => void): void {
  watchers.set(name, watcher);
}
