import {
  type AnyType,
  ArgumentError,
  type Conversion,
  type DateForms,
  type DateTimeForms,
  type DateTimeInput,
  DecoratedType,
  date,
  dateTime,
  double,
  type ExpressionNode,
  integer,
  type JsType,
  type TemporalObject,
  type TimeForms,
  type TypeHost,
  text,
  time,
  type ValueType,
  VariantType,
} from "@acme/core/dialect";

/** Numbers that SQLite's date functions read: seconds or milliseconds since 1970, or days since noon of 4714-11-24 BC. */
export type NumericStorage = "unixSeconds" | "unixMilliseconds" | "julianDay";

/**
 * Texts of another form. `write` makes one of the canonical text (`"2024-02-29 13:00:00.5"`, `"2024-02-29"`, `"13:00:00"`), `read`
 * the canonical text of it, or undefined where it is none.
 */
export interface TextStorage {
  readonly write: (canonical: string) => string;
  readonly read: (stored: string) => string | undefined;
}

const DAY = 86_400_000;
/** Milliseconds from the beginning of Julian days to 1970. */
const JULIAN_BEGIN = 210_866_760_000_000;

interface NumberForm {
  readonly impl: AnyType;
  /** Decimals of a second that the form keeps. */
  readonly decimals: number;
  readonly write: (milliseconds: number) => number;
  readonly read: (stored: number) => number;
  /** SQL that date functions read. */
  readonly sql: (stored: string) => string;
}

const FORMS: Readonly<Record<NumericStorage, NumberForm>> = {
  unixSeconds: {
    impl: integer(),
    decimals: 0,
    write: (milliseconds) => milliseconds / 1000,
    read: (stored) => stored * 1000,
    sql: (stored) => `datetime(${stored}, 'unixepoch')`,
  },
  unixMilliseconds: {
    impl: integer(),
    decimals: 3,
    write: (milliseconds) => milliseconds,
    read: (stored) => stored,
    sql: (stored) => `strftime('%Y-%m-%d %H:%M:%f', ${stored} / 1000.0, 'unixepoch')`,
  },
  julianDay: {
    impl: double(),
    decimals: 3,
    // As julianday() computes it, so that equal times are equal numbers.
    write: (milliseconds) => (milliseconds + JULIAN_BEGIN) / DAY,
    read: (stored) => Math.round(stored * DAY) - JULIAN_BEGIN,
    sql: (stored) => stored,
  },
};

/** A date, time or point in time that SQLite stores in a form of its own. */
export class StoredMoment<T, I = T> extends DecoratedType<T, I, unknown> {
  /** The portable type, whose values are taken and read. */
  readonly moment: ValueType<T, I>;
  readonly storage: NumericStorage | TextStorage;

  constructor(moment: ValueType<T, I>, storage: NumericStorage | TextStorage) {
    super(
      (typeof storage === "string" ? FORMS[storage].impl : text()) as ValueType<unknown, unknown>,
      { name: String(moment), toDatabase: (value) => value, fromDatabase: (value) => value as T },
      // Of two types with functions each is its own.
      typeof storage === "string" ? [storage] : undefined,
    );
    this.moment = moment;
    this.storage = storage;
  }

  protected override computeShape(): number {
    return this.withPart(super.computeShape(), this.moment);
  }

  override toDatabase(host: TypeHost): Conversion {
    const canonical = this.moment.toDatabase(host) as Conversion;
    const { storage } = this;
    if (typeof storage !== "string") return (value) => storage.write(canonical(value) as string);
    const { write } = FORMS[storage];
    return (value) => write(Date.parse(utc(canonical(value) as string)));
  }

  override fromDatabase(host: TypeHost): Conversion {
    const read = this.moment.fromDatabase(host) ?? ((value: unknown): unknown => value);
    const { storage } = this;
    if (typeof storage !== "string") {
      return (value) => {
        const canonical = storage.read(value as string);
        if (canonical === undefined) throw this.unreadable(value);
        return read(canonical);
      };
    }
    const form = FORMS[storage];
    return (value) => {
      const at = new Date(form.read(value as number));
      if (Number.isNaN(at.getTime())) throw this.unreadable(value);
      return read(
        at
          .toISOString()
          .slice(0, this.moment.name === "date" ? 10 : 23)
          .replace("T", " "),
      );
    };
  }

  override get jsType(): JsType {
    return this.moment.jsType;
  }
}

function utc(canonical: string): string {
  return canonical.length === 10 ? canonical : `${canonical.replace(" ", "T")}Z`;
}

/**
 * What date functions read of a stored expression: the expression itself, or SQL around it. Undefined for texts of another form,
 * which they do not know.
 */
export function readableMoment(operand: ExpressionNode, sql: string, dialect: string): string | undefined {
  const type = operand.type instanceof VariantType ? operand.type.forDialect(dialect) : operand.type;
  if (!(type instanceof StoredMoment)) return sql;
  return typeof type.storage === "string" ? FORMS[type.storage].sql(sql) : undefined;
}

/**
 * A point in time that SQLite stores as a number or as text of another form, for files that other programs wrote. Values are those
 * of `dateTime()`, comparisons and `extract()` work. `func.now()` stays text: give such columns a `default` of the program.
 *
 * @example
 * ```ts
 * at: storedDateTime({ storage: "unixSeconds" })                                         // INTEGER: 1709211600
 * at: dateTime().variant("sqlite", storedDateTime({ storage: "julianDay" }))             // REAL: 2460370.0416666665
 * at: storedDateTime({ storage: { write: (iso) => iso.replace(" ", "T"), read: (stored) => stored } })
 * ```
 * Throws ArgumentError for a precision that the form does not keep: `unixSeconds` has no decimals of a second, numbers have three.
 */
export function storedDateTime<const A extends keyof DateTimeForms = "date", const Z extends boolean = false>(options: {
  readonly storage: NumericStorage | TextStorage;
  readonly as?: A;
  readonly timezone?: Z;
  readonly precision?: number;
}): StoredMoment<DateTimeForms<Z>[A], DateTimeForms<Z>[A] | DateTimeInput> {
  const { storage, precision, ...others } = options;
  const decimals = typeof storage === "string" ? FORMS[storage].decimals : 6;
  if (precision !== undefined && precision > decimals)
    throw new ArgumentError(`${String(storage)} keeps ${decimals} decimals of a second, not ${precision}.`, {
      code: "BAD_PRECISION",
    });
  return new StoredMoment(dateTime<A, Z>({ ...others, precision: precision ?? decimals }), storage);
}

/**
 * A calendar date that SQLite stores as a number (of its midnight in UTC) or as text of another form. Values are those of `date()`.
 *
 * @example
 * ```ts
 * day: storedDate({ storage: { write: (iso) => iso.replaceAll("-", ""), read: (s) => s.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3") } })
 * ```
 */
export function storedDate<const A extends keyof DateForms = "string">(options: {
  readonly storage: NumericStorage | TextStorage;
  readonly as?: A;
}): StoredMoment<DateForms[A], DateForms[A] | string | TemporalObject<"PlainDate">> {
  const { storage, ...others } = options;
  return new StoredMoment(date<A>(others), storage);
}

/** A time of day that SQLite stores as text of another form. Values are those of `time()`. */
export function storedTime<const A extends keyof TimeForms = "string">(options: {
  readonly storage: TextStorage;
  readonly as?: A;
  readonly precision?: number;
}): StoredMoment<TimeForms[A], TimeForms[A] | string | TemporalObject<"PlainTime">> {
  const { storage, ...others } = options;
  return new StoredMoment(time<A>(others), storage);
}
