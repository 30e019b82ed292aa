import { ArgumentError } from "../errors/index.js";
import { string } from "../types/texts.js";
import { BindParameter } from "./bind.js";
import { toExpression } from "./coerce.js";
import { Binary, Like } from "./elements.js";
import type { ExpressionNode } from "./expression.js";
import { FunctionCall } from "./function.js";
import type { AffixOptions } from "./options.js";

const STRING = string();
const DEFAULT_ESCAPE = "/";

/** What stands in a LIKE pattern around the text. */
export interface Affixes {
  readonly before: "" | "%";
  readonly after: "" | "%";
  readonly ignoreCase: boolean;
}

/** `left LIKE '%' || text || '%' ESCAPE '/'`, the text taken literally unless `autoescape` is off. */
export function affix(
  left: ExpressionNode,
  text: unknown,
  affixes: Affixes,
  options: AffixOptions,
  hint: string,
): ExpressionNode {
  const { before, after, ignoreCase } = affixes;
  const { autoescape = true } = options;
  const escape = options.escape ?? (autoescape ? DEFAULT_ESCAPE : undefined);
  if (escape !== undefined && [...escape].length !== 1)
    throw new ArgumentError("The escape of LIKE is one character.", { code: "BAD_ESCAPE" });
  if (escape === "%" || escape === "_")
    throw new ArgumentError(`"${escape}" cannot be the escape of LIKE: it is a wildcard.`, { code: "BAD_ESCAPE" });
  const pattern =
    typeof text === "string"
      ? toExpression(before + (autoescape ? escaped(text, escape as string) : text) + after, STRING, hint)
      : patternOf(toExpression(text, STRING, hint), before, after, autoescape ? escape : undefined);
  return new Like(left, pattern, escape, ignoreCase, false);
}

/** Writes `%`, `_` and the escape character itself so that LIKE takes them literally. */
function escaped(text: string, escape: string): string {
  return text.replaceAll(escape, escape + escape).replace(/[%_]/g, (character) => escape + character);
}

/** The same in SQL, for a text that only the database knows. */
function patternOf(text: ExpressionNode, before: string, after: string, escape: string | undefined): ExpressionNode {
  let made = text;
  for (const character of escape === undefined ? [] : [escape, "%", "_"])
    made = new FunctionCall("replace", [made, inline(character), inline(`${escape}${character}`)], STRING);
  if (before !== "") made = new Binary(inline(before), "concat", made, STRING);
  return after === "" ? made : new Binary(made, "concat", inline(after), STRING);
}

function inline(text: string): ExpressionNode {
  return new BindParameter(text, STRING, "param", false, false, true);
}

/** Flags of a regular expression are letters: they stand in the text of the SQL. */
export function checkedFlags(flags: string): string {
  if (/^[a-z]*$/.test(flags)) return flags;
  throw new ArgumentError(`"${flags}" are no flags of a regular expression.`, {
    code: "BAD_FLAGS",
    remedy: "Flags are lower-case letters that the database knows; for case use { ignoreCase: true }.",
  });
}
