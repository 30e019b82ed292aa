/** A word, name, number, string or sign of a piece of SQL. */
export interface Token {
  readonly kind: "word" | "name" | "string" | "number" | "sign";
  /** What it says: a word in upper case, a name or string without its quotes. */
  readonly value: string;
  /** As it is written. */
  readonly raw: string;
  /** Where it begins and ends in the text. */
  readonly from: number;
  readonly to: number;
}

const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", "`": "`", "[": "]" };

/** Cuts SQL into tokens; comments and spaces are left out. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    const end = endOf(sql, at);
    const raw = sql.slice(at, end);
    const token = tokenOf(raw, at, end);
    if (token) tokens.push(token);
    at = end;
  }
  return tokens;
}

/** Where the token, comment or space that begins at a position ends. */
function endOf(sql: string, at: number): number {
  const character = sql[at] as string;
  if (sql.startsWith("--", at)) return after(sql, "\n", at);
  if (sql.startsWith("/*", at)) return after(sql, "*/", at + 2);
  const close = QUOTES[character];
  if (close !== undefined) return endOfQuoted(sql, at, close);
  const blob = /^[xX]'/.test(sql.slice(at, at + 2));
  if (blob) return endOfQuoted(sql, at + 1, "'");
  const rest = /\s+|[\p{L}_$\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*|\d[\w.]*(?:[eE][+-]?\d+)?|\.\d+|./uy;
  rest.lastIndex = at;
  return at + (rest.exec(sql)?.[0].length ?? 1);
}

function after(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from);
  return found === -1 ? sql.length : found + mark.length;
}

/** Behind the closing quote; a doubled one belongs to the text. */
function endOfQuoted(sql: string, open: number, close: string): number {
  for (let at = open + 1; at < sql.length; at++) {
    if (sql[at] !== close) continue;
    if (close !== "]" && sql[at + 1] === close) at += 1;
    else return at + 1;
  }
  return sql.length;
}

function tokenOf(raw: string, from: number, to: number): Token | undefined {
  const first = raw[0] as string;
  if (/\s/.test(first) || raw.startsWith("--") || raw.startsWith("/*")) return undefined;
  const close = QUOTES[first];
  if (close !== undefined && raw.length > 1) {
    const inner = raw.slice(1, -1);
    const value = close === "]" ? inner : inner.replaceAll(close + close, close);
    return { kind: first === "'" ? "string" : "name", value, raw, from, to };
  }
  if (/^[xX]'/.test(raw)) return { kind: "string", value: raw, raw, from, to };
  if (/^[\p{L}_$\u0080-\uffff]/u.test(first)) return { kind: "word", value: raw.toUpperCase(), raw, from, to };
  if (/^[\d.]/.test(first) && raw !== ".") return { kind: "number", value: raw, raw, from, to };
  return { kind: "sign", value: raw, raw, from, to };
}

/** A token as a name: SQLite takes quoted strings as names as well. */
export function nameOfToken(token: Token | undefined): string | undefined {
  if (token === undefined || token.kind === "number" || token.kind === "sign") return undefined;
  return token.kind === "word" ? token.raw : token.value;
}

/** Whether the tokens at a position are these words. */
export function areWords(tokens: readonly Token[], at: number, ...words: readonly string[]): boolean {
  return words.every((word, i) => tokens[at + i]?.kind === "word" && tokens[at + i]?.value === word);
}

/** The position behind the parenthesis that closes the one at a position. */
export function behindParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]?.kind !== "sign") continue;
    if (tokens[at]?.value === "(") depth += 1;
    if (tokens[at]?.value === ")") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

/** The position of the next opening parenthesis. */
export function nextParenthesis(tokens: readonly Token[], from: number): number {
  const found = tokens.findIndex((token, at) => at >= from && token.kind === "sign" && token.value === "(");
  return found === -1 ? tokens.length : found;
}

/** The elements of a list in parentheses: tokens cut at the commas of its own level. */
export function listElements(tokens: readonly Token[], open: number): readonly (readonly Token[])[] {
  const end = behindParenthesis(tokens, open) - 1;
  const elements: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(open + 1, end)) {
    if (token.kind === "sign" && token.value === "(") depth += 1;
    if (token.kind === "sign" && token.value === ")") depth -= 1;
    if (depth === 0 && token.kind === "sign" && token.value === ",") elements.push([]);
    else elements.at(-1)?.push(token);
  }
  return elements.filter((element) => element.length > 0);
}

/** The text from one token to another. */
export function textOf(sql: string, tokens: readonly Token[]): string {
  const first = tokens[0];
  const last = tokens.at(-1);
  return first && last ? sql.slice(first.from, last.to) : "";
}

/** The text inside the parentheses at a position. */
export function textInside(sql: string, tokens: readonly Token[], open: number): string {
  return textOf(sql, tokens.slice(open + 1, behindParenthesis(tokens, open) - 1));
}
