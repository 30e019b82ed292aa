/** A fenced block of a guide. */
export interface Block {
  /** Words behind the fence: `ts`, `sql postgresql`. */
  readonly info: readonly string[];
  readonly text: string;
  /** The line of the first line of `text`, counted from 0. */
  readonly line: number;
  /** How many lines `text` has: none, when the fences touch. */
  readonly height: number;
}

/** One TypeScript block with the blocks that show what comes of it. */
export interface Example {
  readonly code: Block;
  readonly sql: Block | undefined;
  readonly rows: Block | undefined;
}

/** The fenced blocks of a Markdown text, in order. */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const fence = /^```(\S.*)?$/.exec(lines[i] as string);
    if (!fence) continue;
    const end = lines.indexOf("```", i + 1);
    if (end < 0) throw new Error(`The block of line ${i + 1} has no end.`);
    const info = (fence[1] ?? "").split(/\s+/).filter((word) => word !== "");
    blocks.push({ info, text: lines.slice(i + 1, end).join("\n"), line: i + 1, height: end - i - 1 });
    i = end;
  }
  return blocks;
}

/** The examples of a guide: `sql` and `js rows` blocks belong to the `ts` block before them. */
export function examplesOf(markdown: string): readonly Example[] {
  const examples: Example[] = [];
  for (const block of blocksOf(markdown)) {
    if (block.info[0] === "ts") examples.push({ code: block, sql: undefined, rows: undefined });
    const last = examples.pop();
    if (last === undefined) continue;
    const kind =
      block.info[0] === "sql" ? "sql" : block.info[0] === "js" && block.info[1] === "rows" ? "rows" : undefined;
    examples.push(kind === undefined ? last : { ...last, [kind]: block });
  }
  return examples;
}

/** A statement of a block of code. */
interface Piece {
  readonly text: string;
  readonly offset: number;
}

const BRACKETS: Readonly<Record<string, number>> = { "(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1 };

/** Where a text literal, template or comment that begins at `at` ends; `at` when none begins there. */
function skip(code: string, at: number): number {
  if (code.startsWith("//", at)) return end(code, "\n", at) - 1;
  if (code.startsWith("/*", at)) return end(code, "*/", at + 2);
  const quote = code[at];
  if (quote !== '"' && quote !== "'" && quote !== "`") return at;
  for (let i = at + 1; i < code.length; i++) {
    if (code[i] === "\\") i++;
    else if (quote === "`" && code.startsWith("${", i)) {
      let depth = 1;
      for (i += 2; depth > 0; i++) {
        const after = skip(code, i);
        if (after > i) i = after - 1;
        else depth += code[i] === "{" ? 1 : code[i] === "}" ? -1 : 0;
      }
      i--;
    } else if (code[i] === quote) return i + 1;
  }
  throw new Error(`A text has no end: ${code.slice(at, at + 40)}`);
}

function end(code: string, mark: string, from: number): number {
  const found = code.indexOf(mark, from);
  return found < 0 ? code.length + 1 : found + mark.length;
}

/** The statements of a block. Each ends in a semicolon, or in the brace of a class or function. */
function piecesOf(code: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < code.length; ) {
    const after = skip(code, i);
    if (after > i) {
      // A comment between statements belongs to none.
      if (code[i] === "/" && code.slice(start, i).trim() === "") start = after;
      i = after;
      continue;
    }
    depth += BRACKETS[code[i] as string] ?? 0;
    i++;
    const text = code.slice(start, i).trim();
    const isBody =
      code[i - 1] === "}" && /^(export )?(abstract )?(class|function|async function|interface|for|if)\b/.test(text);
    if (depth === 0 && (code[i - 1] === ";" || isBody)) {
      pieces.push({ text, offset: code.indexOf(text, start) });
      start = i;
    }
  }
  const rest = code
    .slice(start)
    .replaceAll(/\/\/.*$/gm, "")
    .trim();
  if (rest !== "") throw new Error(`A statement of the guide does not end in a semicolon: ${rest}`);
  return pieces;
}

const SILENT =
  /^(export|import|const|let|class|abstract class|function|type|interface|for|if|await|compiles|throw|return)\b/;

/** How a guide becomes a module. */
export interface ModuleOptions {
  /** The names to import from `@acme/core`. */
  readonly names: readonly string[];
  /** Each block is a scope of its own, and has an engine, but no connection: it makes its own. */
  readonly blocksApart: boolean;
}

/**
 * The guide as a module. Each section (`##`) is an asynchronous function of a connection; expressions that stand alone are shown;
 * `// rows: {...}` and `// value: ...` behind them assert their types, `// => ...` their values. Blocks of `ts check` are compiled and
 * not run. Lines keep their numbers, so that errors point into the guide.
 */
export function moduleOf(markdown: string, { names, blocksApart }: ModuleOptions): string {
  const lines = markdown.split("\n").map(() => "");
  const imports: string[] = [`import { ${names.join(", ")} } from "@acme/core";`];
  let open = false;
  const blocks = blocksOf(markdown);
  markdown.split("\n").forEach((line, i) => {
    const heading = /^## (.*)$/.exec(line);
    if (!heading || blocks.some((block) => i >= block.line && i < block.line + block.height)) return;
    const parameters = blocksApart ? "_conn, engine" : "conn, engine";
    lines[i] = `${open ? "});" : ""} section(${JSON.stringify(heading[1])}, async (${parameters}) => {`;
    open = true;
  });
  const firstSection = lines.findIndex((line) => line !== "");
  for (const block of blocks) {
    if (block.info[0] !== "ts") continue;
    const isApart = blocksApart && block.line > firstSection;
    const made = codeOf(block, imports).split("\n");
    made.forEach((line, i) => {
      lines[block.line + i] = line;
    });
    if (!isApart) continue;
    lines[block.line - 1] = block.info.includes("check") ? "if (Math.random() > 1) {" : "{";
    lines[block.line + block.height] = "}";
  }
  lines[0] = `${imports.join(" ")} import { expectValue, type RowsOf, type Same, section, show, type ValueOf } from "../../guides/recorder.js"; ${lines[0]}`;
  return `${lines.join("\n")}\n${open ? "});" : ""}\n`;
}

function codeOf(block: Block, imports: string[]): string {
  let code = "";
  let at = 0;
  for (const { text, offset } of piecesOf(block.text)) {
    code += block.text.slice(at, offset);
    at = offset + text.length;
    const line = block.line + block.text.slice(0, offset).split("\n").length - 1;
    if (text.startsWith("import ")) {
      imports.push(text.replaceAll("\n", " "));
      code += text.replaceAll(/[^\n]/g, "");
      continue;
    }
    const value = /^ *\n?\/\/ => (.*)|^ *\/\/ => (.*)/.exec(block.text.slice(at));
    if (value) {
      code += `expectValue(${line}, ${text.slice(0, -1)}, ${value[1] ?? value[2]});${value[0].includes("\n") ? "\n" : ""}`;
      at += value[0].length;
      continue;
    }
    if (SILENT.test(text)) {
      code += text;
      continue;
    }
    const assertion = /^\s*\/\/ (rows|value): (.*(?:\n\/\/ (?: |\}).*)*)/.exec(block.text.slice(at));
    const type = assertion?.[1] === "rows" ? "RowsOf" : "ValueOf";
    const shown = `const $${line} = show(${block.line}, ${text.slice(0, -1)});`;
    if (assertion) {
      const [whole, , asserted] = assertion;
      code += `${shown}${whole.slice(0, whole.indexOf("//"))}true satisfies Same<${type}<typeof $${line}>, ${(asserted as string).replaceAll(/^\/\//gm, "")}>;`;
      at += whole.length;
    } else code += shown;
  }
  return code + block.text.slice(at);
}
