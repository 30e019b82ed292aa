/**
 * Whether two values of a column are the same for the database: equal instants, equal bytes, equal JSON. `undefined` is
 * as good as null: the entity says nothing.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a === undefined || a === null) return b === undefined || b === null;
  if (b === undefined || b === null) return false;
  if (typeof a !== "object" || typeof b !== "object") return sameNumber(a, b);
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  if (a instanceof Uint8Array)
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  return samePlain(a as Record<string, unknown>, b as Record<string, unknown>);
}

/** A bigint and a number of the same size are one value: columns of bigints take both. */
function sameNumber(a: unknown, b: unknown): boolean {
  if (typeof a === "bigint" && typeof b === "number") return Number.isInteger(b) && BigInt(b) === a;
  if (typeof b === "bigint" && typeof a === "number") return Number.isInteger(a) && BigInt(a) === b;
  return false;
}

/** JSON documents; objects of other classes are the same only by identity. */
function samePlain(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  if (Object.getPrototypeOf(a) !== Object.prototype || Object.getPrototypeOf(b) !== Object.prototype) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}
