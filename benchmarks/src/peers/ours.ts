/** Ours: Core here, the ORM in `ours-orm.ts`, which is loaded by the first workload that needs entities. */

import type { Connection } from "@acme/core";
import {
  boolean,
  createEngine,
  dateTime,
  dialectByName,
  double,
  insert,
  integer,
  MetaData,
  param,
  select,
  selectAll,
  statementKey,
  string,
  Table,
} from "@acme/core";
import type { Customer, Database } from "../data/schema.js";
import { joinedValues } from "../data/statement.js";
import type { OrmWorkloads } from "./ours-orm.js";
import type { CompiledText, Peer, PeerDefinition, Target } from "./peer.js";

/** The tables in Core. `created_at` is text on SQLite, as for every peer. */
function tables(database: Database) {
  const metadata = new MetaData();
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
  const customer = new Table("customer", metadata, person());
  const contact = new Table("contact", metadata, person());
  const orders = new Table("orders", metadata, {
    id: integer().primaryKey(),
    customer_id: integer().references(() => customer.c.id),
    employee_id: integer(),
    status: string(20),
    order_date: string(10),
    ship_city: string(40),
    freight: double(),
    note: string(80).nullable(),
  });
  const product = new Table("product", metadata, {
    id: integer().primaryKey(),
    name: string(60),
    category: string(40),
    price: double(),
  });
  const order_line = new Table("order_line", metadata, {
    id: integer().primaryKey(),
    order_id: integer().references(() => orders.c.id),
    product_id: integer().references(() => product.c.id),
    quantity: integer(),
    unit_price: double(),
  });
  return { customer, contact, orders, order_line, product };
}

/** The engine, with what every peer's connections are set to. */
async function engineFor(target: Target) {
  if (target.database === "sqlite") {
    await import("@acme/dialect-sqlite");
    // Foreign keys are enforced unless told otherwise.
    const pragmas = { synchronous: "OFF", cache_size: -16000 };
    return createEngine({ dialect: "sqlite", connection: { database: target.file, options: { pragmas } } });
  }
  if (target.database === "mariadb") await import("@acme/dialect-mysql");
  else await import("@acme/dialect-postgres");
  return createEngine(target.url, { pool: { max: target.poolSize } });
}

async function open(target: Target): Promise<Peer> {
  const engine = await engineFor(target);
  const { customer, contact, orders, order_line, product } = tables(target.database);
  const dialect = dialectByName(target.database);

  const joined = () =>
    select(
      order_line.c.id.label("line_id"),
      order_line.c.quantity,
      orders.c.order_date,
      customer.c.name.label("customer_name"),
      product.c.name.label("product_name"),
    )
      .join(orders)
      .join(customer)
      .join(product)
      .where(
        customer.c.country.eq(joinedValues.country),
        orders.c.status.in(joinedValues.statuses),
        product.c.price.gt(joinedValues.price),
        order_line.c.quantity.ge(joinedValues.quantity),
        orders.c.order_date.ge(joinedValues.orderDate),
      )
      .orderBy(orders.c.order_date.desc(), customer.c.name, order_line.c.id)
      .limit(joinedValues.limit);

  // What an engine does with a statement before it asks the driver: look it up by its structure, then take its values.
  const compiledByKey = new Map<number | string, ReturnType<typeof dialect.compile>>();
  const compile = (): CompiledText => {
    const statement = joined();
    const key = statementKey(statement);
    let compiled = compiledByKey.get(key);
    if (compiled === undefined) {
      compiled = dialect.compile(statement);
      compiledByKey.set(key, compiled);
    }
    return compiled.render(statement, undefined);
  };

  // On SQLite raw keeps its one connection, and so do the statements here; on PostgreSQL raw asks its pool each time, and so
  // do we. The connection is taken by the first statement.
  let kept: Connection | undefined;
  async function keeping<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    kept = await engine.connect();
    return await work(kept);
  }
  async function pooled<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    await using connection = await engine.connect();
    return await work(connection);
  }
  const other = target.database === "sqlite" ? keeping : pooled;
  const ask = <T>(work: (connection: Connection) => Promise<T>): Promise<T> => (kept ? work(kept) : other(work));

  let loading: Promise<OrmWorkloads> | undefined;
  const orm = (): Promise<OrmWorkloads> => {
    loading ??= import("./ours-orm.js").then(({ openOrm }) => openOrm(engine, target.database));
    return loading;
  };

  const byId = selectAll(customer).where(customer.c.id.eq(param("id", integer())));
  return {
    compile,
    compileUncached: () => {
      const statement = joined();
      return dialect.compile(statement).render(statement, undefined);
    },
    joined: () => ask((connection) => connection.execute(joined()).all()),
    pointSelect: (id) =>
      ask((connection) => connection.execute(selectAll(customer).where(customer.c.id.eq(id))).first()),
    pointSelectPrepared: (id) => ask((connection) => connection.execute(byId, { id }).first()),
    rows: (): Promise<Customer[]> => ask((connection) => connection.execute(selectAll(customer)).all()),
    bulkInsert: (rows) =>
      ask((connection) => connection.transaction(() => connection.execute(insert(contact).valuesList(rows)))),
    pointEntity: async (id) => (await orm()).pointEntity(id),
    entities: async () => (await orm()).entities(),
    graph: async () => (await orm()).graph(),
    flushInsert: async (rows) => (await orm()).flushInsert(rows),
    flushUpdate: async () => (await orm()).flushUpdate(),
    flushDelete: {
      load: async () => (await orm()).flushDelete.load(),
      flush: async (loaded) => (await orm()).flushDelete.flush(loaded),
    },
    close: async () => {
      await kept?.close();
      await engine.dispose();
    },
  };
}

export const peer: PeerDefinition = {
  packages: ["@acme/core", "@acme/orm"],
  databases: ["sqlite", "postgresql", "mariadb"],
  open,
};
