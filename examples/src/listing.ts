import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the sources, whether this runs from `src/` or from `dist/`. */
const SOURCES = join(dirname(fileURLToPath(import.meta.url)), "../src");

/** The body of a step as it was written: what stands between `step("title", async () => {` and its `});`. */
export function listing(file: string, title: string): readonly string[] {
  const lines = readFileSync(join(SOURCES, file), "utf8").split("\n");
  const start = lines.findIndex((line) => line.includes(`step(${JSON.stringify(title)},`));
  const rest = lines.slice(start + 1);
  const body = rest.slice(0, rest.indexOf("  });"));
  return body.map((line) => line.slice(4));
}
