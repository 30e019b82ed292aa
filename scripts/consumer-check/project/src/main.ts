// A user's program: every package imported by its name, from what `pnpm pack` made of it.
import * as core from "@acme/core";
import * as authors from "@acme/core/dialect";
import * as mssql from "@acme/dialect-mssql";
import * as mysql from "@acme/dialect-mysql";
import * as oracle from "@acme/dialect-oracle";
import * as postgres from "@acme/dialect-postgres";
import * as sqlite from "@acme/dialect-sqlite";
import * as orm from "@acme/orm";
import * as pool from "@acme/pool";
import * as testkit from "@acme/testkit";
import { compiled } from "./compile-only.js";

function check(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

const packages = { core, authors, pool, orm, postgres, mysql, sqlite, oracle, mssql, testkit };
for (const [name, exported] of Object.entries(packages)) {
  check(Object.keys(exported).length > 0, `${name} exports nothing`);
}
check(authors.Node === core.Node, "the two entry points of core have classes of their own");
check(compiled.includes("users.name ="), `unexpected SQL: ${compiled}`);
