/** Kysely: a query builder. It has no entities and no unit of work, so W4 and W7 to W9 do not exist. */

import type { CompiledQuery, Generated } from "kysely";
import { Kysely, MysqlDialect, ParseJSONResultsPlugin, PostgresDialect, SqliteDialect } from "kysely";
import { graphParents } from "../data/generate.js";
import type { Customer, Employee, NewContact, Order, OrderLine, Product } from "../data/schema.js";
import { orderColumns, orderLineColumns } from "../data/schema.js";
import { joinedValues } from "../data/statement.js";
import type { GraphCustomer, Peer, PeerDefinition, Target } from "./peer.js";

type WithGeneratedId<T> = Omit<T, "id"> & { id: Generated<number> };

interface Database {
  customer: WithGeneratedId<Customer>;
  contact: WithGeneratedId<Customer>;
  orders: WithGeneratedId<Order>;
  order_line: WithGeneratedId<OrderLine>;
  product: WithGeneratedId<Product>;
  employee: WithGeneratedId<Employee>;
}

async function dialect(target: Target): Promise<SqliteDialect | PostgresDialect | MysqlDialect> {
  if (target.database === "sqlite") {
    const { openSqliteFile } = await import("./raw-sqlite.js");
    return new SqliteDialect({ database: openSqliteFile(target.file) });
  }
  if (target.database === "mariadb") {
    const { createPool } = await import("mysql2");
    return new MysqlDialect({ pool: createPool({ uri: target.url, connectionLimit: target.poolSize, timezone: "Z" }) });
  }
  const { default: pg } = await import("pg");
  return new PostgresDialect({ pool: new pg.Pool({ connectionString: target.url, max: target.poolSize }) });
}

async function open(target: Target): Promise<Peer> {
  const db = new Kysely<Database>({ dialect: await dialect(target) });
  const sqlite = target.database === "sqlite";

  const joined = () =>
    db
      .selectFrom("order_line as l")
      .innerJoin("orders as o", "o.id", "l.order_id")
      .innerJoin("customer as c", "c.id", "o.customer_id")
      .innerJoin("product as p", "p.id", "l.product_id")
      .select(["l.id as line_id", "l.quantity", "o.order_date", "c.name as customer_name", "p.name as product_name"])
      .where("c.country", "=", joinedValues.country)
      .where("o.status", "in", joinedValues.statuses)
      .where("p.price", ">", joinedValues.price)
      .where("l.quantity", ">=", joinedValues.quantity)
      .where("o.order_date", ">=", joinedValues.orderDate)
      .orderBy("o.order_date", "desc")
      .orderBy("c.name")
      .orderBy("l.id")
      .limit(joinedValues.limit);

  const byId = (id: number) => db.selectFrom("customer").selectAll().where("id", "=", id);
  // Kysely's own way to keep a statement: compile it once, and exchange the parameters.
  const kept: CompiledQuery<Customer> = byId(0).compile();

  // Kysely converts nothing: the caller stores SQLite's booleans as integers.
  const values = (r: NewContact) => ({ ...r, active: sqlite && r.active ? 1 : sqlite ? 0 : r.active });
  const helpers = () => (sqlite ? import("kysely/helpers/sqlite") : import("kysely/helpers/postgres"));
  let loadedHelpers: Awaited<ReturnType<typeof helpers>> | undefined;
  // pg parses JSON by itself; on SQLite it arrives as text.
  const parsing = sqlite ? db.withPlugin(new ParseJSONResultsPlugin()) : db;

  return {
    compile: () => joined().compile(),
    joined: () => joined().execute(),
    pointSelect: (id) => byId(id).executeTakeFirst(),
    pointSelectPrepared: async (id) => (await db.executeQuery<Customer>({ ...kept, parameters: [id] })).rows[0],
    rows: () => db.selectFrom("customer").selectAll().execute(),
    // The recipe of its documentation for nested results: JSON aggregation in the database (no selectAll inside, on SQLite).
    graph: async () => {
      loadedHelpers ??= await helpers();
      const json = loadedHelpers;
      return parsing
        .selectFrom("customer as c")
        .selectAll("c")
        .select((eb) =>
          json
            .jsonArrayFrom(
              eb
                .selectFrom("orders as o")
                .select(orderColumns)
                .select((inner) =>
                  json
                    .jsonArrayFrom(
                      inner.selectFrom("order_line as l").select(orderLineColumns).whereRef("l.order_id", "=", "o.id"),
                    )
                    .as("lines"),
                )
                .whereRef("o.customer_id", "=", "c.id"),
            )
            .as("orders"),
        )
        .where("c.id", "<=", graphParents)
        .execute() as Promise<GraphCustomer[]>;
    },
    bulkInsert: (rows) =>
      db.transaction().execute(async (transaction) => {
        for (let i = 0; i < rows.length; i += 1000) {
          await transaction
            .insertInto("contact")
            .values(rows.slice(i, i + 1000).map(values))
            .execute();
        }
      }),
    close: () => db.destroy(),
  };
}

export const peer: PeerDefinition = { packages: ["kysely"], databases: ["sqlite", "postgresql", "mariadb"], open };
