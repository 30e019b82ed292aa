import { isRecord } from "../visit/intern.js";
import { isTemporal, type Temporal, type TemporalObject, temporalReader, temporalText } from "./temporal.js";
import { type Conversion, type JsType, ValueType } from "./value-type.js";

/** The JavaScript forms that {@link interval} offers. */
export interface IntervalForms {
  string: string;
  microseconds: bigint;
  temporal: Temporal<"Duration">;
}

/** A length of time by its parts: `{ hours: 1, minutes: 30 }`. */
export interface DurationParts {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
  readonly microseconds?: number;
}

/** What every interval may be given as. A bigint counts microseconds. */
export type IntervalInput = string | bigint | DurationParts | TemporalObject<"Duration">;

const MICROSECONDS = {
  weeks: 604_800_000_000n,
  days: 86_400_000_000n,
  hours: 3_600_000_000n,
  minutes: 60_000_000n,
  seconds: 1_000_000n,
  milliseconds: 1000n,
  microseconds: 1n,
} as const satisfies Record<keyof DurationParts, bigint>;

const ISO =
  /^([+-])?P(?:([+-]?\d+)W)?(?:([+-]?\d+)D)?(?:T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?)(\d+)(?:\.(\d{1,9}))?S)?)?$/;
const MAX = 2n ** 63n - 1n;

/** Lengths of time. Made by {@link interval}. Their canonical form is a bigint of microseconds. */
export class Interval<out T = string> extends ValueType<T, T | IntervalInput> {
  readonly name = "interval";
  private readonly form: keyof IntervalForms;

  constructor(form: keyof IntervalForms = "string") {
    super([form]);
    this.form = form;
  }

  override toDatabase(): Conversion {
    return (value) => {
      const length = this.microseconds(value);
      if (length > MAX || length < -MAX) throw this.refuse(value, "it does not fit into 64 bits of microseconds");
      return length;
    };
  }

  private microseconds(value: unknown): bigint {
    if (typeof value === "bigint") return value;
    if (typeof value === "string") return this.fromIso(value, value);
    if (isTemporal(value, "Duration")) return this.fromIso(temporalText(value), value);
    if (isPlain(value) && Object.keys(value).every((key) => Object.hasOwn(MICROSECONDS, key)))
      return this.fromParts(value);
    throw this.refuse(value, 'it is not a length of time such as "PT1H30M"');
  }

  private fromParts(parts: DurationParts): bigint {
    let sum = 0n;
    for (const [unit, count] of Object.entries(parts) as [keyof DurationParts, unknown][]) {
      if (count === undefined) continue;
      if (!Number.isSafeInteger(count)) throw this.refuse(count, `${unit} are counted in whole numbers`);
      sum += BigInt(count as number) * MICROSECONDS[unit];
    }
    return sum;
  }

  private fromIso(text: string, value: unknown): bigint {
    const match = ISO.exec(text);
    if (match === null || /[PT]$/.test(text)) {
      throw this.refuse(
        value,
        /^[+-]?P\d+[YM]|^[+-]?P\d+Y?\d*M/.test(text)
          ? "years and months have no fixed length"
          : 'it is not a length of time such as "P1DT2H30M"',
      );
    }
    const [, sign, weeks, days, hours, minutes, secondsSign, seconds, fraction = ""] = match;
    if (!/^0*$/.test(fraction.slice(6))) throw this.refuse(value, "databases keep 6 decimals of a second");
    const fine = BigInt(seconds ?? 0) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
    const length =
      BigInt(weeks ?? 0) * MICROSECONDS.weeks +
      BigInt(days ?? 0) * MICROSECONDS.days +
      BigInt(hours ?? 0) * MICROSECONDS.hours +
      BigInt(minutes ?? 0) * MICROSECONDS.minutes +
      (secondsSign === "-" ? -fine : fine);
    return sign === "-" ? -length : length;
  }

  override fromDatabase(): Conversion | undefined {
    if (this.form === "microseconds") return undefined;
    if (this.form === "string") return (value) => isoDuration(value as bigint);
    const read = temporalReader("Duration", "interval");
    return (value) => read(isoDuration(value as bigint));
  }

  override get jsType(): JsType {
    return this.form === "microseconds" ? "bigint" : this.form === "string" ? "string" : "Temporal.Duration";
  }

  override toString(): string {
    return this.name;
  }
}

function isPlain(value: unknown): value is DurationParts {
  return typeof value === "object" && value !== null && isRecord(value);
}

/** Microseconds as ISO 8601, in days and what is less: `-P1DT2H0.5S`; nothing is `PT0S`. */
export function isoDuration(microseconds: bigint): string {
  if (microseconds === 0n) return "PT0S";
  const { days, hours, minutes, seconds, fraction } = durationParts(microseconds < 0n ? -microseconds : microseconds);
  const time = [
    hours === 0n ? "" : `${hours}H`,
    minutes === 0n ? "" : `${minutes}M`,
    seconds === 0n && fraction === "" ? "" : `${seconds}${fraction}S`,
  ].join("");
  return `${microseconds < 0n ? "-" : ""}P${days === 0n ? "" : `${days}D`}${time === "" ? "" : `T${time}`}`;
}

/** Not negative microseconds, cut into days, hours, minutes, seconds and `".5"`. */
function durationParts(
  length: bigint,
): Readonly<Record<"days" | "hours" | "minutes" | "seconds", bigint> & { fraction: string }> {
  const fraction = String(length % 1_000_000n).padStart(6, "0");
  return {
    days: length / MICROSECONDS.days,
    hours: (length / MICROSECONDS.hours) % 24n,
    minutes: (length / MICROSECONDS.minutes) % 60n,
    seconds: (length / MICROSECONDS.seconds) % 60n,
    fraction: fraction === "000000" ? "" : `.${fraction.replace(/0+$/, "")}`,
  };
}

/** `-1 02:03:04.500000`: how SQL writes INTERVAL DAY TO SECOND. */
export function daySecondText(microseconds: bigint): string {
  const { days, hours, minutes, seconds, fraction } = durationParts(microseconds < 0n ? -microseconds : microseconds);
  const clock = [hours, minutes, seconds].map((part) => String(part).padStart(2, "0")).join(":");
  return `${microseconds < 0n ? "-" : ""}${days} ${clock}${fraction}`;
}

/**
 * A length of time: days and what is less, to the microsecond, a day being 24 hours. Years and months, which have no fixed
 * length, are refused. Read as ISO 8601 text (`"P1DT2H0.5S"`), as a bigint of microseconds, or as `Temporal.Duration`; given
 * as any of these, or as `{ hours: 1, minutes: 30 }`.
 *
 * DDL: `INTERVAL` on PostgreSQL, `INTERVAL DAY(9) TO SECOND(6)` on Oracle; elsewhere `BIGINT`, microseconds: it sorts, adds and
 * sums.
 *
 * @example
 * ```ts
 * played: interval()                                 // "PT3M20S"
 * played: interval({ as: "microseconds" })           // 200000000n
 * ```
 */
export function interval<const A extends keyof IntervalForms = "string">(
  options: { readonly as?: A } = {},
): Interval<IntervalForms[A]> {
  return new Interval<IntervalForms[A]>(options.as ?? "string");
}
