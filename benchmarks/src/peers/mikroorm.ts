/** MikroORM: identity map and unit of work. A fork of the entity manager per operation, as its documentation asks for. */

import type { InferEntity } from "@mikro-orm/core";
import { defineEntity, p, sql } from "@mikro-orm/core";
import type { EntityManager, MikroORM } from "@mikro-orm/sql";
import { graphParents } from "../data/generate.js";
import type { Database, NewContact } from "../data/schema.js";
import { sqlitePragmas } from "../data/schema.js";
import type { JoinedRow } from "../data/statement.js";
import { joinedValues } from "../data/statement.js";
import type { GraphCustomer, Peer, PeerDefinition, Target } from "./peer.js";

function models(database: Database) {
  const person = {
    id: p.integer().primary(),
    name: p.string(),
    email: p.string(),
    city: p.string(),
    country: p.string(),
    active: p.boolean(),
    credit: p.integer(),
    created_at: database === "sqlite" ? p.string().$type<string | Date>() : p.datetime().$type<string | Date>(),
  };
  const Product = defineEntity({
    name: "Product",
    tableName: "product",
    properties: { id: p.integer().primary(), name: p.string(), category: p.string(), price: p.double() },
  });
  const Contact = defineEntity({ name: "Contact", tableName: "contact", properties: person });
  const Customer = defineEntity({
    name: "Customer",
    tableName: "customer",
    properties: { ...person, orders: () => p.oneToMany(Order).mappedBy("customer") },
  });
  const Order = defineEntity({
    name: "Order",
    tableName: "orders",
    properties: {
      id: p.integer().primary(),
      customer: () => p.manyToOne(Customer).joinColumn("customer_id"),
      employee_id: p.integer(),
      status: p.string(),
      order_date: p.string(),
      ship_city: p.string(),
      freight: p.double(),
      note: p.string().nullable(),
      lines: () => p.oneToMany(OrderLine).mappedBy("order"),
    },
  });
  const OrderLine = defineEntity({
    name: "OrderLine",
    tableName: "order_line",
    properties: {
      id: p.integer().primary(),
      order: () => p.manyToOne(Order).joinColumn("order_id"),
      product: () => p.manyToOne(Product).joinColumn("product_id"),
      quantity: p.integer(),
      unit_price: p.double(),
    },
  });
  return { Product, Contact, Customer, Order, OrderLine };
}

type Models = ReturnType<typeof models>;

async function connect(target: Target, entities: Models[keyof Models][]): Promise<MikroORM> {
  if (target.database === "sqlite") {
    const { MikroORM: Sqlite } = await import("@mikro-orm/sqlite");
    const orm = await Sqlite.init({ entities, dbName: target.file });
    const client = await orm.em.getConnection().getNativeClient();
    for (const pragma of sqlitePragmas) client.pragma(pragma);
    return orm;
  }
  const { MikroORM: Postgres } = await import("@mikro-orm/postgresql");
  return Postgres.init({ entities, clientUrl: target.url, pool: { min: 0, max: target.poolSize } });
}

async function open(target: Target): Promise<Peer> {
  const { Product, Contact, Customer, Order, OrderLine } = models(target.database);
  const orm = await connect(target, [Product, Contact, Customer, Order, OrderLine]);

  const joined = (em: EntityManager) =>
    em
      .createQueryBuilder(OrderLine, "l")
      .innerJoin("l.order", "o")
      .innerJoin("o.customer", "c")
      .innerJoin("l.product", "p")
      .select([
        sql.ref("l.id").as("line_id"),
        "l.quantity",
        "o.order_date",
        sql.ref("c.name").as("customer_name"),
        sql.ref("p.name").as("product_name"),
      ])
      .where({
        "c.country": joinedValues.country,
        "o.status": { $in: [...joinedValues.statuses] },
        "p.price": { $gt: joinedValues.price },
        "l.quantity": { $gte: joinedValues.quantity },
        "o.order_date": { $gte: joinedValues.orderDate },
      })
      .orderBy({ "o.order_date": "desc", "c.name": "asc", "l.id": "asc" })
      .limit(joinedValues.limit);

  const values = (r: NewContact) => ({
    ...r,
    created_at: target.database === "sqlite" ? r.created_at : new Date(r.created_at),
  });
  const one = (id: number) => orm.em.fork().findOne(Customer, { id });

  return {
    compile: () => {
      const { sql: text, params } = joined(orm.em.fork()).toQuery();
      return { sql: text, parameters: params };
    },
    joined: () => joined(orm.em.fork()).execute<JoinedRow[]>("all", false),
    pointSelect: one,
    pointEntity: one,
    rows: () => orm.em.fork().createQueryBuilder(Customer).select("*").execute("all"),
    entities: () => orm.em.fork().find(Customer, {}),
    graph: async () =>
      (await orm.em
        .fork()
        .find(
          Customer,
          { id: { $lte: graphParents } },
          { populate: ["orders", "orders.lines"] },
        )) as unknown as GraphCustomer[],
    bulkInsert: (rows) =>
      orm.em.fork().transactional(async (em) => {
        for (let i = 0; i < rows.length; i += 1000) {
          await em.insertMany(Contact, rows.slice(i, i + 1000).map(values));
        }
      }),
    flushInsert: async (rows) => {
      const em = orm.em.fork();
      const contacts = rows.map((row) => em.create(Contact, values(row)));
      await em.persist(contacts).flush();
      return contacts;
    },
    flushUpdate: async () => {
      const em = orm.em.fork();
      const contacts = await em.find(Contact, {});
      for (const contact of contacts) contact.credit += 1;
      await em.flush();
      return contacts;
    },
    flushDelete: {
      load: async () => {
        const em = orm.em.fork();
        return { em, contacts: await em.find(Contact, {}) };
      },
      flush: (loaded) => {
        const { em, contacts } = loaded as { em: EntityManager; contacts: InferEntity<Models["Contact"]>[] };
        return em.remove(contacts).flush();
      },
    },
    close: () => orm.close(true),
  };
}

export const peer: PeerDefinition = { packages: ["@mikro-orm/core"], open };
