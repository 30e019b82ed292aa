/** Ours, the ORM: a Session per operation, loader options, one flush per commit. Loaded with the first call that needs it. */

import { boolean, dateTime, double, type Engine, integer, select, string } from "@acme/core";
import { declarativeBase, many, Session, selectinload } from "@acme/orm";
import { graphParents } from "../data/generate.js";
import type { Database } from "../data/schema.js";
import type { GraphCustomer, Peer } from "./peer.js";

function models(database: Database) {
  const Base = declarativeBase();
  const person = () => ({
    id: integer().primaryKey(),
    name: string(60),
    email: string(80),
    city: string(40),
    country: string(40),
    active: boolean(),
    credit: integer(),
    created_at:
      database === "sqlite" ? string(24).$type<string | Date>() : dateTime({ timezone: true }).$type<string | Date>(),
  });
  class Contact extends Base.define("Contact", person(), { tableName: "contact" }) {}
  class Customer extends Base.define(
    "Customer",
    { ...person(), orders: () => many(Order) },
    { tableName: "customer" },
  ) {}
  class Order extends Base.define(
    "Order",
    {
      id: integer().primaryKey(),
      customer_id: integer().references(() => Customer.c.id),
      employee_id: integer(),
      status: string(20),
      order_date: string(10),
      ship_city: string(40),
      freight: double(),
      note: string(80).nullable(),
      lines: () => many(OrderLine),
    },
    { tableName: "orders" },
  ) {}
  class OrderLine extends Base.define(
    "OrderLine",
    {
      id: integer().primaryKey(),
      order_id: integer().references(() => Order.c.id),
      product_id: integer(),
      quantity: integer(),
      unit_price: double(),
    },
    { tableName: "order_line" },
  ) {}
  return { Contact, Customer, Order };
}

/** What of the workloads needs entities. */
export type OrmWorkloads = Required<
  Pick<Peer, "pointEntity" | "entities" | "graph" | "flushInsert" | "flushUpdate" | "flushDelete">
>;

export function openOrm(engine: Engine, database: Database): OrmWorkloads {
  const { Contact, Customer, Order } = models(database);
  type ContactEntity = InstanceType<typeof Contact>;
  const withOrders = selectinload(Customer.c.orders).and(selectinload(Order.c.lines));

  return {
    pointEntity: async (id) => {
      await using session = new Session(engine);
      return await session.get(Customer, id);
    },
    entities: async () => {
      await using session = new Session(engine);
      return await session.scalars(select(Customer)).all();
    },
    graph: async () => {
      await using session = new Session(engine);
      const statement = select(Customer).where(Customer.c.id.le(graphParents)).options(withOrders);
      return (await session.scalars(statement).all()) as unknown as GraphCustomer[];
    },
    flushInsert: async (rows) => {
      await using session = new Session(engine);
      const contacts = rows.map((row) => new Contact(row));
      session.addAll(contacts);
      await session.commit();
      return contacts;
    },
    flushUpdate: async () => {
      await using session = new Session(engine);
      const contacts = await session.scalars(select(Contact)).all();
      for (const contact of contacts) contact.credit += 1;
      await session.commit();
      return contacts;
    },
    flushDelete: {
      load: async () => {
        const session = new Session(engine);
        return { session, contacts: await session.scalars(select(Contact)).all() };
      },
      flush: async (loaded) => {
        const { session, contacts } = loaded as { session: Session; contacts: ContactEntity[] };
        for (const contact of contacts) session.delete(contact);
        await session.commit();
        await session.close();
      },
    },
  };
}
