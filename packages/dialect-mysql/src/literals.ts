import { CompileError, hex } from "@acme/core/dialect";

/** The UTF-8 bytes of a text in hexadecimal. */
export function hexText(text: string): string {
  return hex(new TextEncoder().encode(text));
}

/**
 * A text as a string literal that means the same in every sql_mode.
 *
 * A backslash begins an escape sequence unless the session has NO_BACKSLASH_ESCAPES, and nobody knows that when a statement is
 * compiled: doubling backslashes corrupts text in one mode, leaving them alone opens a hole in the other. So text with a
 * backslash is written as bytes, `_utf8mb4 x'5c'`, and no literal ever holds one. Quotes are doubled, which all modes
 * understand. The collation of `_utf8mb4` literals is the connection's, because connections are set up by `SET NAMES utf8mb4`.
 */
export function stringLiteral(text: string): string {
  if (/\p{Surrogate}/u.test(text)) {
    throw new CompileError("A string literal cannot contain half of a surrogate pair: it has no UTF-8 form.", {
      code: "ILL_FORMED_TEXT",
      remedy: "Repair the text, for example with toWellFormed().",
    });
  }
  return /[\\\0]/.test(text) ? `_utf8mb4 x'${hexText(text)}'` : `'${text.replaceAll("'", "''")}'`;
}

/** A quoted string, or bytes behind a character set. */
const STRING_OR_BYTES = /'(?:[^']|'')*'|_utf8mb4 (x'[0-9a-f]*')/g;

/**
 * Literals in an expression that the server keeps as text (CHECK, DEFAULT, computed columns). MariaDB forgets there that
 * `_utf8mb4 x'5c78'` was bytes, and reads back `'\x'`; what is converted by a function stays.
 */
export function forStorage(expression: string): string {
  return expression.replace(STRING_OR_BYTES, (all, bytes: string | undefined) =>
    bytes === undefined ? all : `convert(${bytes} using utf8mb4)`,
  );
}
