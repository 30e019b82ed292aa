import type { DriverConnection, MaybePromise } from "../dialect/driver.js";

/**
 * A setting of the session that a connection is lent with, and that is taken back before the pool lends it again: a tenant's
 * search path, read-only transactions, a role.
 *
 * @example
 * ```ts
 * const role = (name: string): ConnectionCharacteristic => ({
 *   name: "role",
 *   apply: async (driver) => void (await driver.execute(`SET ROLE ${engine.dialect.quote(name)}`, [], {})),
 *   restore: async (driver) => void (await driver.execute("RESET ROLE", [], {})),
 * });
 * await using conn = await engine.connect({ characteristics: [role("auditor")] });
 * const auditors = engine.withOptions({ characteristics: [role("auditor")] });
 * ```
 */
export interface ConnectionCharacteristic {
  /** Of two characteristics of one name the nearer counts: the connection's before the engine's. */
  readonly name: string;
  /** Sets it, before the connection is given to whoever asked for it. */
  apply(connection: DriverConnection): MaybePromise<unknown>;
  /** Takes it back, when nothing is open on the connection any more. Where it throws, the connection is closed instead. */
  restore(connection: DriverConnection): MaybePromise<unknown>;
}

/** Characteristics of an engine and of what is nearer: each name once. */
export function layerCharacteristics(
  below: readonly ConnectionCharacteristic[] | undefined,
  above: readonly ConnectionCharacteristic[] | undefined,
): readonly ConnectionCharacteristic[] | undefined {
  if (below === undefined || above === undefined) return above ?? below;
  return [...below.filter(({ name }) => !above.some((other) => other.name === name)), ...above];
}
