import fc from "fast-check";

/** Pieces that have a meaning in the SQL of one database or another, or in a driver. */
const PIECES = [
  ..."'\"`\\%_;#$?:@[](){}!&|^~ \n\r\t/*-=.,0aZ",
  "''",
  '""',
  "``",
  "\\'",
  '\\"',
  "--",
  "/*",
  "*/",
  "/*!50000 x */",
  "$1",
  "$$",
  "$tag$",
  ":x",
  "::text",
  "@p1",
  "%s",
  "{fn now()}",
  "; DROP TABLE victims; --",
  "' OR '1'='1",
  '" OR "1"="1',
  "select",
  "NULL",
  "\u00a0",
  "\u2019",
  "\u2028",
  "\u200b",
  "\uff07",
  "é",
  "e\u0301",
  "日本",
] as const;

/** Texts put together from what could end a literal, begin a comment, or be taken for a parameter. */
export function hostileText(maxPieces = 12): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { arbitrary: fc.constantFrom(...PIECES, "😀"), weight: 8 },
    { arbitrary: fc.string({ unit: "grapheme", maxLength: 4 }).filter(isStorable), weight: 1 },
    { arbitrary: fc.constant("x".repeat(200)), weight: 1 },
  );
  return fc.array(piece, { maxLength: maxPieces }).map((parts) => parts.join(""));
}

/** Names of the same kind, as every database can have them: not empty, no space at the end, short enough. */
export function hostileName(options: { readonly quotes: boolean }): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((parts) => {
    const text = parts.join("");
    // MySQL takes white space from the beginning of an alias (warning 1466) and refuses it at the end of a name.
    return `n${(options.quotes ? text : text.replaceAll('"', "")).slice(0, 20)}.`;
  });
}

/** NUL cannot stand in a text of every database; the types' own tests see to it. Lone surrogates are no text at all. */
function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
