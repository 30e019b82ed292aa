import { TupleTable } from "./tuple-table.js";

/**
 * Interning turns a structure into one integer: equal structures get equal numbers, so that a compiled statement is found
 * by one look-up instead of a walk. The number of a structure stands for the list of the numbers of its parts.
 *
 * The tables are bounded: when they are full, {@link limitInterning} empties them and a new generation begins. Numbers are
 * never used twice, so one of an old generation can only miss a cache, never hit a wrong entry. Whoever remembers a number
 * asks {@link isCurrent} and computes it anew in a new generation, so that at any time equal structures have equal numbers:
 * the compiler tells FROM items apart by them.
 */
const MAX_PAIRS = 100_000;
const MAX_ATOM_CHARACTERS = 8_000_000;

const tuples = new TupleTable();
const atoms = new Map<unknown, number>();
let pairCount = 0;
let atomCharacters = 0;
let last = 0;
/** The last number of the generation before. */
let outdated = 0;

/** Whether a remembered number is of the present generation. Numbers of {@link uniqueShape} that are kept are not asked. */
export function isCurrent(shape: number): boolean {
  return shape > outdated;
}

/**
 * Empties the tables when they are full. Called where a statement's way begins and nowhere else: in the middle of it,
 * numbers that were made before and after could not be compared.
 */
export function limitInterning(): void {
  if (pairCount < MAX_PAIRS && atomCharacters < MAX_ATOM_CHARACTERS) return;
  tuples.clear();
  atoms.clear();
  pairCount = 0;
  atomCharacters = 0;
  outdated = last;
}

/** A number that no structure has had before: the identity of a node class, a table, a type. */
export function uniqueShape(): number {
  last += 1;
  return last;
}

/** The number of an ordered pair of numbers. */
export function internPair(left: number, right: number): number {
  tuples.given[0] = left;
  tuples.given[1] = right;
  return internTuple(2);
}

/** Where the numbers of a list are put before {@link internTuple} is called, with nothing else in between. */
export const tuple: number[] = tuples.given;

/** The number of the list of the first `length` numbers of {@link tuple}. */
export function internTuple(length: number): number {
  let id = tuples.find(length);
  if (id === 0) {
    id = uniqueShape();
    tuples.add(length, id);
    pairCount += length - 1;
  }
  return id;
}

const TRUE = uniqueShape();
const FALSE = uniqueShape();
const UNDEFINED = uniqueShape();

/** The number of a string, number, bigint, boolean, null or undefined. */
export function internAtom(value: unknown): number {
  // Most atoms are switches.
  if (value === false) return FALSE;
  if (value === undefined) return UNDEFINED;
  if (value === true) return TRUE;
  let id = atoms.get(value);
  if (id === undefined) {
    atomCharacters += typeof value === "string" ? value.length + 50 : 50;
    id = uniqueShape();
    atoms.set(value, id);
  }
  return id;
}

const LIST = uniqueShape();
const RECORD = uniqueShape();
const DATE = uniqueShape();
const BYTES = uniqueShape();
const objects = new WeakMap<object, number>();

/**
 * The number of any value. Values of equal content have equal numbers; an object of a class, whose content nobody knows, has
 * a number of its own.
 */
export function internValue(value: unknown): number {
  if (typeof value !== "object" || value === null) return internAtom(value);
  if (value instanceof Date) return internPair(DATE, internAtom(value.getTime()));
  if (value instanceof Uint8Array) return internPair(BYTES, internAtom(value.join()));
  if (Array.isArray(value)) return value.reduce<number>((id, item) => internPair(id, internValue(item)), LIST);
  if (isRecord(value)) {
    return Object.entries(value).reduce(
      (id, [key, item]) => internPair(internPair(id, internAtom(key)), internValue(item)),
      RECORD,
    );
  }
  let id = objects.get(value);
  if (id === undefined) {
    id = uniqueShape();
    objects.set(value, id);
  }
  return id;
}

/** Whether an object is nothing but its properties. */
export function isRecord(value: object): value is Record<string, unknown> {
  const proto = Object.getPrototypeOf(value) as object | null;
  return proto === null || proto === Object.prototype;
}
