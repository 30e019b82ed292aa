/** Drizzle on better-sqlite3. Its SQLite driver answers synchronously. */

import { and, asc, desc, eq, gt, gte, inArray, lte, relations, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { graphParents } from "../data/generate.js";
import { joinedValues } from "../data/statement.js";
import type { Peer } from "./peer.js";
import { openSqliteFile } from "./raw-sqlite.js";

const person = () => ({
  id: integer().primaryKey(),
  name: text().notNull(),
  email: text().notNull(),
  city: text().notNull(),
  country: text().notNull(),
  active: integer({ mode: "boolean" }).notNull(),
  credit: integer().notNull(),
  created_at: text().notNull(),
});
const customer = sqliteTable("customer", person());
const contact = sqliteTable("contact", person());
const orders = sqliteTable("orders", {
  id: integer().primaryKey(),
  customer_id: integer().notNull(),
  employee_id: integer().notNull(),
  status: text().notNull(),
  order_date: text().notNull(),
  ship_city: text().notNull(),
  freight: real().notNull(),
  note: text(),
});
const order_line = sqliteTable("order_line", {
  id: integer().primaryKey(),
  order_id: integer().notNull(),
  product_id: integer().notNull(),
  quantity: integer().notNull(),
  unit_price: real().notNull(),
});
const product = sqliteTable("product", {
  id: integer().primaryKey(),
  name: text().notNull(),
  category: text().notNull(),
  price: real().notNull(),
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

export function openDrizzleSqlite(file: string): Peer {
  const client = openSqliteFile(file);
  const db = drizzle(client, { schema });

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
    .prepare();

  return {
    compile: () => {
      const { sql: text, params } = joined().toSQL();
      return { sql: text, parameters: params };
    },
    joined: () => joined().all(),
    pointSelect: (id) => db.select().from(customer).where(eq(customer.id, id)).get(),
    pointSelectPrepared: (id) => byId.get({ id }),
    rows: () => db.select().from(customer).all(),
    entities: () => db.query.customer.findMany().sync(),
    graph: () =>
      db.query.customer
        .findMany({ where: lte(customer.id, graphParents), with: { orders: { with: { lines: true } } } })
        .sync(),
    bulkInsert: (rows) =>
      db.transaction((tx) => {
        for (let i = 0; i < rows.length; i += 1000) {
          tx.insert(contact)
            .values(rows.slice(i, i + 1000))
            .run();
        }
      }),
    // No unit of work: what follows is written by hand with the builder, the fastest documented way.
    flushInsert: (rows) =>
      db.transaction((tx) => {
        const inserted: { id: number }[] = [];
        for (let i = 0; i < rows.length; i += 1000) {
          inserted.push(
            ...tx
              .insert(contact)
              .values(rows.slice(i, i + 1000))
              .returning()
              .all(),
          );
        }
        return inserted;
      }),
    flushUpdate: () =>
      db.transaction((tx) => {
        const contacts = tx.select().from(contact).all();
        const update = tx
          .update(contact)
          .set({ credit: sql`${sql.placeholder("credit")}` })
          .where(eq(contact.id, sql.placeholder("id")))
          .prepare();
        for (const row of contacts) {
          row.credit += 1;
          update.run({ credit: row.credit, id: row.id });
        }
        return contacts;
      }),
    flushDelete: {
      load: () => db.select().from(contact).all(),
      flush: (loaded) =>
        db.transaction((tx) => {
          const ids = (loaded as { id: number }[]).map((row) => row.id);
          for (let i = 0; i < ids.length; i += 1000) {
            tx.delete(contact)
              .where(inArray(contact.id, ids.slice(i, i + 1000)))
              .run();
          }
        }),
    },
    close: () => client.close(),
  };
}
