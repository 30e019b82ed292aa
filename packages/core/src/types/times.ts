import { isTemporal, type Temporal, type TemporalObject, temporalReader, temporalText } from "./temporal.js";
import { type Conversion, type JsType, ValueType } from "./value-type.js";

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/;
const WALL = /^(\d{4})-(\d{2})-(\d{2})[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?$/;

function isCalendarDate(year: string, month: string, day: string): boolean {
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day) && year !== "0000";
}

/** Decimals of a second that a column does not keep would be rounded away by the database without a word. */
function refuseDecimals(
  type: ValueType<unknown, unknown>,
  value: unknown,
  decimals: string | undefined,
  kept: number,
): void {
  if (decimals === undefined || decimals.length <= kept || /^0*$/.test(decimals.slice(kept))) return;
  throw type.refuse(value, `the column keeps ${kept} decimals of a second`);
}

/** The JavaScript forms that {@link date} offers. */
export interface DateForms {
  string: string;
  temporal: Temporal<"PlainDate">;
}

/** Calendar dates. Made by {@link date}. Their canonical form is `"YYYY-MM-DD"`. */
export class DateType<out T = string> extends ValueType<T, T | string | TemporalObject<"PlainDate">> {
  readonly name = "date";
  private readonly form: keyof DateForms;

  constructor(form: keyof DateForms = "string") {
    super([form === "string" ? undefined : form]);
    this.form = form;
  }

  override toDatabase(): Conversion {
    return (value) => {
      const text = isTemporal(value, "PlainDate") ? temporalText(value) : value;
      const match = typeof text === "string" ? DATE.exec(text) : null;
      if (!match || !isCalendarDate(match[1] as string, match[2] as string, match[3] as string)) {
        throw this.refuse(value, 'it is not a date such as "2024-02-29"');
      }
      return text;
    };
  }

  override fromDatabase(): Conversion | undefined {
    if (this.form === "string") return undefined;
    const read = temporalReader("PlainDate", "date");
    return (value) => read(String(value).slice(0, 10));
  }

  override get jsType(): JsType {
    return this.form === "string" ? "string" : "Temporal.PlainDate";
  }

  override toString(): string {
    return this.name;
  }
}

/**
 * A calendar date as `"YYYY-MM-DD"`: it never becomes an instant, so no time zone can shift it. `{ as: "temporal" }` reads a
 * `Temporal.PlainDate`; both forms are taken. DDL: `DATE`.
 */
export function date<const A extends keyof DateForms = "string">(
  options: { readonly as?: A } = {},
): DateType<DateForms[A]> {
  return new DateType<DateForms[A]>(options.as ?? "string");
}

/** The JavaScript forms that {@link time} offers. */
export interface TimeForms {
  string: string;
  temporal: Temporal<"PlainTime">;
}

/** Times of day. Made by {@link time}. Their canonical form is `"HH:MM:SS"` with up to six decimals. */
export class TimeType<out T = string> extends ValueType<T, T | string | TemporalObject<"PlainTime">> {
  readonly name = "time";
  readonly precision: number;
  private readonly form: keyof TimeForms;

  constructor(precision: number, form: keyof TimeForms = "string") {
    super(form === "string" ? [precision] : [precision, form]);
    this.precision = precision;
    this.form = form;
  }

  override toDatabase(): Conversion {
    return (value) => {
      const text = isTemporal(value, "PlainTime") ? temporalText(value) : value;
      const match = typeof text === "string" ? TIME.exec(text) : null;
      if (!match) throw this.refuse(value, 'it is not a time such as "23:59:59.123456"');
      refuseDecimals(this, value, match[4], this.precision);
      return match[3] === undefined ? `${text}:00` : text;
    };
  }

  /** Databases pad decimals differently: trailing zeros go. */
  override fromDatabase(): Conversion {
    if (this.form === "string") return (value) => trimFraction(String(value));
    const read = temporalReader("PlainTime", "time");
    return (value) => read(String(value));
  }

  override get jsType(): JsType {
    return this.form === "string" ? "string" : "Temporal.PlainTime";
  }

  override toString(): string {
    return `${this.name}(${this.precision})`;
  }
}

function trimFraction(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/**
 * A time of day as `"HH:MM:SS[.ffffff]"`, or a `Temporal.PlainTime` with `{ as: "temporal" }`. `precision`: decimals of a
 * second, default 6. DDL: `TIME`.
 */
export function time<const A extends keyof TimeForms = "string">(
  options: { readonly precision?: number; readonly as?: A } = {},
): TimeType<TimeForms[A]> {
  return new TimeType<TimeForms[A]>(options.precision ?? 6, options.as ?? "string");
}

/** The JavaScript forms that {@link dateTime} offers. */
export interface DateTimeForms<Z extends boolean = false> {
  date: Date;
  string: string;
  temporal: Z extends true ? Temporal<"Instant"> : Temporal<"PlainDateTime">;
}

/** Options of {@link dateTime}. */
export interface DateTimeOptions<A extends keyof DateTimeForms, Z extends boolean = boolean> {
  /** True: an instant (`TIMESTAMP WITH TIME ZONE`). False, the default: a wall-clock time, written and read as UTC. */
  readonly timezone?: Z;
  /**
   * Decimals of a second that the column keeps. Default 3, what a `Date` holds; 6 for the other forms. Of a `Date` the
   * others are cut off; a text or Temporal object that has more is refused.
   */
  readonly precision?: number;
  /**
   * `"date"`, the default: `Date`. `"string"`: `"2024-02-29T13:00:00.123456"`, with `Z` at its end for instants. `"temporal"`:
   * `Temporal.Instant` for instants, `Temporal.PlainDateTime` for wall-clock times.
   */
  readonly as?: A;
}

/** What every point in time may be given as. */
export type DateTimeInput = Date | string | TemporalObject<"Instant" | "PlainDateTime" | "ZonedDateTime">;

/** Points in time. Made by {@link dateTime}. Its canonical form is `"YYYY-MM-DD HH:MM:SS.ffffff"` in UTC. */
export class DateTime<out T> extends ValueType<T, T | DateTimeInput> {
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
      if (typeof value === "string") return this.fromText(value, value);
      const text = textOf(value);
      if (text !== undefined) return this.fromText(text, value);
      throw this.refuse(value, "it is not a valid Date or date-time text");
    };
  }

  /** A `Date` has milliseconds whether its maker means them or not: those that the column does not keep are cut off. */
  private fromDate(value: Date): string {
    const text = this.checkedIso(value, value).replace("T", " ");
    return text.slice(0, this.precision === 0 ? 19 : Math.min(20 + this.precision, 23));
  }

  private fromText(text: string, value: unknown): string {
    const zone = /(?:Z|([+-]\d{2}):?(\d{2})?)$/i.exec(text.slice(10));
    const wall = zone ? text.slice(0, text.length - zone[0].length) : text;
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
    const asText = (value: unknown): string => {
      const iso = value instanceof Date ? value.toISOString() : toIso(String(value));
      return trimFraction(iso.slice(0, -1)) + suffix;
    };
    if (this.form === "string") return asText;
    const read = temporalReader(this.timezone ? "Instant" : "PlainDateTime", String(this));
    return (value) => read(asText(value));
  }

  override get jsType(): JsType {
    if (this.form === "date") return "Date";
    if (this.form === "string") return "string";
    return this.timezone ? "Temporal.Instant" : "Temporal.PlainDateTime";
  }

  override toString(): string {
    return this.timezone ? "dateTime with time zone" : "dateTime";
  }
}

/** The ISO text of a Temporal object that is a point in time. */
function textOf(value: unknown): string | undefined {
  if (isTemporal(value, "Instant") || isTemporal(value, "PlainDateTime")) return temporalText(value);
  if (!isTemporal(value, "ZonedDateTime")) return undefined;
  return (value as unknown as { toInstant(): { toString(): string } }).toInstant().toString();
}

/** `2024-02-29 13:00:00.5` or `2024-02-29 13:00:00+00` to `2024-02-29T13:00:00.5Z`. */
function toIso(text: string): string {
  const wall = text.replace(" ", "T").replace(/(?:Z|[+-]00(?::?00)?)$/, "");
  return wall.length === 10 ? `${wall}T00:00:00Z` : `${wall}Z`;
}

/**
 * A point in time. A `Date` is written and read as UTC on every database, whatever the time zones of server and client.
 * `Temporal` objects are taken, and read with `{ as: "temporal" }`, with all six decimals.
 *
 * DDL: `TIMESTAMP(3) [WITH TIME ZONE]`, MySQL `DATETIME(3)`, SQL Server `DATETIME2(3)` / `DATETIMEOFFSET(3)`, SQLite text.
 *
 * @example
 * ```ts
 * createdAt: dateTime({ timezone: true }).serverDefault(func.now())
 * ```
 */
export function dateTime<const A extends keyof DateTimeForms = "date", const Z extends boolean = false>(
  options: DateTimeOptions<A, Z> = {},
): DateTime<DateTimeForms<Z>[A]> {
  const form = options.as ?? "date";
  return new DateTime<DateTimeForms<Z>[A]>(
    options.timezone ?? false,
    options.precision ?? (form === "date" ? 3 : 6),
    form,
  );
}
