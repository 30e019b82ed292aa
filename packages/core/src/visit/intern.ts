/**
 * Interning turns a structure into one integer: equal structures get equal numbers, so that a compiled statement is found
 * by one look-up instead of a walk. A number is made from pairs, `internPair(internPair(kind, left), right)`, each pair two
 * probes of a Map with small integer keys.
 *
 * The tables are bounded: a full one is emptied and a new generation begins. Numbers are never used twice, so a number of
 * an old generation can only miss a cache, never hit a wrong entry.
 */
const MAX_PAIRS = 100_000;
const MAX_ATOM_CHARACTERS = 8_000_000;

const pairs = new Map<number, Map<number, number>>();
const atoms = new Map<unknown, number>();
let pairCount = 0;
let atomCharacters = 0;
let last = 0;

/** A number that no structure has had before: the identity of a node class, a table, a type. */
export function uniqueShape(): number {
  last += 1;
  return last;
}

/** The number of an ordered pair of numbers. */
export function internPair(left: number, right: number): number {
  let row = pairs.get(left);
  if (row === undefined) {
    if (pairCount >= MAX_PAIRS) {
      pairs.clear();
      pairCount = 0;
    }
    row = new Map();
    pairs.set(left, row);
  }
  let id = row.get(right);
  if (id === undefined) {
    id = uniqueShape();
    row.set(right, id);
    pairCount += 1;
  }
  return id;
}

/** The number of a string, number, bigint, boolean or undefined. */
export function internAtom(value: unknown): number {
  let id = atoms.get(value);
  if (id === undefined) {
    const weight = typeof value === "string" ? value.length + 50 : 50;
    if (atomCharacters + weight > MAX_ATOM_CHARACTERS) {
      atoms.clear();
      atomCharacters = 0;
    }
    atomCharacters += weight;
    id = uniqueShape();
    atoms.set(value, id);
  }
  return id;
}
