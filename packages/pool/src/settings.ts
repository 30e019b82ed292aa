import { PoolUsageError } from "./errors.js";
import type { PoolOptions } from "./options.js";

/** The options with every default filled in and checked. */
export interface PoolSettings<T> {
  readonly create: () => T | PromiseLike<T>;
  readonly destroy: (resource: T) => unknown;
  readonly validate: ((resource: T) => boolean | PromiseLike<boolean>) | undefined;
  readonly reset: ((resource: T) => unknown) | undefined;
  readonly min: number;
  readonly max: number;
  /** `max` and overflow together. */
  readonly limit: number;
  readonly acquireTimeout: number;
  readonly createTimeout: number;
  readonly validateTimeout: number;
  readonly resetTimeout: number;
  readonly destroyTimeout: number;
  readonly idleTimeout: number;
  readonly recycle: number;
  /** Idle time from which a resource is validated; `Infinity` when pre-ping is off. */
  readonly pingAfter: number;
  readonly fifo: boolean;
  readonly maxQueue: number;
  readonly trackLeaks: boolean;
}

function refuse(name: string, wanted: string, given: unknown): never {
  throw new PoolUsageError(`Pool option \`${name}\` is ${String(given)}.`, {
    code: "POOL_BAD_OPTION",
    remedy: `Give ${wanted}.`,
  });
}

function count(name: string, given: number | undefined, fallback: number): number {
  const value = given ?? fallback;
  const fits = value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= 0);
  return fits ? value : refuse(name, "an integer of at least 0, or Infinity", given);
}

function time(name: string, given: number | undefined, fallback: number): number {
  const value = given ?? fallback;
  return value > 0 ? value : refuse(name, "milliseconds above 0, or Infinity for no limit", given);
}

function needFunction(name: string, given: unknown): void {
  if (typeof given !== "function") refuse(name, "a function", given);
}

function pingAfter<T>(options: PoolOptions<T>): number {
  const idleMs = options.prePingIdleMs;
  if (idleMs !== undefined && !(idleMs >= 0)) refuse("prePingIdleMs", "milliseconds of at least 0", idleMs);
  const on = options.prePing ?? idleMs !== undefined;
  if (on) needFunction("validate", options.validate);
  return on ? (idleMs ?? 0) : Number.POSITIVE_INFINITY;
}

/** Fills in the defaults; throws {@link PoolUsageError} (`POOL_BAD_OPTION`) for values that make no sense. */
export function resolveOptions<T>(options: PoolOptions<T>): PoolSettings<T> {
  needFunction("create", options.create);
  needFunction("destroy", options.destroy);
  const min = count("min", options.min, 0);
  const max = count("max", options.max, 10);
  const limit = max + count("overflow", options.overflow, 0);
  if (limit === 0) refuse("max", "at least 1, or an `overflow` of at least 1", max);
  if (min > max) refuse("min", `at most \`max\`, which is ${max}`, min);
  const order = options.order ?? "lifo";
  if (order !== "lifo" && order !== "fifo") refuse("order", '"lifo" or "fifo"', order);
  const acquireTimeout = time("acquireTimeout", options.acquireTimeout, 30_000);
  return {
    create: options.create,
    destroy: options.destroy,
    validate: options.validate,
    reset: options.reset,
    min,
    max,
    limit,
    acquireTimeout,
    createTimeout: time("createTimeout", options.createTimeout, acquireTimeout),
    validateTimeout: time("validateTimeout", options.validateTimeout, 5_000),
    resetTimeout: time("resetTimeout", options.resetTimeout, 30_000),
    destroyTimeout: time("destroyTimeout", options.destroyTimeout, 5_000),
    idleTimeout: time("idleTimeout", options.idleTimeout, 30_000),
    recycle: time("recycle", options.recycle, Number.POSITIVE_INFINITY),
    pingAfter: pingAfter(options),
    fifo: order === "fifo",
    maxQueue: count("maxQueue", options.maxQueue, Number.POSITIVE_INFINITY),
    trackLeaks: options.trackLeaks ?? false,
  };
}
