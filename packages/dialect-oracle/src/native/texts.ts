import {
  type Conversion,
  largeBinary,
  type OperatorName,
  string,
  type TypeHost,
  text,
  type ValueType,
} from "@acme/core/dialect";
import { NationalText } from "../driver-values.js";
import { OracleType } from "./oracle-type.js";

/** Options of {@link varchar2} and {@link char}. */
export interface LengthOptions {
  /** What the length counts: characters, the default, or bytes in the database's character set (UTF-8). */
  readonly unit?: "char" | "byte";
}

const sized = (name: string, length: number, unit: "char" | "byte" = "char"): string =>
  `${name}(${length} ${unit.toUpperCase()})`;

/**
 * Text of at most `length` characters, or bytes. Without a unit Oracle itself would take that of the session (NLS_LENGTH_SEMANTICS).
 * DDL: `VARCHAR2(50 CHAR)`, `VARCHAR2(50 BYTE)`.
 */
export function varchar2(length: number, options: LengthOptions = {}): OracleType<string> {
  return new OracleType<string>(string(length), sized("VARCHAR2", length, options.unit));
}

/** Operators beside which texts of fixed length are filled up. */
const COMPARISONS: ReadonlySet<string> = new Set([
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "in",
  "notIn",
  "between",
  "notBetween",
  "isDistinctFrom",
  "isNotDistinctFrom",
]);

/** Text of fixed length. Made by {@link char} and {@link nchar}. */
export class FixedText extends OracleType<string> {
  readonly length: number;
  private readonly unit: "char" | "byte";
  private readonly national: boolean;

  constructor(length: number, unit: "char" | "byte", national: boolean) {
    super(string(length), national ? `NCHAR(${length})` : sized("CHAR", length, unit));
    this.length = length;
    this.unit = unit;
    this.national = national;
  }

  /**
   * Filled up with spaces, as the column is: a parameter is a VARCHAR2, which would be compared without them.
   */
  override toDatabase(host: TypeHost): Conversion {
    const inner = super.toDatabase(host);
    const { length, unit, national } = this;
    return (value) => {
      const given = inner(value) as string;
      const size = unit === "byte" ? new TextEncoder().encode(given).length : [...given].length;
      if (size > length) throw this.refuse(value, `it is longer than ${length}`);
      const filled = given + " ".repeat(length - size);
      return national ? new NationalText(filled) : filled;
    };
  }

  /** The spaces that fill a value up are none of its own. */
  override fromDatabase(_host: TypeHost): Conversion {
    return (value) => String(value).replace(/ +$/, "");
  }

  override operandType(op: OperatorName, _value: unknown): ValueType<unknown, unknown> {
    return COMPARISONS.has(op) ? this : string();
  }
}

/**
 * Text of fixed length. Oracle fills values up with spaces; these are sent along in comparisons, and taken off of results.
 * DDL: `CHAR(2 CHAR)`, `CHAR(2 BYTE)`.
 */
export function char(length: number, options: LengthOptions = {}): FixedText {
  return new FixedText(length, options.unit ?? "char", false);
}

/** As {@link char}, in the national character set (Unicode in any database). DDL: `NCHAR(2)`. */
export function nchar(length: number): FixedText {
  return new FixedText(length, "char", true);
}

/** Text in the national character set. Made by {@link nvarchar2} and {@link nclob}. */
export class National extends OracleType<string> {
  override toDatabase(host: TypeHost): Conversion {
    const inner = super.toDatabase(host);
    return (value) => new NationalText(inner(value) as string);
  }
}

/**
 * Text of at most `length` characters in the national character set, which is Unicode also where the database's is not: values
 * are sent in it, and no character is lost. DDL: `NVARCHAR2(50)`.
 */
export function nvarchar2(length: number): National {
  return new National(string(length), `NVARCHAR2(${length})`);
}

/** Text of any length in the national character set. DDL: `NCLOB`. */
export function nclob(): National {
  return new National(text(), "NCLOB");
}

/** Text of the old kind: one column of a table, in no condition and no expression. For tables that have it. DDL: `LONG`. */
export function long(): OracleType<string> {
  return new OracleType<string>(string(), "LONG", { comparable: false });
}

/**
 * Bytes, at most 2,000 (32,767 where the database has extended sizes), which compare and sort; longer ones are `largeBinary()`, a
 * BLOB. DDL: `RAW(16)`.
 */
export function raw(length: number): OracleType<Uint8Array> {
  // A length beyond 2,000 would make the portable type a BLOB.
  return new OracleType<Uint8Array>(largeBinary(Math.min(length, 2000)), `RAW(${length})`);
}
