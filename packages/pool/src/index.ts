export {
  PoolAbortedError,
  PoolClosedError,
  PoolCreateError,
  PoolError,
  type PoolErrorCode,
  type PoolErrorDetails,
  PoolHookError,
  PoolQueueFullError,
  PoolTimeoutError,
  PoolUsageError,
} from "./errors.js";
export type { PoolEventName, PoolEvents, PoolListener, PoolListeners } from "./events.js";
export type { InvalidateOptions, Lease } from "./lease.js";
export { NullPool, type NullPoolOptions } from "./null-pool.js";
export type { PoolOptions, PoolOrder } from "./options.js";
export { type AcquireOptions, type CloseOptions, Pool } from "./pool.js";
export { StaticPool, type StaticPoolOptions } from "./static-pool.js";
export type { PoolStatus } from "./status.js";
