/** pg with a pool: unnamed queries where a user writes one, constant statements over arrays where rows come in sets. */

import pg from "pg";
import { graphParents } from "../data/generate.js";
import type { Customer, NewContact, Order, OrderLine } from "../data/schema.js";
import { newContactColumns } from "../data/schema.js";
import type { JoinedRow } from "../data/statement.js";
import { joinedParameters, joinedSql } from "../data/statement.js";
import { nestGraph } from "./nest.js";
import type { Peer } from "./peer.js";

const batch = 1000;

/** Runs `work` between BEGIN and COMMIT on one connection of the pool. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

/** `items` in slices of 1,000. */
export function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += batch) yield items.slice(i, i + batch);
}

function multiValues(rows: readonly NewContact[]): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const groups = rows.map((r) => {
    const n = values.length;
    values.push(r.name, r.email, r.city, r.country, r.active, r.credit, r.created_at);
    return `($${n + 1}, $${n + 2}, $${n + 3}, $${n + 4}, $${n + 5}, $${n + 6}, $${n + 7})`;
  });
  return { text: `INSERT INTO contact (${newContactColumns.join(", ")}) VALUES ${groups.join(", ")}`, values };
}

export function openRawPostgresql(url: string, poolSize: number): Peer {
  const pool = new pg.Pool({ connectionString: url, max: poolSize });
  const compiled = { sql: joinedSql("postgresql"), parameters: joinedParameters };
  const byId = "SELECT * FROM customer WHERE id = $1";
  const first = async (id: number): Promise<Customer | undefined> => (await pool.query<Customer>(byId, [id])).rows[0];
  const rows = async (): Promise<Customer[]> => (await pool.query<Customer>("SELECT * FROM customer")).rows;

  return {
    isRaw: true,
    compile: () => compiled,
    joined: async () => (await pool.query<JoinedRow>(compiled.sql, [...joinedParameters])).rows,
    pointSelect: first,
    pointSelectPrepared: async (id) =>
      (await pool.query<Customer>({ name: "by_id", text: byId, values: [id] })).rows[0],
    pointEntity: first,
    rows,
    entities: rows,
    graph: async () => {
      const [customers, orders, lines] = await Promise.all([
        pool.query<Customer>("SELECT * FROM customer WHERE id <= $1", [graphParents]),
        pool.query<Order>("SELECT * FROM orders WHERE customer_id <= $1", [graphParents]),
        pool.query<OrderLine>(
          "SELECT l.* FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.customer_id <= $1",
          [graphParents],
        ),
      ]);
      return nestGraph(customers.rows, orders.rows, lines.rows);
    },
    bulkInsert: (all) =>
      inTransaction(pool, async (client) => {
        for (const some of batches(all)) await client.query(multiValues(some));
      }),
    flushInsert: (all) =>
      inTransaction(pool, async (client) => {
        const inserted: (NewContact & { id: number })[] = [];
        for (const some of batches(all)) {
          const { text, values } = multiValues(some);
          const result = await client.query<{ id: number }>(`${text} RETURNING id`, values);
          for (const [i, row] of some.entries()) inserted.push({ ...row, id: result.rows[i]!.id });
        }
        return inserted;
      }),
    flushUpdate: () =>
      inTransaction(pool, async (client) => {
        const contacts = (await client.query<Customer>("SELECT * FROM contact")).rows;
        for (const contact of contacts) contact.credit += 1;
        for (const some of batches(contacts)) {
          await client.query(
            `UPDATE contact SET credit = v.credit FROM unnest($1::int[], $2::int[]) AS v (id, credit)
             WHERE contact.id = v.id`,
            [some.map((c) => c.id), some.map((c) => c.credit)],
          );
        }
        return contacts;
      }),
    flushDelete: {
      load: async () => (await pool.query<Customer>("SELECT * FROM contact")).rows,
      flush: (loaded) =>
        inTransaction(pool, async (client) => {
          for (const some of batches(loaded as Customer[])) {
            await client.query("DELETE FROM contact WHERE id = ANY ($1::int[])", [some.map((c) => c.id)]);
          }
        }),
    },
    close: () => pool.end(),
  };
}
