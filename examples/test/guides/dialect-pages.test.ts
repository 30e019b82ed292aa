import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Engine } from "@acme/core";
import { mssql } from "@acme/dialect-mssql";
import { mariadb, mysql } from "@acme/dialect-mysql";
import { oracle } from "@acme/dialect-oracle";
import { postgres } from "@acme/dialect-postgres";
import { sqlite } from "@acme/dialect-sqlite";
import { describe, expect, test } from "vitest";
import {
  factTable,
  flagTable,
  ownTable,
  refusalTable,
  standardList,
  typeTable,
  type Variant,
} from "./dialect-tables.js";
import { importPage } from "./guide-module.js";
import { sections, shown } from "./recorder.js";

// `ACME_UPDATE_GUIDES=1 vitest run examples/test/guides` writes the tables of the pages anew.
const update = process.env.ACME_UPDATE_GUIDES === "1";

const PAGES: Readonly<Record<string, readonly Variant[]>> = {
  postgresql: [
    { title: "PostgreSQL 18", dialect: postgres() },
    { title: "PostgreSQL 15", dialect: postgres({ version: 15 }) },
  ],
  mysql: [
    { title: "MySQL 8.4", dialect: mysql() },
    { title: "MariaDB 10.11", dialect: mariadb() },
  ],
  sqlite: [{ title: "SQLite", dialect: sqlite() }],
  oracle: [
    { title: "Oracle 19", dialect: oracle() },
    { title: "Oracle 23ai", dialect: oracle({ version: 23 }) },
  ],
  mssql: [
    { title: "SQL Server 2017", dialect: mssql() },
    { title: "SQL Server 2025", dialect: mssql({ version: 17 }) },
  ],
};

const TABLES: Readonly<Record<string, (variants: readonly Variant[]) => string>> = {
  facts: factTable,
  types: typeTable,
  standard: standardList,
  own: ownTable,
  refused: refusalTable,
  flags: flagTable,
};

describe.for(Object.entries(PAGES))("the page of %s", ([name, variants]) => {
  const path = fileURLToPath(new URL(`../../../docs/dialects/${name}.md`, import.meta.url));

  test("makes engines as it says", async () => {
    sections.clear();
    shown.clear();
    await importPage(`dialect-${name}`, readFileSync(path, "utf8"), { blocksApart: false });
    for (const run of sections.values()) await run(undefined as never, undefined as never);
    const engines = [...shown.values()].flat() as unknown as readonly Engine[];
    expect(engines.length).toBeGreaterThan(0);
    for (const { dialect } of engines) expect(variants.map((variant) => variant.dialect.name)).toContain(dialect.name);
  });

  test.for(Object.entries(TABLES))("says what the dialect says: %s", ([mark, make]) => {
    const page = readFileSync(path, "utf8");
    const place = new RegExp(`(<!-- ${mark} -->\n)([\\s\\S]*?)(<!-- /${mark} -->)`);
    const [, , inside] = place.exec(page) ?? [];
    expect(inside, `${name}.md has no place for ${mark}`).toBeDefined();
    const made = `\n${make(variants)}\n\n`;
    if (update)
      writeFileSync(
        path,
        page.replace(place, (_all, open, _inside, close) => `${open}${made}${close}`),
      );
    else expect(inside, "ACME_UPDATE_GUIDES=1 writes the page anew").toBe(made);
  });
});
