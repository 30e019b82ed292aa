import {
  type Conversion,
  type DateTimeForms,
  dateTime,
  type ExpressionNode,
  func,
  type IntervalForms,
  type IntervalInput,
  inlineText,
  interval,
  string,
  type TypeHost,
} from "@acme/core/dialect";
import { OracleType } from "./oracle-type.js";

/** Dates with a time of day. Made by {@link dateWithTime}. */
export class DateWithTime<T> extends OracleType<T, T | Date | string> {
  constructor(form: keyof DateTimeForms) {
    super(dateTime({ precision: 0, as: form }), "DATE");
  }

  /** Beside a TIMESTAMP Oracle would convert the column and pass by its index. */
  override bindExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(this) as unknown as ExpressionNode;
  }
}

/**
 * Oracle's DATE: a wall-clock date and time of day, to the second. (The portable `date()` is a DATE at midnight, its values are
 * calendar dates.) `as` is that of `dateTime()`. DDL: `DATE`.
 */
export function dateWithTime<const A extends keyof DateTimeForms = "date">(
  options: { readonly as?: A } = {},
): DateWithTime<DateTimeForms<false>[A]> {
  return new DateWithTime<DateTimeForms<false>[A]>(options.as ?? "date");
}

/**
 * An instant that is shown in the time zone of each session; the toolkit's sessions are in UTC. The zone that a value came in is not
 * kept. DDL: `TIMESTAMP(3) WITH LOCAL TIME ZONE`.
 */
export function timestampLocal<const A extends keyof DateTimeForms = "date">(
  options: { readonly as?: A; readonly precision?: number } = {},
): OracleType<DateTimeForms<true>[A], DateTimeForms<true>[A] | Date | string> {
  const { as = "date" as A, precision = as === "date" ? 3 : 6 } = options;
  return new OracleType<DateTimeForms<true>[A], DateTimeForms<true>[A] | Date | string>(
    dateTime({ timezone: true, precision, as }),
    `TIMESTAMP(${precision}) WITH LOCAL TIME ZONE`,
  );
}

const ZONED = /^(\d{4})-(\d{2})-(\d{2})[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:[0-5]\d)$/;
const ZONED_FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM';

/** Instants with the offset of their time zone. Made by {@link timestampZoned}. */
export class TimestampZoned extends OracleType<string> {
  readonly precision: number;

  constructor(precision: number) {
    super(string(), `TIMESTAMP(${precision}) WITH TIME ZONE`);
    this.precision = precision;
  }

  override toDatabase(): Conversion {
    return (value) => {
      const match = typeof value === "string" ? ZONED.exec(value) : null;
      if (match === null)
        throw this.refuse(value, 'it is not an instant with an offset such as "2024-02-29T13:00:00.5+02:00"');
      const [, year, month, day, hour, minute, second, fraction = "", zone] = match;
      if (fraction.length > this.precision && !/^0*$/.test(fraction.slice(this.precision)))
        throw this.refuse(value, `the column keeps ${this.precision} decimals of a second`);
      return `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(9, "0")}${zone === "Z" ? "+00:00" : zone}`;
    };
  }

  override fromDatabase(_host: TypeHost): Conversion {
    return (value) =>
      String(value).replace(/\.(\d*?)0*([+-]\d{2}:\d{2})$/, (_all, digits: string, zone: string) =>
        digits === "" ? zone : `.${digits}${zone}`,
      );
  }

  override bindExpression(value: ExpressionNode): ExpressionNode {
    return func("TO_TIMESTAMP_TZ", value, inlineText(ZONED_FORMAT)) as ExpressionNode;
  }

  override columnExpression(value: ExpressionNode): ExpressionNode {
    return func("TO_CHAR", value, inlineText(ZONED_FORMAT)) as ExpressionNode;
  }
}

/**
 * An instant together with the offset that it was written with, as text: `"2024-02-29T13:00:00.5+02:00"`. (Of a column of
 * `dateTime({ timezone: true })` the instant is read, in UTC.) Comparisons are of instants. DDL: `TIMESTAMP(6) WITH TIME ZONE`.
 */
export function timestampZoned(precision = 6): TimestampZoned {
  return new TimestampZoned(precision);
}

/**
 * A length of time, as `interval()`, with the digits of its days and of its fraction of a second said.
 * DDL: `INTERVAL DAY(2) TO SECOND(6)`.
 */
export function intervalDayToSecond<const A extends keyof IntervalForms = "string">(
  options: { readonly as?: A; readonly days?: number; readonly decimals?: number } = {},
): OracleType<IntervalForms[A], IntervalForms[A] | IntervalInput> {
  const { as, days = 2, decimals = 6 } = options;
  return new OracleType<IntervalForms[A], IntervalForms[A] | IntervalInput>(
    interval(as === undefined ? {} : { as }),
    `INTERVAL DAY(${days}) TO SECOND(${decimals})`,
  );
}

/** Counts of months. Made by {@link intervalYearToMonth}. */
export class YearToMonth extends OracleType<number> {
  readonly years: number;

  constructor(years: number) {
    super(string(), `INTERVAL YEAR(${years}) TO MONTH`);
    this.years = years;
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (typeof value !== "number" || !Number.isSafeInteger(value))
        throw this.refuse(value, "it is not a whole number of months");
      const months = Math.abs(value);
      if (months >= 12 * 10 ** this.years) throw this.refuse(value, `it has more than ${this.years} digits of years`);
      return `${value < 0 ? "-" : "+"}${Math.floor(months / 12)}-${months % 12}`;
    };
  }

  override fromDatabase(_host: TypeHost): Conversion {
    return (value) => {
      const match = /^([+-]?)(\d+)-(\d+)$/.exec(String(value).trim());
      if (match === null) throw this.unreadable(value);
      const months = Number(match[2]) * 12 + Number(match[3]);
      return match[1] === "-" ? -months : months;
    };
  }

  override bindExpression(value: ExpressionNode): ExpressionNode {
    return func("TO_YMINTERVAL", value) as ExpressionNode;
  }

  override columnExpression(value: ExpressionNode): ExpressionNode {
    return func("TO_CHAR", value) as ExpressionNode;
  }
}

/** A length of time in years and months, as a number of months: 14 is one year and two months. DDL: `INTERVAL YEAR(2) TO MONTH`. */
export function intervalYearToMonth(years = 2): YearToMonth {
  return new YearToMonth(years);
}
