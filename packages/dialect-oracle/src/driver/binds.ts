import type { BindDefinition, BindParameter } from "oracledb";
import { DoubleBind, NationalText, OutBind, type OutKind } from "../driver-values.js";
import type { Oracledb } from "./driver.js";

/** A parameter as the driver takes it. */
export type Bind = BindParameter | string | number | bigint | boolean | Buffer | null;

function outType(driver: Oracledb, kind: OutKind): BindDefinition["type"] {
  switch (kind) {
    case "number":
      return driver.DB_TYPE_NUMBER;
    case "double":
      return driver.DB_TYPE_BINARY_DOUBLE;
    case "boolean":
      return driver.DB_TYPE_BOOLEAN;
    case "clob":
      return driver.DB_TYPE_CLOB;
    case "nclob":
      return driver.DB_TYPE_NCLOB;
    case "ntext":
      return driver.DB_TYPE_NVARCHAR;
    case "blob":
      return driver.DB_TYPE_BLOB;
    case "raw":
      return driver.DB_TYPE_RAW;
    default:
      return driver.DB_TYPE_VARCHAR;
  }
}

/** What the driver is told of a parameter that the database fills. */
export function outDefinition(driver: Oracledb, { kind, maxSize }: OutBind): BindDefinition {
  const sized = kind === "text" || kind === "ntext" || kind === "raw";
  return { dir: driver.BIND_OUT, type: outType(driver, kind), ...(sized ? { maxSize } : {}) };
}

/** The parameters of one execution. */
export function toBinds(driver: Oracledb, parameters: readonly unknown[]): Bind[] {
  return parameters.map((value): Bind => {
    if (value instanceof OutBind) return outDefinition(driver, value);
    if (value instanceof DoubleBind) return { type: driver.DB_TYPE_BINARY_DOUBLE, val: value.value };
    if (value instanceof NationalText) return { type: driver.DB_TYPE_NVARCHAR, val: value.text };
    return plain(value);
  });
}

/** A value that the driver takes as it is. */
function plain(value: unknown): string | number | bigint | boolean | Buffer | null {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return (value ?? null) as string | number | bigint | boolean | null;
}

/** The parameter sets of executeMany: rows of values, and what each position is, for the driver wants to know it in advance. */
export interface ManyBinds {
  readonly rows: unknown[][];
  readonly definitions: BindDefinition[];
}

export function toManyBinds(driver: Oracledb, sets: readonly (readonly unknown[])[]): ManyBinds {
  const width = sets[0]?.length ?? 0;
  const definitions = Array.from({ length: width }, (_, i) => definition(driver, sets, i));
  const rows = sets.map((set) =>
    set.map((value) => {
      if (value instanceof OutBind) return undefined;
      if (value instanceof NationalText) return value.text;
      return value instanceof DoubleBind ? value.value : plain(value);
    }),
  );
  return { rows, definitions };
}

/** What one position holds: seen from its first value, as large as its largest. */
function definition(driver: Oracledb, sets: readonly (readonly unknown[])[], position: number): BindDefinition {
  const values = sets.map((set) => set[position]).filter((value) => value !== null && value !== undefined);
  const [first] = values;
  if (first instanceof OutBind) return outDefinition(driver, first);
  const dir = driver.BIND_IN;
  if (first instanceof DoubleBind) return { dir, type: driver.DB_TYPE_BINARY_DOUBLE };
  if (first instanceof NationalText)
    return {
      dir,
      type: driver.DB_TYPE_NVARCHAR,
      maxSize: largest(values, (value) => 2 * (value as NationalText).text.length),
    };
  if (first instanceof Uint8Array)
    return { dir, type: driver.DB_TYPE_RAW, maxSize: largest(values, (value) => (value as Uint8Array).byteLength) };
  if (typeof first === "number" || typeof first === "bigint") return { dir, type: driver.DB_TYPE_NUMBER };
  if (typeof first === "boolean") return { dir, type: driver.DB_TYPE_BOOLEAN };
  return { dir, type: driver.DB_TYPE_VARCHAR, maxSize: largest(values, (value) => Buffer.byteLength(String(value))) };
}

function largest(values: readonly unknown[], size: (value: unknown) => number): number {
  let most = 1;
  for (const value of values) most = Math.max(most, size(value));
  return most;
}
