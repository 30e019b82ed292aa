/** better-sqlite3 with every statement prepared once and kept. */

import Sqlite from "better-sqlite3";
import { graphParents } from "../data/generate.js";
import type { Customer, NewContact, Order, OrderLine } from "../data/schema.js";
import { sqlitePragmas } from "../data/schema.js";
import type { JoinedRow } from "../data/statement.js";
import { joinedParameters, joinedSql } from "../data/statement.js";
import { nestGraph } from "./nest.js";
import type { Peer } from "./peer.js";

/** Opens the file with the settings that every peer gets. */
export function openSqliteFile(file: string): Sqlite.Database {
  const db = new Sqlite(file);
  for (const pragma of sqlitePragmas) db.pragma(pragma);
  return db;
}

export function openRawSqlite(file: string): Peer {
  const db = openSqliteFile(file);
  const byId = db.prepare<[number], Customer>("SELECT * FROM customer WHERE id = ?");
  const compiled = { sql: joinedSql("sqlite"), parameters: joinedParameters };

  // Prepared on first use and kept, so that the start workload prepares only what it runs.
  const kept = new Map<string, Sqlite.Statement>();
  const prepared = (sql: string): Sqlite.Statement => {
    let statement = kept.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql);
      kept.set(sql, statement);
    }
    return statement;
  };

  const insertSql =
    "INSERT INTO contact (name, email, city, country, active, credit, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)";
  const insert = (statement: Sqlite.Statement, r: NewContact): Sqlite.RunResult =>
    statement.run(r.name, r.email, r.city, r.country, r.active ? 1 : 0, r.credit, r.created_at);
  const bulkInsert = db.transaction((rows: readonly NewContact[]) => {
    const statement = prepared(insertSql);
    for (const row of rows) insert(statement, row);
  });
  const flushInsert = db.transaction((rows: readonly NewContact[]) => {
    const statement = prepared(insertSql);
    return rows.map((row) => ({ ...row, id: Number(insert(statement, row).lastInsertRowid) }));
  });
  const flushUpdate = db.transaction(() => {
    const contacts = prepared("SELECT * FROM contact").all() as Customer[];
    const statement = prepared("UPDATE contact SET credit = ? WHERE id = ?");
    for (const contact of contacts) {
      contact.credit += 1;
      statement.run(contact.credit, contact.id);
    }
    return contacts;
  });
  const remove = db.transaction((contacts: readonly Customer[]) => {
    const statement = prepared("DELETE FROM contact WHERE id = ?");
    for (const contact of contacts) statement.run(contact.id);
  });
  const rows = (): Customer[] => prepared("SELECT * FROM customer").all() as Customer[];

  return {
    isRaw: true,
    compile: () => compiled,
    joined: () => prepared(compiled.sql).all(...joinedParameters) as JoinedRow[],
    pointSelect: (id) => byId.get(id),
    pointSelectPrepared: (id) => byId.get(id),
    pointEntity: (id) => byId.get(id),
    rows,
    entities: rows,
    graph: () =>
      nestGraph(
        prepared("SELECT * FROM customer WHERE id <= ?").all(graphParents) as Customer[],
        prepared("SELECT * FROM orders WHERE customer_id <= ?").all(graphParents) as Order[],
        prepared("SELECT l.* FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.customer_id <= ?").all(
          graphParents,
        ) as OrderLine[],
      ),
    bulkInsert,
    flushInsert,
    flushUpdate,
    flushDelete: {
      load: () => prepared("SELECT * FROM contact").all(),
      flush: (loaded) => remove(loaded as Customer[]),
    },
    close: () => db.close(),
  };
}
