import {
  ArgumentError,
  type Conversion,
  type Decimal,
  double,
  type NumericForms,
  numeric,
  type OperatorName,
  type TypeHost,
  type ValueType,
} from "@acme/core/dialect";
import { OracleType } from "./oracle-type.js";

const MAX_PRECISION = 38;
const MIN_SCALE = -84;
const MAX_SCALE = 127;

/** Decimal numbers of a precision and a scale. Made by {@link number}. */
export class OracleNumber<T> extends OracleType<T, T | Decimal | number | bigint> {
  readonly precision: number | undefined;
  readonly scale: number | undefined;
  private readonly form: keyof NumericForms;

  constructor(precision: number | undefined, scale: number | undefined, form: keyof NumericForms) {
    checkSizes(precision, scale);
    const sizes = precision === undefined ? "" : scale === undefined ? `(${precision})` : `(${precision}, ${scale})`;
    // NUMBER(p) is NUMBER(p, 0).
    super(numeric(precision, precision === undefined ? undefined : (scale ?? 0), { as: form }), `NUMBER${sizes}`);
    this.precision = precision;
    this.scale = precision === undefined ? undefined : (scale ?? 0);
    this.form = form;
  }

  /** Oracle would round to the scale without a word. */
  override toDatabase(host: TypeHost): Conversion {
    const inner = super.toDatabase(host);
    const { precision, scale } = this;
    if (precision === undefined || scale === undefined) return inner;
    return (value) => {
      const text = inner(value) as string;
      const [, whole = "", fraction = ""] = /^-?0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
      if (fraction.length > Math.max(scale, 0) || (scale < 0 && !/^0*$/.test(whole.slice(scale))))
        throw this.refuse(value, `the column keeps ${scale} decimals`);
      const digits = scale < 0 ? whole.slice(0, scale) : whole + fraction.padEnd(scale, "0");
      if (digits.replace(/^0+/, "").length > precision)
        throw this.refuse(value, `it has more than ${precision} digits of that scale`);
      return text;
    };
  }

  /** Beside an operator a value need not fit into the column. */
  override operandType(_op: OperatorName, _value: unknown): ValueType<unknown, unknown> {
    return numeric(undefined, undefined, { as: this.form });
  }
}

function checkSizes(precision: number | undefined, scale: number | undefined): void {
  const whole = (value: number | undefined, from: number, to: number): boolean =>
    value === undefined || (Number.isInteger(value) && value >= from && value <= to);
  if (whole(precision, 1, MAX_PRECISION) && whole(scale, MIN_SCALE, MAX_SCALE)) return;
  throw new ArgumentError(
    `NUMBER takes a precision from 1 to ${MAX_PRECISION} and a scale from ${MIN_SCALE} to ${MAX_SCALE}.`,
    {
      code: "BAD_PRECISION",
    },
  );
}

/**
 * A decimal number: `number()` keeps what it is given (up to 38 or more digits), `number(5)` whole numbers, `number(7, 2)` two
 * decimals, `number(3, -2)` hundreds, `number(4, 5)` decimals below 0.1. A value that the column would round, or that is too
 * large for it, is refused before it is sent. `as` is that of `numeric()`: exact text, or `"number"`.
 *
 * DDL: `NUMBER`, `NUMBER(5)`, `NUMBER(7, 2)`.
 */
export function number<const A extends keyof NumericForms = "string">(
  precision?: number,
  scale?: number,
  options: { readonly as?: A } = {},
): OracleNumber<NumericForms[A]> {
  return new OracleNumber<NumericForms[A]>(precision, scale, options.as ?? "string");
}

/** A number of `binaryPrecision` binary digits (at most 126), stored as decimal. DDL: `FLOAT(63)`. */
export function floatNumber(binaryPrecision = 126): OracleType<number> {
  return new OracleType<number>(double(), `FLOAT(${binaryPrecision})`);
}

/** Floating point numbers of 32 bits. Made by {@link binaryFloat}. */
export class BinaryFloat extends OracleType<number> {
  constructor() {
    super(double(), "BINARY_FLOAT");
  }

  override toDatabase(host: TypeHost): Conversion {
    const inner = super.toDatabase(host);
    return (value) => Math.fround(inner(value) as number);
  }
}

/**
 * A floating point number of 32 bits. Values are rounded to what fits (`0.1` becomes `0.10000000149011612`) before they are sent, so
 * that a comparison finds what was stored. DDL: `BINARY_FLOAT`; one of 64 bits is `double()`.
 */
export function binaryFloat(): BinaryFloat {
  return new BinaryFloat();
}
