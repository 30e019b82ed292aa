import { Range, type RangeBounds } from "./range.js";

/** Text of a bound as it stands in a range literal. */
const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** A range as PostgreSQL reads it: `["2024-01-01","2024-02-01")`. `write` gives a bound's text. */
export function rangeText<T>(range: Range<T>, write: (bound: T) => string): string {
  if (range.isEmpty) return "empty";
  const bound = (value: T | null): string => (value === null ? "" : quoted(write(value)));
  return `${range.bounds[0]}${bound(range.lower)},${bound(range.upper)}${range.bounds[1]}`;
}

/** Reads ranges from PostgreSQL's text: one, or those of a multirange. */
class RangeReader<T> {
  private readonly text: string;
  private readonly read: (bound: string) => T;
  private at = 0;

  constructor(text: string, read: (bound: string) => T) {
    this.text = text;
    this.read = read;
  }

  range(): Range<T> {
    if (this.text.startsWith("empty", this.at)) {
      this.at += "empty".length;
      return Range.empty<T>();
    }
    const left = this.text[this.at];
    this.at += 1;
    const lower = this.bound();
    this.at += 1;
    const upper = this.bound();
    const right = this.text[this.at];
    this.at += 1;
    return new Range<T>(lower, upper, `${left}${right}` as RangeBounds);
  }

  /** `{[1,3),[5,7)}` */
  ranges(): Range<T>[] {
    const found: Range<T>[] = [];
    this.at = 1;
    while (this.at < this.text.length && this.text[this.at] !== "}") {
      found.push(this.range());
      if (this.text[this.at] === ",") this.at += 1;
    }
    return found;
  }

  private bound(): T | null {
    let found = "";
    let isQuoted = false;
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at] as string;
      if (character === '"') {
        // A doubled quote inside of quotes is one quote.
        if (isQuoted && this.text[this.at + 1] === '"') {
          found += '"';
          this.at += 1;
        } else isQuoted = !isQuoted;
      } else if (character === "\\") {
        this.at += 1;
        found += this.text[this.at];
      } else if (!isQuoted && /[,)\]]/.test(character)) break;
      else found += character;
    }
    return found === "" ? null : this.read(found);
  }
}

/** Reads one range. */
export function parseRange<T>(text: string, read: (bound: string) => T): Range<T> {
  return new RangeReader(text, read).range();
}

/** Reads the ranges of a multirange. */
export function parseRanges<T>(text: string, read: (bound: string) => T): Range<T>[] {
  return new RangeReader(text, read).ranges();
}
