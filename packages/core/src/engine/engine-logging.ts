import { installEcho, installPoolEcho, installSlowLog, type LineWriter } from "./echo.js";
import { allEngines, type EngineEventHub } from "./events.js";
import { type LoggerName, logLevel, logWriter, watchLevel } from "./log.js";
import type { EngineOptions } from "./options.js";

/** What of an engine's options is about its log. */
export type LogOptions = Pick<
  EngineOptions,
  "echo" | "echoPool" | "echoTo" | "logger" | "name" | "hideParameters" | "slowQueryMs"
>;

/** Makes an engine log as its options say. */
export function installLogging(events: EngineEventHub, options: LogOptions): void {
  const { echoTo, logger, name, hideParameters = false, slowQueryMs } = options;
  const write: LineWriter =
    logger === undefined
      ? (_level, line) => (echoTo ?? console.log)(line)
      : (level, line, fields) => logger[level](line, fields);
  installEcho(events, { level: options.echo ?? false, write, hideParameters, name });
  installPoolEcho(events, options.echoPool ?? false, { write, name });
  if (slowQueryMs !== undefined) installSlowLog(events, slowQueryMs, { write, hideParameters, name });
}

/** What {@link setLogLevel} turns on for all engines. */
const INSTALL: Partial<Record<LoggerName, (write: LineWriter, level: true | "debug") => () => void>> = {
  "acme.engine": (write, level) =>
    installEcho(allEngines, {
      level,
      write,
      hideParameters: ({ connection }) => connection.hidesParameters,
      name: undefined,
    }),
  "acme.pool": (write, level) => installPoolEcho(allEngines, level, { write, name: undefined }),
  "acme.dialect": (write) =>
    allEngines.on("firstConnect", async ({ connection }) => {
      const { product, version } = await connection.serverVersion();
      write("info", `met ${product} ${version.join(".")}`, { logger: "acme.dialect" });
    }),
};

for (const name of Object.keys(INSTALL) as LoggerName[]) {
  let stop: () => void = () => undefined;
  watchLevel(name, () => {
    stop();
    stop = () => undefined;
    const level = logLevel(name);
    if (level === "off" || level === "warn") return;
    const writer = logWriter(name);
    const write: LineWriter = (at, line, fields) => writer.write(at, line, fields);
    stop = INSTALL[name]?.(write, level === "debug" ? "debug" : true) ?? stop;
  });
}
