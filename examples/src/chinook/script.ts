/** Lines that speak to a command-line client, or to another database than the one we are connected to. */
const CLIENT_LINES = /^\s*(\\c\s.*|USE\s.*|(CREATE|DROP) DATABASE\s.*)$/i;

/** Splits a database's own SQL script into statements; semicolons in texts, names and comments do not count. */
export function statementsOf(script: string): readonly string[] {
  const lines = script
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => !CLIENT_LINES.test(line));
  const text = lines.join("\n");
  const found: string[] = [];
  let start = 0;
  for (const match of text.matchAll(/'(?:[^']|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|;/g)) {
    if (match[0] !== ";") continue;
    found.push(text.slice(start, match.index));
    start = match.index + 1;
  }
  found.push(text.slice(start));
  return found
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/\/\*[\s\S]*?\*\/|--[^\n]*/g, "").trim() !== "");
}
