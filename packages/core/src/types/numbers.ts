import type { Decimal } from "../sql/protocols.js";
import { type Conversion, type JsType, ValueType } from "./value-type.js";

/** Whole numbers of 32 bits (64 on SQLite) as `number`. Made by {@link integer} and {@link smallInteger}. */
export class Integer extends ValueType<number> {
  readonly name: string;

  constructor(name: "integer" | "smallInteger" = "integer") {
    super([name]);
    this.name = name;
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (typeof value === "number" && Number.isSafeInteger(value)) return value;
      if (typeof value === "bigint" && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER)
        return Number(value);
      throw this.refuse(value, "it is not a whole number between -(2^53 - 1) and 2^53 - 1");
    };
  }

  override toString(): string {
    return this.name;
  }

  override get jsType(): JsType {
    return "number";
  }
}

/**
 * A whole number as `number`. Values outside the database's own range (32 bits except on SQLite) are refused by the
 * database.
 *
 * DDL: `INTEGER`; Oracle `NUMBER(10)`, SQL Server `INT`.
 */
export function integer(): Integer {
  return new Integer("integer");
}

/** A whole number of 16 bits as `number`. DDL: `SMALLINT`; Oracle `NUMBER(5)`. */
export function smallInteger(): Integer {
  return new Integer("smallInteger");
}

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** Whole numbers of 64 bits as `bigint`. Made by {@link bigInteger}. */
export class BigInteger extends ValueType<bigint, bigint | number> {
  readonly name = "bigInteger";

  override toDatabase(): Conversion {
    return (value) => {
      const big = typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
      if (typeof big !== "bigint") throw this.refuse(value, "it is neither a bigint nor a safe integer");
      if (big > MAX_INT64 || big < MIN_INT64) throw this.refuse(value, "it does not fit into 64 bits");
      return big;
    };
  }

  override get jsType(): JsType {
    return "bigint";
  }
}

/**
 * A whole number of 64 bits, read as `bigint`; `number` is accepted where it is a safe integer.
 *
 * DDL: `BIGINT`; Oracle `NUMBER(19)`.
 */
export function bigInteger(): BigInteger {
  return new BigInteger();
}

/** The JavaScript forms that {@link numeric} offers. */
export interface NumericForms {
  string: Decimal;
  number: number;
}

/** PostgreSQL keeps the most digits: 131,072 before the point. */
const MAX_EXPONENT = 131_072;

function exponentOf(text: string): number {
  const at = text.search(/e/i);
  return at === -1 ? 0 : Number(text.slice(at + 1));
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Exact decimal numbers. Made by {@link numeric}. */
export class Numeric<out T> extends ValueType<T, T | Decimal | number | bigint> {
  readonly name = "numeric";
  readonly precision: number | undefined;
  readonly scale: number | undefined;
  /** The JavaScript form of its values. */
  readonly form: keyof NumericForms;

  constructor(precision: number | undefined, scale: number | undefined, form: keyof NumericForms) {
    super([precision, scale, form]);
    this.precision = precision;
    this.scale = scale;
    this.form = form;
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (typeof value === "bigint") return value.toString();
      if (typeof value === "number" && Number.isFinite(value)) return plainDecimal(String(value));
      if (typeof value !== "string" || !DECIMAL.test(value))
        throw this.refuse(value, 'it is not a decimal number such as "12.50"');
      if (Math.abs(exponentOf(value)) > MAX_EXPONENT) throw this.refuse(value, "no database keeps so many digits");
      return plainDecimal(value);
    };
  }

  override fromDatabase(): Conversion | undefined {
    return this.form === "number" ? Number : undefined;
  }

  override toString(): string {
    const args = [this.precision, this.scale].filter((arg) => arg !== undefined);
    return args.length === 0 ? this.name : `numeric(${args.join(", ")})`;
  }

  override get jsType(): JsType {
    return this.form;
  }
}

/**
 * Writes a decimal number plainly: `1.5e3` becomes `1500`, `.5` becomes `0.5`, `+007.` becomes `7`. Zeros at the end of a
 * fraction stay: they tell the scale.
 */
export function plainDecimal(text: string): string {
  if (PLAIN.test(text)) return text;
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction)
    .padStart(whole.length + fraction.length - Math.min(point, 0), "0")
    .padEnd(point, "0");
  const before = digits.slice(0, Math.max(point, 0)).replace(/^0+(?=\d)/, "") || "0";
  const after = digits.slice(Math.max(point, 0));
  return `${sign === "-" ? "-" : ""}${before}${after === "" ? "" : `.${after}`}`;
}

/** What {@link plainDecimal} leaves as it is. */
const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * An exact decimal number, read as text (`"12.50"`) so that no digit is lost; numbers and bigints are accepted.
 * `{ as: "number" }` reads a JavaScript number instead, exact to 15 digits.
 *
 * DDL: `NUMERIC(10, 2)`; Oracle `NUMBER(10, 2)`. SQLite has no decimals: it keeps 15 significant digits, and a value that
 * has more is refused with a DataError.
 *
 * @example
 * ```ts
 * price: numeric(10, 2)                     // "12.50"
 * rate: numeric(6, 4, { as: "number" })     // 0.125
 * ```
 */
export function numeric<const A extends keyof NumericForms = "string">(
  precision?: number,
  scale?: number,
  options: { readonly as?: A } = {},
): Numeric<NumericForms[A]> {
  return new Numeric<NumericForms[A]>(precision, scale, options.as ?? "string");
}

/** Floating point numbers. Made by {@link float} and {@link double}. */
export class Float extends ValueType<number> {
  readonly name: string;

  constructor(name: "float" | "double" = "double") {
    super([name]);
    this.name = name;
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (typeof value === "number") return value;
      if (typeof value !== "bigint") throw this.refuse(value, "it is not a number");
      if (BigInt(Number(value)) !== value) throw this.refuse(value, "a floating point number would lose digits of it");
      return Number(value);
    };
  }

  override toString(): string {
    return this.name;
  }

  override get jsType(): JsType {
    return "number";
  }
}

/** A floating point number of 64 bits: the same numbers as JavaScript's. DDL: `DOUBLE PRECISION`, `DOUBLE`, `REAL` on SQLite. */
export function double(): Float {
  return new Float("double");
}

/** A floating point number; 64 bits wide, as SQL's FLOAT is on most databases. DDL: `FLOAT`. */
export function float(): Float {
  return new Float("float");
}
