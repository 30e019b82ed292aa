import type { Comparison, Condition, Num, NumberOperator, Str } from "./trees.js";

/** A row of the table that the trees are about. */
export interface MeaningRow {
  readonly a: number | null;
  readonly b: number | null;
  readonly s: string | null;
}

/** True, false or unknown. */
export type Truth = boolean | null;

/** Thrown where databases disagree: division by zero, a number that leaves 32 bits, a shift beyond the width. */
export class Undefined extends Error {}

const LIMIT = 2 ** 31 - 1;

function inRange(value: number): number {
  if (!Number.isSafeInteger(value) || Math.abs(value) > LIMIT) throw new Undefined();
  return value === 0 ? 0 : value;
}

/** What SQL makes of a tree, by the rules of the standard: NULL is unknown, AND and OR have three values. */
export class Evaluator {
  private readonly row: MeaningRow;

  constructor(row: MeaningRow) {
    this.row = row;
  }

  // Every part is evaluated, also of a branch that is not taken: a database may compute constants before it looks at a row.

  num(tree: Num): number | null {
    switch (tree.is) {
      case "number":
        return tree.value;
      case "nullNumber":
        return null;
      case "column":
        return this.row[tree.name];
      case "negative":
        return known1(this.num(tree.of), (value) => inRange(-value));
      case "complement":
        return known1(this.num(tree.of), (value) => inRange(~value));
      case "length":
        return known1(this.str(tree.of), (text) => text.length);
      case "arithmetic":
        return arithmetic(tree.op, this.num(tree.left), this.num(tree.right));
      case "choice": {
        const [when, then, otherwise] = [this.condition(tree.when), this.num(tree.then), this.num(tree.otherwise)];
        return when === true ? then : otherwise;
      }
      case "match": {
        const [subject, when] = [this.num(tree.subject), this.num(tree.when)];
        const [then, otherwise] = [this.num(tree.then), this.num(tree.otherwise)];
        return subject !== null && subject === when ? then : otherwise;
      }
    }
  }

  str(tree: Str): string | null {
    switch (tree.is) {
      case "text":
        return tree.value;
      case "textColumn":
        return this.row.s;
      case "concat":
        return known2(this.str(tree.left), this.str(tree.right), (left, right) => left + right);
      case "textChoice": {
        const [when, then, otherwise] = [this.condition(tree.when), this.str(tree.then), this.str(tree.otherwise)];
        return when === true ? then : otherwise;
      }
    }
  }

  condition(tree: Condition): Truth {
    switch (tree.is) {
      case "constant":
        return tree.value;
      case "compare":
        return compare(tree.op, this.num(tree.left), this.num(tree.right));
      case "sameText":
        return known2(this.str(tree.left), this.str(tree.right), (left, right) => left === right);
      case "sameTruth":
        return known2(this.condition(tree.left), this.condition(tree.right), (left, right) =>
          tree.op === "eq" ? left === right : left !== right,
        );
      case "isNull":
        return (this.num(tree.of) === null) !== tree.negated;
      case "between": {
        const [of, low, high] = [this.num(tree.of), this.num(tree.low), this.num(tree.high)];
        const within = (from: number | null, to: number | null): Truth =>
          and([compare("ge", of, from), compare("le", of, to)]);
        const found = tree.symmetric ? or([within(low, high), within(high, low)]) : within(low, high);
        return tree.negated ? not(found) : found;
      }
      case "in": {
        const of = this.num(tree.of);
        const found = or(tree.list.map((item) => compare("eq", of, this.num(item))));
        return tree.negated ? not(found) : found;
      }
      case "inValues": {
        const of = this.num(tree.of);
        const found = or(tree.list.map((item) => compare("eq", of, item)));
        return tree.negated ? not(found) : found;
      }
      case "like": {
        const found = known1(this.str(tree.of), (text) => like(text, tree.pattern));
        return tree.negated ? not(found) : found;
      }
      case "affix":
        return known2(this.str(tree.of), this.str(tree.text), (text, part) =>
          tree.how === "startsWith"
            ? text.startsWith(part)
            : tree.how === "endsWith"
              ? text.endsWith(part)
              : text.includes(part),
        );
      case "connect": {
        const terms = tree.terms.map((term) => this.condition(term));
        return tree.op === "and" ? and(terms) : or(terms);
      }
      case "not":
        return not(this.condition(tree.of));
    }
  }
}

function known1<T, R>(value: T | null, make: (value: T) => R): R | null {
  return value === null ? null : make(value);
}

function known2<T, R>(left: T | null, right: T | null, make: (left: T, right: T) => R): R | null {
  return left === null || right === null ? null : make(left, right);
}

function not(value: Truth): Truth {
  return value === null ? null : !value;
}

function and(terms: readonly Truth[]): Truth {
  return terms.includes(false) ? false : terms.includes(null) ? null : true;
}

function or(terms: readonly Truth[]): Truth {
  return terms.includes(true) ? true : terms.includes(null) ? null : false;
}

function compare(op: Comparison, left: number | null, right: number | null): Truth {
  if (op === "isDistinctFrom") return left !== right;
  if (op === "isNotDistinctFrom") return left === right;
  return known2(left, right, (a, b) => {
    switch (op) {
      case "eq":
        return a === b;
      case "ne":
        return a !== b;
      case "lt":
        return a < b;
      case "le":
        return a <= b;
      case "gt":
        return a > b;
      default:
        return a >= b;
    }
  });
}

function arithmetic(op: NumberOperator, left: number | null, right: number | null): number | null {
  if (op === "coalesce") return left ?? right;
  if (op === "nullif") return left === right ? null : left;
  return known2(left, right, (a, b) => inRange(compute(op, a, b)));
}

function compute(op: NumberOperator, a: number, b: number): number {
  switch (op) {
    case "add":
      return a + b;
    case "sub":
      return a - b;
    case "mul":
      return a * b;
    case "div":
      return Math.trunc(a / divisor(b));
    case "floorDiv":
      return Math.floor(a / divisor(b));
    case "mod":
      return a % divisor(b);
    case "bitAnd":
      return a & b;
    case "bitOr":
      return a | b;
    case "bitXor":
      return a ^ b;
    case "shiftLeft":
      return a * 2 ** distance(b);
    case "shiftRight":
      return Math.floor(a / 2 ** distance(b));
    case "greatest":
      return Math.max(a, b);
    case "least":
      return Math.min(a, b);
    default:
      throw new Undefined();
  }
}

function divisor(value: number): number {
  if (value === 0) throw new Undefined();
  return value;
}

function distance(value: number): number {
  if (value < 0 || value > 31) throw new Undefined();
  return value;
}

/** `%` for any text, `_` for one character, no escape. */
function like(text: string, pattern: string): boolean {
  const parts = [...pattern].map((character) =>
    character === "%" ? ".*" : character === "_" ? "." : character.replace(/[^\w]/, "\\$&"),
  );
  return new RegExp(`^${parts.join("")}$`, "s").test(text);
}
