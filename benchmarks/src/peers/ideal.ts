/**
 * No library: what better-sqlite3 allows by hand, with class instances, an identity map, the driver's row array kept as
 * the snapshot, and a unit of work that writes sets. It shows where the floor is. SQLite only.
 */

import type Sqlite from "better-sqlite3";
import { graphParents } from "../data/generate.js";
import type { Customer, NewContact } from "../data/schema.js";
import { joinedParameters, joinedSql } from "../data/statement.js";
import type { Peer, PeerDefinition } from "./peer.js";

type Row = readonly unknown[];

class Person implements Customer {
  declare id: number;
  declare name: string;
  declare email: string;
  declare city: string;
  declare country: string;
  declare active: boolean;
  declare credit: number;
  declare created_at: string;
  declare orders: Purchase[];
  declare snapshot: Row | undefined;
  constructor(r: Row) {
    this.id = r[0] as number;
    this.name = r[1] as string;
    this.email = r[2] as string;
    this.city = r[3] as string;
    this.country = r[4] as string;
    this.active = r[5] === 1;
    this.credit = r[6] as number;
    this.created_at = r[7] as string;
    this.orders = [];
    this.snapshot = r;
  }
}

class Purchase {
  declare id: number;
  declare customer_id: number;
  declare employee_id: number;
  declare status: string;
  declare order_date: string;
  declare ship_city: string;
  declare freight: number;
  declare note: string | null;
  declare lines: Line[];
  declare snapshot: Row;
  constructor(r: Row) {
    this.id = r[0] as number;
    this.customer_id = r[1] as number;
    this.employee_id = r[2] as number;
    this.status = r[3] as string;
    this.order_date = r[4] as string;
    this.ship_city = r[5] as string;
    this.freight = r[6] as number;
    this.note = r[7] as string | null;
    this.lines = [];
    this.snapshot = r;
  }
}

class Line {
  declare id: number;
  declare order_id: number;
  declare product_id: number;
  declare quantity: number;
  declare unit_price: number;
  declare snapshot: Row;
  constructor(r: Row) {
    this.id = r[0] as number;
    this.order_id = r[1] as number;
    this.product_id = r[2] as number;
    this.quantity = r[3] as number;
    this.unit_price = r[4] as number;
    this.snapshot = r;
  }
}

/** A row through the identity map: one row, one object. */
function loadAll<T extends { id: number }>(rows: readonly Row[], make: new (row: Row) => T, map: Map<number, T>): T[] {
  return rows.map((row) => {
    const id = row[0] as number;
    let entity = map.get(id);
    if (entity === undefined) {
      entity = new make(row);
      map.set(id, entity);
    }
    return entity;
  });
}

const insertHead = "INSERT INTO contact (name, email, city, country, active, credit, created_at) VALUES ";
const insertRow = "(?, ?, ?, ?, ?, ?, ?)";

/** Calls `some` with full batches of `size`, and `single` with what is left over. */
function inBatches<T>(
  items: readonly T[],
  size: number,
  some: (batch: readonly T[]) => void,
  single: (item: T) => void,
) {
  const full = items.length - (items.length % size);
  for (let i = 0; i < full; i += size) some(items.slice(i, i + size));
  for (let i = full; i < items.length; i++) single(items[i]!);
}

function openIdeal(db: Sqlite.Database): Peer {
  const kept = new Map<string, Sqlite.Statement>();
  const prepared = (sql: string): Sqlite.Statement => {
    let statement = kept.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql);
      if (statement.reader) statement.raw();
      kept.set(sql, statement);
    }
    return statement;
  };
  const many = (sql: string, ...parameters: unknown[]): Row[] => prepared(sql).all(...parameters) as Row[];
  const values = (r: NewContact): unknown[] => [
    r.name,
    r.email,
    r.city,
    r.country,
    r.active ? 1 : 0,
    r.credit,
    r.created_at,
  ];
  const flatValues = (rows: readonly NewContact[]): unknown[] => {
    const flat: unknown[] = [];
    for (const r of rows) flat.push(r.name, r.email, r.city, r.country, r.active ? 1 : 0, r.credit, r.created_at);
    return flat;
  };
  const batchInsert = insertHead + Array<string>(100).fill(insertRow).join(", ");
  const one = (id: number): Person | undefined => {
    const row = prepared("SELECT * FROM customer WHERE id = ?").get(id) as Row | undefined;
    return row && new Person(row);
  };
  const contacts = (map: Map<number, Person>): Person[] => loadAll(many("SELECT * FROM contact"), Person, map);
  const updateBatch = `UPDATE contact SET credit = v.column2 FROM (VALUES ${Array<string>(500)
    .fill("(?, ?)")
    .join(", ")}) AS v WHERE contact.id = v.column1`;
  const deleteBatch = `DELETE FROM contact WHERE id IN (${Array<string>(500).fill("?").join(", ")})`;

  return {
    compile: () => ({ sql: joinedSql("sqlite"), parameters: joinedParameters }),
    joined: () =>
      many(joinedSql("sqlite"), ...joinedParameters).map((r) => ({
        line_id: r[0] as number,
        quantity: r[1] as number,
        order_date: r[2] as string,
        customer_name: r[3] as string,
        product_name: r[4] as string,
      })),
    pointSelect: one,
    pointSelectPrepared: one,
    pointEntity: one,
    rows: () =>
      many("SELECT * FROM customer").map((r) => ({
        id: r[0] as number,
        name: r[1] as string,
        email: r[2] as string,
        city: r[3] as string,
        country: r[4] as string,
        active: r[5] === 1,
        credit: r[6] as number,
        created_at: r[7] as string,
      })),
    entities: () => loadAll(many("SELECT * FROM customer"), Person, new Map()),
    graph: () => {
      const people = new Map<number, Person>();
      const purchases = new Map<number, Purchase>();
      const result = loadAll(many("SELECT * FROM customer WHERE id <= ?", graphParents), Person, people);
      const orders = many("SELECT * FROM orders WHERE customer_id <= ?", graphParents);
      for (const order of loadAll(orders, Purchase, purchases)) people.get(order.customer_id)?.orders.push(order);
      const lines = many(
        "SELECT l.* FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.customer_id <= ?",
        graphParents,
      );
      for (const line of loadAll(lines, Line, new Map())) purchases.get(line.order_id)?.lines.push(line);
      return result;
    },
    bulkInsert: db.transaction((rows: readonly NewContact[]) =>
      inBatches(
        rows,
        100,
        (batch) => prepared(batchInsert).run(...flatValues(batch)),
        (row) => prepared(insertHead + insertRow).run(...values(row)),
      ),
    ),
    flushInsert: db.transaction((rows: readonly NewContact[]) => {
      const entities = rows.map((r) => new Person([0, ...values(r)]));
      const map = new Map<number, Person>();
      inBatches(
        entities,
        100,
        (batch) => {
          const ids = many(`${batchInsert} RETURNING id`, ...flatValues(batch));
          batch.forEach((entity, i) => {
            entity.id = ids[i]?.[0] as number;
            map.set(entity.id, entity);
          });
        },
        (entity) => {
          entity.id = Number(prepared(insertHead + insertRow).run(...values(entity)).lastInsertRowid);
          map.set(entity.id, entity);
        },
      );
      return entities;
    }),
    flushUpdate: db.transaction(() => {
      const map = new Map<number, Person>();
      for (const contact of contacts(map)) contact.credit += 1;
      const dirty = [...map.values()].filter((entity) => entity.credit !== entity.snapshot?.[6]);
      inBatches(
        dirty,
        500,
        (batch) => prepared(updateBatch).run(...batch.flatMap((entity) => [entity.id, entity.credit])),
        (entity) => prepared("UPDATE contact SET credit = ? WHERE id = ?").run(entity.credit, entity.id),
      );
      return dirty;
    }),
    flushDelete: {
      load: () => {
        const map = new Map<number, Person>();
        contacts(map);
        return map;
      },
      flush: db.transaction((loaded: unknown) => {
        const map = loaded as Map<number, Person>;
        inBatches(
          [...map.keys()],
          500,
          (batch) => prepared(deleteBatch).run(...batch),
          (id) => prepared("DELETE FROM contact WHERE id = ?").run(id),
        );
        map.clear();
      }),
    },
    close: () => db.close(),
  };
}

export const peer: PeerDefinition = {
  packages: ["better-sqlite3"],
  async open(target) {
    // Nothing to show on PostgreSQL: every workload is absent there.
    if (target.database !== "sqlite") return { close: () => undefined };
    const { openSqliteFile } = await import("./raw-sqlite.js");
    return openIdeal(openSqliteFile(target.file));
  },
};
