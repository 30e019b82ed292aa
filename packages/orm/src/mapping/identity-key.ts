/**
 * The part of an identity that one primary key column makes: something that Map compares as the database compares the value.
 * Numbers and strings, which nearly all keys are, stand for themselves.
 */
export function keyPart(value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    case "object":
      if (value instanceof Date) return `date:${value.getTime()}`;
      if (value instanceof Uint8Array) return `bytes:${Array.from(value).join()}`;
      return value === null ? undefined : `json:${JSON.stringify(value)}`;
    default:
      return value;
  }
}

/** The identity that the values of a composite key make; undefined when one is missing. */
export function compositeKey(parts: readonly unknown[]): string | undefined {
  let key = "";
  for (const part of parts) {
    const value = keyPart(part);
    if (value === undefined) return undefined;
    const text = String(value);
    // The length tells where a part ends, the kind tells 1 from "1".
    key += `${typeof value === "string" ? "s" : "n"}${text.length}:${text}`;
  }
  return key;
}
