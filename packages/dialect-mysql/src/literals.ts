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
