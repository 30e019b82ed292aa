/** Drizzle on pg. The same models as in `drizzle-sqlite.ts`: Drizzle's tables belong to one database system. */

import { and, asc, desc, eq, gt, gte, inArray, lte, relations, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { boolean, doublePrecision, integer, pgTable, timestamp, varchar } from "drizzle-orm/pg-core";
import pg from "pg";
import { graphParents } from "../data/generate.js";
import type { NewContact } from "../data/schema.js";
import { joinedValues } from "../data/statement.js";
import type { Peer } from "./peer.js";
import { batches } from "./raw-postgresql.js";

const id = () => integer().generatedByDefaultAsIdentity().primaryKey();
const person = () => ({
  id: id(),
  name: varchar({ length: 60 }).notNull(),
  email: varchar({ length: 80 }).notNull(),
  city: varchar({ length: 40 }).notNull(),
  country: varchar({ length: 40 }).notNull(),
  active: boolean().notNull(),
  credit: integer().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).notNull(),
});
const customer = pgTable("customer", person());
const contact = pgTable("contact", person());
const orders = pgTable("orders", {
  id: id(),
  customer_id: integer().notNull(),
  employee_id: integer().notNull(),
  status: varchar({ length: 20 }).notNull(),
  order_date: varchar({ length: 10 }).notNull(),
  ship_city: varchar({ length: 40 }).notNull(),
  freight: doublePrecision().notNull(),
  note: varchar({ length: 80 }),
});
const order_line = pgTable("order_line", {
  id: id(),
  order_id: integer().notNull(),
  product_id: integer().notNull(),
  quantity: integer().notNull(),
  unit_price: doublePrecision().notNull(),
});
const product = pgTable("product", {
  id: id(),
  name: varchar({ length: 60 }).notNull(),
  category: varchar({ length: 40 }).notNull(),
  price: doublePrecision().notNull(),
});
const customerRelations = relations(customer, ({ many }) => ({ orders: many(orders) }));
const ordersRelations = relations(orders, ({ one, many }) => ({
  customer: one(customer, { fields: [orders.customer_id], references: [customer.id] }),
  lines: many(order_line),
}));
const orderLineRelations = relations(order_line, ({ one }) => ({
  order: one(orders, { fields: [order_line.order_id], references: [orders.id] }),
}));
const schema = {
  customer,
  contact,
  orders,
  order_line,
  product,
  customerRelations,
  ordersRelations,
  orderLineRelations,
};

const values = (rows: readonly NewContact[]) => rows.map((r) => ({ ...r, created_at: new Date(r.created_at) }));

export function openDrizzlePostgresql(url: string, poolSize: number): Peer {
  const pool = new pg.Pool({ connectionString: url, max: poolSize });
  const db = drizzle(pool, { schema });

  const joined = () =>
    db
      .select({
        line_id: order_line.id,
        quantity: order_line.quantity,
        order_date: orders.order_date,
        customer_name: customer.name,
        product_name: product.name,
      })
      .from(order_line)
      .innerJoin(orders, eq(orders.id, order_line.order_id))
      .innerJoin(customer, eq(customer.id, orders.customer_id))
      .innerJoin(product, eq(product.id, order_line.product_id))
      .where(
        and(
          eq(customer.country, joinedValues.country),
          inArray(orders.status, [...joinedValues.statuses]),
          gt(product.price, joinedValues.price),
          gte(order_line.quantity, joinedValues.quantity),
          gte(orders.order_date, joinedValues.orderDate),
        ),
      )
      .orderBy(desc(orders.order_date), asc(customer.name), asc(order_line.id))
      .limit(joinedValues.limit);

  const byId = db
    .select()
    .from(customer)
    .where(eq(customer.id, sql.placeholder("id")))
    .prepare("customer_by_id");

  return {
    compile: () => {
      const { sql: text, params } = joined().toSQL();
      return { sql: text, parameters: params };
    },
    joined: () => joined(),
    pointSelect: async (key) => (await db.select().from(customer).where(eq(customer.id, key)))[0],
    pointSelectPrepared: async (key) => (await byId.execute({ id: key }))[0],
    rows: () => db.select().from(customer),
    entities: () => db.query.customer.findMany(),
    graph: () =>
      db.query.customer.findMany({
        where: lte(customer.id, graphParents),
        with: { orders: { with: { lines: true } } },
      }),
    bulkInsert: (rows) =>
      db.transaction(async (tx) => {
        for (const some of batches(rows)) await tx.insert(contact).values(values(some));
      }),
    // No unit of work: what follows is written by hand with the builder.
    flushInsert: (rows) =>
      db.transaction(async (tx) => {
        const inserted: { id: number }[] = [];
        for (const some of batches(rows)) inserted.push(...(await tx.insert(contact).values(values(some)).returning()));
        return inserted;
      }),
    flushUpdate: () =>
      db.transaction(async (tx) => {
        const contacts = await tx.select().from(contact);
        for (const row of contacts) {
          row.credit += 1;
          await tx.update(contact).set({ credit: row.credit }).where(eq(contact.id, row.id));
        }
        return contacts;
      }),
    flushDelete: {
      load: () => db.select().from(contact),
      flush: (loaded) =>
        db.transaction(async (tx) => {
          for (const some of batches(loaded as { id: number }[])) {
            await tx.delete(contact).where(
              inArray(
                contact.id,
                some.map((row) => row.id),
              ),
            );
          }
        }),
    },
    close: () => pool.end(),
  };
}
