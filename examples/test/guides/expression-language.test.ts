import { readFileSync, writeFileSync } from "node:fs";
import { AcmeError, type Connection, createEngine, type Engine, type Node } from "@acme/core";
import { provisionDatabase } from "@acme/testkit";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { sqlBlock, statementOf } from "./dialects.js";
import { type Example, examplesOf } from "./extract.js";
import { fill, type GuideModule, guidePath, importGuide, typeErrors } from "./guide-module.js";
import { sections, shown } from "./recorder.js";

// `ACME_UPDATE_GUIDES=1 vitest run examples/test/guides` writes the SQL and the rows of the guide anew.
const update = process.env.ACME_UPDATE_GUIDES === "1";

const NAME = "expression-language";
const guide = readFileSync(guidePath(NAME), "utf8");
const examples = examplesOf(guide);

let module: GuideModule;
/** What the blocks that are written by the test should hold, by the line of the block. */
const written = new Map<number, string>();

beforeAll(async () => {
  module = await importGuide(NAME, { blocksApart: false });
});

afterAll(() => {
  if (!update) return;
  const lines = guide.split("\n");
  for (const example of [...examples].reverse()) {
    for (const block of [example.rows, example.sql]) {
      const text = block && written.get(block.line);
      if (block && text !== undefined) lines.splice(block.line, block.height, ...text.split("\n"));
    }
  }
  writeFileSync(guidePath(NAME), lines.join("\n"));
});

/** The title of an example: the section that it stands in, and its line. */
function titleOf({ code }: Example): string {
  const above = guide.split("\n").slice(0, code.line);
  return `${above.findLast((line) => /^##+ /.test(line))?.replace(/^#+ /, "")}, line ${code.line + 1}`;
}

function compare(block: { readonly line: number; readonly text: string }, text: string): void {
  written.set(block.line, text);
  if (!update) expect(block.text, `line ${block.line + 1} of the guide (ACME_UPDATE_GUIDES=1 writes it)`).toBe(text);
}

test("the guide type-checks, and the types in its comments are right", { timeout: 240_000 }, async () => {
  expect(await typeErrors(NAME)).toBe("");
});

test("the contents name every section", () => {
  const titles = [...guide.matchAll(/^## (.*)$/gm)].map(([, title = ""]) => title);
  const anchorOf = (title: string): string =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-");
  const linked = [...guide.matchAll(/\[([^\]]+)\]\((#[^)]+)\)/g)].map(([, title, anchor]) => [title, anchor]);
  expect(linked).toEqual(titles.map((title) => [title, `#${anchorOf(title)}`]));
});

describe("the guide's SQL", () => {
  beforeAll(async () => {
    await using engine = createEngine("sqlite://");
    await fill(module, engine);
    await runSections(engine);
  });

  test.for(examples.filter(({ sql }) => sql).map((example) => [titleOf(example), example] as const))(
    "is what the compilers write: %s",
    ([title, { code, sql }]) => {
      const nodes = shown.get(code.line) ?? [];
      expect(nodes.length, `${title} shows nothing`).toBeGreaterThan(0);
      if (sql) compare(sql, sqlBlock(nodes, sql.info.slice(1)));
    },
  );
});

const { sqlite, postgresql, mariadb } = inject("databases");
for (const [name, found] of Object.entries({ sqlite, postgresql, mariadb })) {
  describe.skipIf(!found.available)(`[${name}] the guide to the expression language`, () => {
    let engine: Engine;
    let drop: (() => Promise<void>) | undefined;
    beforeAll(async () => {
      const database = name === "sqlite" ? undefined : await provisionDatabase(found.available ? found.url : "");
      drop = database?.drop;
      engine = createEngine(database?.url ?? "sqlite://");
      await fill(module, engine);
      await runSections(engine);
    });
    afterAll(async () => {
      await engine.dispose();
      await drop?.();
    });

    test.for(examples.filter(isExecuted).map((example) => [titleOf(example), example] as const))(
      "runs: %s",
      async ([, example]) => {
        const rows = await execute(engine, example);
        // The rows in the guide are those of SQLite; where another database has the statement, it gives the same ones.
        if (example.rows && name === "sqlite") compare(example.rows, rows.join("\n"));
        else if (example.rows && rows.length > 0 && !update) expect(rows.join("\n")).toBe(example.rows.text);
      },
    );
  });
}

function isExecuted({ code, sql }: Example): boolean {
  return sql !== undefined && !code.info.includes("text");
}

/** Each section once, in a transaction that is rolled back. */
async function runSections(engine: Engine): Promise<void> {
  shown.clear();
  for (const run of sections.values()) await undone(engine, (conn) => run(conn, engine));
}

async function undone<T>(engine: Engine, work: (conn: Connection) => Promise<T>): Promise<T> {
  await using conn = await engine.connect();
  const transaction = await conn.begin();
  try {
    return await work(conn);
  } finally {
    await transaction.rollback();
  }
}

/** The rows of an example, a line each: none where the database's compiler refuses it. */
async function execute(engine: Engine, { code, rows }: Example): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const node of shown.get(code.line) ?? []) {
    if (refused(node, engine)) continue;
    await undone(engine, async (conn) => {
      const result = await conn.execute(statementOf(node) as never);
      if (rows)
        for (const row of result.all() as readonly object[]) lines.push(showRow(row, statementOf(node) !== node));
    });
  }
  return lines;
}

function refused(node: Node, engine: Engine): boolean {
  try {
    engine.dialect.compile(statementOf(node));
    return false;
  } catch (error) {
    if (error instanceof AcmeError) return true;
    throw error;
  }
}

/** A row as JavaScript writes it; of an expression its value. */
function showRow(row: object, isValue: boolean): string {
  return isValue ? showValue(Object.values(row)[0]) : showValue(row);
}

function showValue(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return `new Date("${value.toISOString()}")`;
  if (value instanceof Uint8Array) return `Uint8Array.of(${value.join(", ")})`;
  if (Array.isArray(value)) return `[${value.map(showValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? String(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${/^\w+$/.test(key) ? key : JSON.stringify(key)}: ${showValue(inner)}`)
    .join(", ")} }`;
}
