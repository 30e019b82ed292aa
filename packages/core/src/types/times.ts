import { type Conversion, ValueType } from "./value-type.js";

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/;
const WALL = /^(\d{4})-(\d{2})-(\d{2})[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?$/;

function isCalendarDate(year: string, month: string, day: string): boolean {
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day) && year !== "0000";
}

/** Decimals of a second that a column does not keep would be rounded away by the database without a word. */
function refuseDecimals(
  type: DateTime<unknown> | TimeType,
  value: unknown,
  decimals: string | undefined,
  kept: number,
): void {
  if (decimals === undefined || decimals.length <= kept || /^0*$/.test(decimals.slice(kept))) return;
  throw type.refuse(value, `the column keeps ${kept} decimals of a second`);
}

/** Calendar dates as `"YYYY-MM-DD"`. Made by {@link date}. */
export class DateType extends ValueType<string> {
  readonly name = "date";

  override toDatabase(): Conversion {
    return (value) => {
      const match = typeof value === "string" ? DATE.exec(value) : null;
      if (!match || !isCalendarDate(match[1] as string, match[2] as string, match[3] as string)) {
        throw this.refuse(value, 'it is not a date such as "2024-02-29"');
      }
      return value;
    };
  }
}

/** A calendar date as `"YYYY-MM-DD"`: it never becomes an instant, so no time zone can shift it. DDL: `DATE`. */
export function date(): DateType {
  return new DateType();
}

/** Times of day as `"HH:MM:SS"` with up to six decimals. Made by {@link time}. */
export class TimeType extends ValueType<string> {
  readonly name = "time";
  readonly precision: number;

  constructor(precision: number) {
    super([precision]);
    this.precision = precision;
  }

  override toDatabase(): Conversion {
    return (value) => {
      const match = typeof value === "string" ? TIME.exec(value) : null;
      if (!match) throw this.refuse(value, 'it is not a time such as "23:59:59.123456"');
      refuseDecimals(this, value, match[4], this.precision);
      return match[3] === undefined ? `${value}:00` : value;
    };
  }

  /** Databases pad decimals differently: trailing zeros go. */
  override fromDatabase(): Conversion {
    return (value) => trimFraction(String(value));
  }
}

function trimFraction(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A time of day as `"HH:MM:SS[.ffffff]"`. `precision`: decimals of a second, default 6. DDL: `TIME`. */
export function time(options: { readonly precision?: number } = {}): TimeType {
  return new TimeType(options.precision ?? 6);
}

/** The JavaScript forms that {@link dateTime} offers. */
export interface DateTimeForms {
  date: Date;
  string: string;
}

/** Options of {@link dateTime}. */
export interface DateTimeOptions<A extends keyof DateTimeForms> {
  /** True: an instant (`TIMESTAMP WITH TIME ZONE`). False, the default: a wall-clock time, written and read as UTC. */
  readonly timezone?: boolean;
  /**
   * Decimals of a second that the column keeps. Default 3, what a `Date` holds; 6 for `{ as: "string" }`. Of a `Date` the
   * others are cut off; text that has more is refused.
   */
  readonly precision?: number;
  /** `"date"`, the default: `Date`. `"string"`: `"2024-02-29T13:00:00.123456"`, with `Z` at its end for instants. */
  readonly as?: A;
}

/** Points in time. Made by {@link dateTime}. Its canonical form is `"YYYY-MM-DD HH:MM:SS.ffffff"` in UTC. */
export class DateTime<out T> extends ValueType<T, T | Date> {
  readonly name = "dateTime";
  readonly timezone: boolean;
  readonly precision: number;
  private readonly form: keyof DateTimeForms;

  constructor(timezone: boolean, precision: number, form: keyof DateTimeForms) {
    super([timezone, precision, form]);
    this.timezone = timezone;
    this.precision = precision;
    this.form = form;
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (value instanceof Date && !Number.isNaN(value.getTime())) return this.fromDate(value);
      if (typeof value === "string") return this.fromText(value);
      throw this.refuse(value, "it is not a valid Date or date-time text");
    };
  }

  /** A `Date` has milliseconds whether its maker means them or not: those that the column does not keep are cut off. */
  private fromDate(value: Date): string {
    const text = this.checkedIso(value, value).replace("T", " ");
    return text.slice(0, this.precision === 0 ? 19 : Math.min(20 + this.precision, 23));
  }

  private fromText(value: string): string {
    const zone = /(?:Z|([+-]\d{2}):?(\d{2})?)$/i.exec(value.slice(10));
    const wall = zone ? value.slice(0, value.length - zone[0].length) : value;
    const match = WALL.exec(wall);
    if (!match || !isCalendarDate(match[1] as string, match[2] as string, match[3] as string)) {
      throw this.refuse(value, 'it is not a date-time such as "2024-02-29T13:00:00.123Z"');
    }
    if (zone === null && this.timezone) throw this.refuse(value, "an instant needs a time zone: end the text with Z");
    refuseDecimals(this, value, match[7], this.precision);
    if (zone === null || /^(Z|[+-]00:?(00)?)$/i.test(zone[0])) return wall.replace("T", " ");
    const fraction = match[7] === undefined ? "" : `.${match[7]}`;
    const shifted = new Date(`${wall.slice(0, 19).replace(" ", "T")}${zone[1]}:${zone[2] ?? "00"}`);
    if (Number.isNaN(shifted.getTime())) throw this.refuse(value, "its time zone does not exist");
    return this.checkedIso(shifted, value).slice(0, 19).replace("T", " ") + fraction;
  }

  private checkedIso(instant: Date, value: unknown): string {
    const year = instant.getUTCFullYear();
    if (year < 1 || year > 9999) throw this.refuse(value, "its year lies outside 1 to 9999");
    return instant.toISOString();
  }

  /** Canonical text (or a driver's `Date`) to the JavaScript form. */
  override fromDatabase(): Conversion {
    if (this.form === "date") {
      return (value) => {
        const made = value instanceof Date ? value : new Date(toIso(String(value)));
        if (Number.isNaN(made.getTime())) throw this.unreadable(value);
        return made;
      };
    }
    const suffix = this.timezone ? "Z" : "";
    return (value) => {
      const iso = value instanceof Date ? value.toISOString() : toIso(String(value));
      return trimFraction(iso.slice(0, -1)) + suffix;
    };
  }

  override toString(): string {
    return this.timezone ? "dateTime with time zone" : "dateTime";
  }
}

/** `2024-02-29 13:00:00.5` or `2024-02-29 13:00:00+00` to `2024-02-29T13:00:00.5Z`. */
function toIso(text: string): string {
  const wall = text.replace(" ", "T").replace(/(?:Z|[+-]00(?::?00)?)$/, "");
  return wall.length === 10 ? `${wall}T00:00:00Z` : `${wall}Z`;
}

/**
 * A point in time. A `Date` is written and read as UTC on every database, whatever the time zones of server and client.
 *
 * DDL: `TIMESTAMP(3) [WITH TIME ZONE]`, MySQL `DATETIME(3)`, SQL Server `DATETIME2(3)` / `DATETIMEOFFSET(3)`, SQLite text.
 *
 * @example
 * ```ts
 * createdAt: dateTime({ timezone: true }).serverDefault(func.now())
 * ```
 */
export function dateTime<const A extends keyof DateTimeForms = "date">(
  options: DateTimeOptions<A> = {},
): DateTime<DateTimeForms[A]> {
  const form = options.as ?? "date";
  return new DateTime<DateTimeForms[A]>(
    options.timezone ?? false,
    options.precision ?? (form === "date" ? 3 : 6),
    form,
  );
}
