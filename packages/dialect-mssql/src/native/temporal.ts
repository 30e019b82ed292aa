import {
  type Conversion,
  DateTime,
  type DateTimeForms,
  type ExpressionNode,
  string,
  type TypeHost,
} from "@acme/core/dialect";
import { MssqlType, nameOnMssql } from "./mssql-type.js";

/** The types that were there before DATETIME2. Made by {@link datetime} and {@link smallDatetime}. */
export class LegacyDateTime<out T> extends DateTime<T> {
  /** The type as SQL Server writes it. */
  readonly sqlName: "DATETIME" | "SMALLDATETIME";

  constructor(sqlName: "DATETIME" | "SMALLDATETIME", form: keyof DateTimeForms) {
    super(false, sqlName === "DATETIME" ? 3 : 0, form);
    this.sqlName = sqlName;
  }

  override ddl(host: TypeHost): string {
    return nameOnMssql(host, this.sqlName);
  }

  override toDatabase(): Conversion {
    const checked = super.toDatabase();
    const [first, last] =
      this.sqlName === "DATETIME" ? ["1753", "9999-12-31 23:59:59.998"] : ["1900", "2079-06-06 23:59"];
    return (value) => {
      const text = checked(value) as string;
      if (text < first || text.slice(0, last.length) > last)
        throw this.refuse(value, `${this.sqlName} does not go so far`);
      // The server would round it to the next minute.
      if (this.sqlName === "SMALLDATETIME" && !/:00$/.test(text))
        throw this.refuse(value, "SMALLDATETIME keeps whole minutes");
      return text;
    };
  }

  override literal(value: unknown): string {
    return `CAST('${String(value).replace(" ", "T")}' AS ${this.sqlName})`;
  }

  override toString(): string {
    return this.sqlName;
  }
}

/**
 * A date and time of day of older tables, in steps of 3.33 milliseconds: the server rounds to .000, .003 or .007. `dateTime()`,
 * which is DATETIME2, keeps what it is given. Years 1753 to 9999; read and written as UTC. DDL: `DATETIME`.
 */
export function datetime<const A extends keyof DateTimeForms = "date">(
  options: { readonly as?: A } = {},
): LegacyDateTime<DateTimeForms[A]> {
  return new LegacyDateTime("DATETIME", options.as ?? "date");
}

/** A date and time of day in whole minutes (seconds are refused), years 1900 to 2079; read and written as UTC. DDL: `SMALLDATETIME`. */
export function smallDatetime<const A extends keyof DateTimeForms = "date">(
  options: { readonly as?: A } = {},
): LegacyDateTime<DateTimeForms[A]> {
  return new LegacyDateTime("SMALLDATETIME", options.as ?? "date");
}

const OFFSET_TEXT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?(Z|[+-]\d\d:\d\d)$/;

/** Points in time with the offset that they were written with. Made by {@link dateTimeOffset}. */
export class DateTimeOffset extends MssqlType<string> {
  readonly name = "dateTimeOffset";
  /** Decimals of a second, 0 to 7. */
  readonly precision: number;

  constructor(precision: number) {
    super([precision]);
    this.precision = precision;
  }

  get sqlName(): string {
    return `DATETIMEOFFSET(${this.precision})`;
  }

  override toDatabase(): Conversion {
    return (value) => {
      const match = typeof value === "string" ? OFFSET_TEXT.exec(value) : null;
      if (match === null)
        throw this.refuse(value, 'it is not a date-time with an offset such as "2024-02-29T13:00:00+01:00"');
      const [, date, minutes, seconds = "00", fraction = "", offset] = match;
      if (fraction.replace(/0+$/, "").length > this.precision)
        throw this.refuse(value, `it has more than ${this.precision} decimals of a second`);
      const decimals = fraction === "" ? "" : `.${fraction}`;
      return `${date}T${minutes}:${seconds}${decimals}${offset === "Z" ? "+00:00" : offset}`;
    };
  }

  /** From `2024-02-29 13:00:00.1230000 +01:00`. */
  override fromDatabase(): Conversion {
    return (value) => {
      const match = /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d+))? ?([+-]\d\d:\d\d)$/.exec(String(value));
      if (match === null) throw this.unreadable(value);
      const [, date, time, fraction = "", offset] = match;
      const digits = fraction.replace(/0+$/, "");
      return `${date}T${time}${digits === "" ? "" : `.${digits}`}${offset}`;
    };
  }

  /** The driver would give a `Date`, which has no offset. */
  override columnExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(TEXT) as unknown as ExpressionNode;
  }

  /** A text beside the column would be compared as text is converted: this says to what. */
  override bindExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(this) as unknown as ExpressionNode;
  }

  override literal(value: unknown, host: TypeHost): string {
    return host.quoteString(value as string);
  }
}

const TEXT = string(40);

/**
 * An instant with the offset that it was written with, as text: `"2024-02-29T13:00:00.5+01:00"`. Comparing looks at the instant only.
 * `dateTime({ timezone: true })` is the portable form, which forgets the offset. DDL: `DATETIMEOFFSET(7)`.
 */
export function dateTimeOffset(precision = 7): DateTimeOffset {
  return new DateTimeOffset(precision);
}
