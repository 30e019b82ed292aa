import {
  type Conversion,
  type ExpressionNode,
  hex,
  LargeBinary,
  type TypeHost,
  type TypeNameUse,
} from "@acme/core/dialect";
import { MssqlType, nameOnMssql } from "./mssql-type.js";

/** Bytes of one of SQL Server's types. */
export class MssqlBinary extends LargeBinary {
  /** The type as SQL Server writes it: `BINARY(16)`. */
  readonly sqlName: string;
  override readonly args: LargeBinary["args"];
  private readonly fixed: boolean;

  constructor(sqlName: string, length: number | undefined, fixed: boolean) {
    super(length);
    this.sqlName = sqlName;
    this.args = [sqlName];
    this.fixed = fixed;
  }

  override ddl(host: TypeHost, use: TypeNameUse): string {
    return nameOnMssql(host, use === "cast" ? this.sqlName.replace(" FILESTREAM", "") : this.sqlName);
  }

  override toDatabase(): Conversion {
    const checked = super.toDatabase();
    const { length, fixed } = this;
    if (length === undefined) return checked;
    return (value) => {
      const { byteLength } = checked(value) as Uint8Array;
      // The server would fill it up with zeros.
      if (fixed && byteLength !== length) throw this.refuse(value, `it has ${byteLength} bytes and not ${length}`);
      if (byteLength > length) throw this.refuse(value, `it has more than ${length} bytes`);
      return value;
    };
  }

  override literal(value: unknown): string {
    return `0x${hex(value as Uint8Array).toUpperCase()}`;
  }

  override toString(): string {
    return this.sqlName;
  }
}

/** Exactly `length` bytes. DDL: `BINARY(16)`. */
export function binary(length: number): MssqlBinary {
  return new MssqlBinary(`BINARY(${length})`, length, true);
}

/**
 * At most `length` bytes, or `"max"`. `largeBinary()` is the portable form. `filestream` keeps the bytes in files of the server; the
 * table then needs a unique ROWGUIDCOL column. DDL: `VARBINARY(200)`, `VARBINARY(max) FILESTREAM`.
 */
export function varbinary(length: number | "max", options: { readonly filestream?: boolean } = {}): MssqlBinary {
  const name = `VARBINARY(${length})${options.filestream ? " FILESTREAM" : ""}`;
  return new MssqlBinary(name, length === "max" ? undefined : length, false);
}

/** Bytes of older databases, which the vendor advises against: `varbinary("max")` is its successor. DDL: `IMAGE`. */
export function image(): MssqlBinary {
  return new MssqlBinary("IMAGE", undefined, false);
}

/** The JavaScript forms that {@link rowversion} offers. */
export interface RowversionForms {
  bytes: Uint8Array;
  bigint: bigint;
}

/** Numbers of changes. Made by {@link rowversion}. */
export class Rowversion<out T> extends MssqlType<T> {
  readonly name = "rowversion";
  readonly sqlName = "ROWVERSION";
  private readonly form: keyof RowversionForms;

  constructor(form: keyof RowversionForms) {
    super([form]);
    this.form = form;
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (this.form === "bytes" && value instanceof Uint8Array && value.byteLength === WIDTH) return value;
      if (this.form === "bigint" && typeof value === "bigint" && value >= 0n && value < 2n ** 64n)
        return bytesOf(value);
      throw this.refuse(
        value,
        this.form === "bytes" ? "it is not a Uint8Array of 8 bytes" : "it is not a bigint of 64 bits",
      );
    };
  }

  override fromDatabase(): Conversion {
    return (value) =>
      this.form === "bytes" ? new Uint8Array(value as Uint8Array) : BigInt(`0x${hex(value as Uint8Array)}`);
  }

  override bindExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(EIGHT_BYTES) as unknown as ExpressionNode;
  }

  override literal(value: unknown): string {
    return `0x${hex(value as Uint8Array).toUpperCase()}`;
  }
}

const WIDTH = 8;
const EIGHT_BYTES = binary(WIDTH);

function bytesOf(value: bigint): Uint8Array {
  const bytes = new Uint8Array(WIDTH);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/**
 * A number that the database changes with every change of the row: for telling whether it has been changed since it was read. A
 * table has one at most, and no statement can give it a value. Read as 8 bytes, or with `{ as: "bigint" }` as a number.
 * DDL: `ROWVERSION`.
 *
 * @example
 * ```ts
 * version: rowversion({ as: "bigint" }).serverDefault(fetched())
 * update(t).set({ name: "x" }).where(t.c.version.eq(17n))   // ... WHERE t.version = CAST(@p2 AS BINARY(8))
 * ```
 */
export function rowversion<const A extends keyof RowversionForms = "bytes">(
  options: { readonly as?: A } = {},
): Rowversion<RowversionForms[A]> {
  return new Rowversion(options.as ?? "bytes");
}
