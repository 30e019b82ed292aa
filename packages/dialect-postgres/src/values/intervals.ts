import { type Conversion, DataError } from "@acme/core/dialect";

const CLOCK = /^([+-])?(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;
const DAY = 86_400_000_000n;

/**
 * An interval as microseconds, from the text of the settings `postgres` (`-1 days +02:03:04.5`), `sql_standard` (`-1 2:03:04.5`)
 * and `iso_8601` of IntervalStyle. Years and months have no fixed length: an interval that has some is refused.
 */
export const toMicroseconds: Conversion = (value) => {
  if (typeof value !== "string") return value;
  if (value === "0" || value === "PT0S") return 0n;
  const length = value.startsWith("P") ? fromIso(value) : fromWords(value);
  if (length !== undefined) return length;
  throw new DataError(`The interval "${value}" has no fixed length in days and seconds.`, {
    code: "NOT_A_FIXED_INTERVAL",
    remedy: "Years and months differ in length: read the expression as text, or give it a type that keeps them.",
  });
};

function fromIso(text: string): bigint | undefined {
  const match = /^P(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d{1,6}))?S)?)?$/.exec(text);
  if (match === null) return undefined;
  const [, days = "0", hours = "0", minutes = "0", sign, seconds = "0", fraction = ""] = match;
  const fine = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  return BigInt(days) * DAY + (BigInt(hours) * 60n + BigInt(minutes)) * 60_000_000n + (sign === "-" ? -fine : fine);
}

function fromWords(text: string): bigint | undefined {
  const parts = text.replace(/^\+0-0 /, "").split(" ");
  let length = 0n;
  // In the SQL standard's style one sign in front is that of the whole.
  let sign = "";
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] as string;
    const clock = CLOCK.exec(part);
    if (clock) {
      const [, own = sign, hours, minutes, seconds, fraction = ""] = clock;
      const whole = (BigInt(hours as string) * 60n + BigInt(minutes as string)) * 60n + BigInt(seconds as string);
      const fine = whole * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
      length += own === "-" ? -fine : fine;
    } else if (/^[+-]?\d+$/.test(part)) {
      const unit = parts[at + 1] ?? "";
      if (/^days?$/.test(unit)) at += 1;
      else if (CLOCK.test(unit) && at === 0) sign = part.startsWith("-") ? "-" : "";
      else return undefined;
      length += BigInt(part) * DAY;
    } else return undefined;
  }
  return length;
}
