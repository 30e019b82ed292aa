/**
 * What a pool holds at one moment.
 *
 * @example
 * ```ts
 * pool.status(); // { size: 3, idle: 1, used: 2, pending: 0, creating: 0, overflow: 0, max: 10, limit: 10 }
 * ```
 */
export interface PoolStatus {
  /** Open resources: idle and used. A resource that is being destroyed no longer counts. */
  readonly size: number;
  /** Resources that wait for a caller. */
  readonly idle: number;
  /** Resources that are lent out, being validated or being reset. */
  readonly used: number;
  /** Callers that wait for a resource. */
  readonly pending: number;
  /** Resources whose `create` is under way. */
  readonly creating: number;
  /** Open resources above `max`; they are not kept when they come back. */
  readonly overflow: number;
  /** How many resources the pool keeps. */
  readonly max: number;
  /** How many resources may be open at once: `max` and the allowed overflow. */
  readonly limit: number;
}

/** The status in words, for error messages. */
export function describeStatus(status: PoolStatus): string {
  const { size, limit, idle, used, creating, pending } = status;
  const bound = limit === Number.POSITIVE_INFINITY ? "" : ` of at most ${limit}`;
  return `${size}${bound} open (${used} used, ${idle} idle), ${creating} being created, ${pending} waiting`;
}
