import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the sources, whether this runs from `src/` or from `dist/`. */
const SOURCES = join(dirname(fileURLToPath(import.meta.url)), "../src");

/** The body of a step as it was written: what stands between the braces of the function behind the title. */
export function listing(file: string, title: string): readonly string[] {
  const lines = readFileSync(join(SOURCES, file), "utf8").split("\n");
  const named = lines.findIndex((line) => line.includes(JSON.stringify(title)));
  const opened = lines.findIndex((line, i) => i >= named && line.endsWith("async () => {"));
  const opening = lines[opened] ?? "";
  const indent = opening.length - opening.trimStart().length;
  const closed = lines.findIndex((line, i) => i > opened && line.startsWith(`${" ".repeat(indent)}}`));
  return lines.slice(opened + 1, closed).map((line) => line.slice(indent + 2));
}
