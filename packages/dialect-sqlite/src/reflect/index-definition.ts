import { areWords, behindParenthesis, listElements, nextParenthesis, textOf, tokenize } from "./tokens.js";

/** What only the text of CREATE INDEX says. */
export interface IndexDefinition {
  /** The text of each element, without its direction. */
  readonly elements: readonly string[];
  readonly where: string | undefined;
}

/** Reads the text of a CREATE INDEX as `sqlite_schema` holds it. */
export function parseIndex(sql: string): IndexDefinition {
  const tokens = tokenize(sql);
  const on = tokens.findIndex((_token, at) => areWords(tokens, at, "ON"));
  const open = nextParenthesis(tokens, on + 1);
  const behind = behindParenthesis(tokens, open);
  const elements = listElements(tokens, open).map((element) => {
    const last = element.length - 1;
    const directed = areWords(element, last, "ASC") || areWords(element, last, "DESC");
    return textOf(sql, directed ? element.slice(0, last) : element);
  });
  const where = areWords(tokens, behind, "WHERE") ? textOf(sql, tokens.slice(behind + 1)) : undefined;
  return { elements, where };
}
