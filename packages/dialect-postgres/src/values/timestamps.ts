import { DataError } from "@acme/core/dialect";

/**
 * PostgreSQL writes an instant in the session's time zone and says the offset: `2024-02-29 14:00:00.123456+01`, before 1900
 * even with seconds (`+00:53:28`). Years beyond 9999 have more digits, years before Christ end in ` BC`.
 */
const TIMESTAMP =
  /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d)(?::(\d\d))?)?)?( BC)?$/;

interface Parsed {
  /** Milliseconds of the whole second, in UTC. */
  readonly seconds: number;
  /** The decimals of the second as written, up to six. */
  readonly fraction: string;
}

function parse(text: string): Parsed | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = "",
    sign,
    zoneHour = "0",
    zoneMinute = "0",
    zoneSecond = "0",
    era,
  ] = match;
  const date = new Date(0);
  date.setUTCFullYear(era === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const offset = (Number(zoneHour) * 3600 + Number(zoneMinute) * 60 + Number(zoneSecond)) * 1000;
  return { seconds: date.getTime() - (sign === "-" ? -offset : offset), fraction };
}

const ZERO = 48;

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

/** A digit or the point: no sign, colon or space, which the last three characters of an offset or era begin with. */
function isPartOfNumber(code: number): boolean {
  return code === 46 || (code >= ZERO && code < ZERO + 10);
}

/** Milliseconds from the decimals of a second; what a `Date` cannot hold is cut off. */
function milliseconds(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = 0; i < 3; i++) value = value * 10 + (from + i < to ? text.charCodeAt(from + i) - ZERO : 0);
  return value;
}

/**
 * A `Date` from the text of a timestamp with or without time zone (without: its clock is UTC's). Undefined for what no
 * `Date` can hold: `infinity`.
 */
export function toDate(text: string): Date | undefined {
  // The usual form, `2024-02-29 13:00:00[.123456][+00]`, without a regular expression: a result of 10,000 rows has many.
  if (text.charCodeAt(4) === 45 && text.charCodeAt(10) === 32 && text.charCodeAt(0) > ZERO) {
    const end = text.endsWith("+00") ? text.length - 3 : text.length;
    const decimals = text.charCodeAt(19) === 46 && end > 20 && end <= 26 && isPartOfNumber(text.charCodeAt(end - 3));
    if (end === 19 || decimals) {
      const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
      const ms = decimals ? milliseconds(text, 20, end) : 0;
      const time = Date.UTC(
        year,
        twoDigits(text, 5) - 1,
        twoDigits(text, 8),
        twoDigits(text, 11),
        twoDigits(text, 14),
        twoDigits(text, 17),
        ms,
      );
      if (!Number.isNaN(time)) return new Date(time);
    }
  }
  const parsed = parse(text);
  return parsed === undefined
    ? undefined
    : new Date(parsed.seconds + milliseconds(parsed.fraction, 0, parsed.fraction.length));
}

/** The canonical text of core's `dateTime`, `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC, from the text of a timestamp. */
export function toCanonical(text: string): string {
  const parsed = parse(text);
  const date = parsed && new Date(parsed.seconds);
  if (parsed === undefined || date === undefined || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999)
    throw beyondCalendar(text);
  const whole = date.toISOString().slice(0, 19).replace("T", " ");
  return parsed.fraction === "" ? whole : `${whole}.${parsed.fraction}`;
}

/** The error for a timestamp of the database that has no JavaScript form. */
export function beyondCalendar(text: string): DataError {
  return new DataError(`The database holds the timestamp ${text}, which has no JavaScript form.`, {
    code: "TIMESTAMP_OUT_OF_RANGE",
    remedy: "Cast it to text in the query: CAST(x AS TEXT).",
  });
}

/** A `Date` as PostgreSQL reads it, in UTC and saying so: right for both kinds of timestamp, whatever the session's time zone. */
export function fromDate(date: Date): string {
  const time = date.getTime();
  if (Number.isNaN(time))
    throw new DataError("An invalid Date cannot be sent to the database.", { code: "VALUE_REFUSED" });
  const year = date.getUTCFullYear();
  const shown = String(year < 1 ? 1 - year : year).padStart(4, "0");
  const rest = date.toISOString().slice(-20, -1).replace("T", " ");
  return `${shown}${rest}+00${year < 1 ? " BC" : ""}`;
}
