// Makes docs/reference-ids.tsv out of the inventory of SQLAlchemy's capabilities, which is not part of this repository:
//   node scripts/extract-reference.mjs path/to/sqlalchemy.md
// One line per capability: id, weight (A every user meets it, B many, C specialist), "legacy" or "depr" for what is kept for
// old code only, and its name. scripts/scorecard.mjs reads it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./stages.mjs";

/** Rows that end in [legacy] although only their second half is. */
const partlyLegacy = new Set(["REL3"]);
const widest = 72;

function shorten(capability) {
  const plain = capability
    .replace(/\s*\[(2\.1|legacy|depr)\]/g, "")
    .replaceAll("\\|", "|")
    .trim();
  return plain.length <= widest ? plain : `${plain.slice(0, widest - 1).replace(/\W+\w*$/, "")}…`;
}

const [path] = process.argv.slice(2);
if (!path) throw new Error("usage: node scripts/extract-reference.mjs path/to/sqlalchemy.md");

const lines = [];
for (const line of readFileSync(path, "utf8").split("\n")) {
  const area = /^## \d+\. (.+)$/.exec(line);
  if (area) lines.push(`# ${area[1]}`);
  const row = /^\| ([A-Z]+\d+) \| (.*) \| ([ABC]) \|$/.exec(line);
  if (!row) continue;
  const [, id, cells, weight] = row;
  const capability = cells.split(/(?<!\\) \| /)[0];
  const flag = partlyLegacy.has(id) ? "" : (/\[(legacy|depr)\]$/.exec(capability)?.[1] ?? "");
  lines.push([id, weight, flag, shorten(capability)].join("\t"));
}
// A heading without rows (the dialect matrix) is no area.
const kept = lines.filter((line, index) => !line.startsWith("# ") || (lines[index + 1] ?? "# ").match(/^[A-Z]+\d/));
writeFileSync(join(root, "docs/reference-ids.tsv"), `${kept.join("\n")}\n`);
console.log(`${kept.filter((line) => !line.startsWith("# ")).length} capabilities`);
