import { Dialect } from "../dialect/dialect.js";
import type { ConnectOptions, Driver } from "../dialect/driver.js";
import { ArgumentError, DriverMissingError } from "../errors/index.js";
import type { EngineOptions } from "./options.js";
import { dialectByName } from "./registry.js";
import type { DatabaseUrl } from "./url.js";

/** The dialect of an engine: given, or named by an option or by the URL. */
export function dialectOf({ dialect }: EngineOptions, url: DatabaseUrl | undefined): Dialect {
  if (dialect instanceof Dialect) return dialect;
  const name = dialect ?? url?.dialect;
  if (name !== undefined) return dialectByName(name);
  throw new ArgumentError("An engine needs a URL or a dialect.", {
    code: "NO_TARGET",
    remedy: 'For example createEngine("sqlite:///app.db").',
  });
}

/** The driver of an engine: given, or one of the dialect's by name. */
export function driverOf({ driver }: EngineOptions, dialect: Dialect, url: DatabaseUrl | undefined): Driver {
  if (typeof driver === "object") return driver;
  const names = Object.keys(dialect.drivers);
  const name = driver ?? url?.driver ?? names[0];
  const found = name !== undefined && Object.hasOwn(dialect.drivers, name) ? dialect.drivers[name] : undefined;
  if (found !== undefined) return found;
  const known = names.length === 0 ? `${dialect.name} has none.` : `${dialect.name} has: ${names.join(", ")}.`;
  throw new DriverMissingError(name === undefined ? "The engine has no driver." : `There is no driver "${name}".`, {
    code: "NO_SUCH_DRIVER",
    remedy: known,
  });
}

/** How to connect: what the URL says, under what is given. */
export function mergedOptions(url: DatabaseUrl | undefined, given: ConnectOptions = {}): ConnectOptions {
  const base = url?.connectOptions ?? {};
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...base, ...told, options: { ...base.options, ...given.options } };
}

/** The size of the cache of compiled statements. */
export function checkedSize(size: number): number {
  if (Number.isInteger(size) && size >= 0) return size;
  throw new ArgumentError(`compiledCache is a whole number from 0, not ${size}.`, { code: "BAD_CACHE_SIZE" });
}
