const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/**
 * A text that is the same for equal rows: for sets and maps of rows, which JavaScript compares by identity. Numbers, texts,
 * dates, bytes, lists and plain objects count by value, other objects (entities) by identity. The keys of an object are
 * compared in any order.
 *
 * @example
 * ```ts
 * const seen = new Set(rows.map(rowKey));
 * seen.has(rowKey({ id: 1, name: "alice" }));
 * ```
 */
export function rowKey(row: unknown): string {
  switch (typeof row) {
    case "string":
      return JSON.stringify(row);
    case "number":
      return `${row}`;
    case "bigint":
      return `${row}n`;
    case "object":
      return row === null ? "null" : objectKey(row);
    case "function":
      return identityKey(row);
    default:
      return String(row);
  }
}

function objectKey(value: object): string {
  if (Array.isArray(value)) return `[${value.map(rowKey).join(",")}]`;
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (value instanceof Uint8Array) return `bytes ${value.join(",")}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return identityKey(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${rowKey(each)}`).join(",")}}`;
}

function identityKey(value: object): string {
  let id = identities.get(value);
  if (id === undefined) {
    lastIdentity += 1;
    id = lastIdentity;
    identities.set(value, id);
  }
  return `object ${id}`;
}
