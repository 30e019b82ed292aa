/** TypeORM: entities without identity map; `save` selects again and compares. */

import type { EntitySchema as EntitySchemaType, SelectQueryBuilder } from "typeorm";
import { DataSource, EntitySchema, LessThanOrEqual } from "typeorm";
import { graphParents } from "../data/generate.js";
import type { Customer, Database, NewContact, Order, OrderLine, Product } from "../data/schema.js";
import { customerColumns, sqlitePragmas } from "../data/schema.js";
import type { JoinedRow } from "../data/statement.js";
import { joinedValues } from "../data/statement.js";
import type { Peer, PeerDefinition, Target } from "./peer.js";

interface CustomerEntity extends Customer {
  orders: OrderEntity[];
}
interface OrderEntity extends Order {
  customer: CustomerEntity;
  lines: OrderLineEntity[];
}
interface OrderLineEntity extends OrderLine {
  order: OrderEntity;
  product: Product;
}

function models(database: Database) {
  const sqlite = database === "sqlite";
  const id = { type: "integer", primary: true, generated: "increment" } as const;
  const text = { type: "varchar" } as const;
  const whole = { type: "integer" } as const;
  const real = { type: "double precision" } as const;
  const person = {
    id,
    name: text,
    email: text,
    city: text,
    country: text,
    active: { type: "boolean" },
    credit: whole,
    created_at: { type: sqlite ? "text" : "timestamp with time zone" },
  } as const;
  const CustomerModel: EntitySchemaType<CustomerEntity> = new EntitySchema<CustomerEntity>({
    name: "Customer",
    tableName: "customer",
    columns: person,
    relations: { orders: { type: "one-to-many", target: "Order", inverseSide: "customer" } },
  });
  const ContactModel = new EntitySchema<Customer>({ name: "Contact", tableName: "contact", columns: person });
  const OrderModel = new EntitySchema<OrderEntity>({
    name: "Order",
    tableName: "orders",
    columns: {
      id,
      customer_id: whole,
      employee_id: whole,
      status: text,
      order_date: text,
      ship_city: text,
      freight: real,
      note: { type: "varchar", nullable: true },
    },
    relations: {
      customer: {
        type: "many-to-one",
        target: "Customer",
        inverseSide: "orders",
        joinColumn: { name: "customer_id" },
      },
      lines: { type: "one-to-many", target: "OrderLine", inverseSide: "order" },
    },
  });
  const OrderLineModel = new EntitySchema<OrderLineEntity>({
    name: "OrderLine",
    tableName: "order_line",
    columns: { id, order_id: whole, product_id: whole, quantity: whole, unit_price: real },
    relations: {
      order: { type: "many-to-one", target: "Order", inverseSide: "lines", joinColumn: { name: "order_id" } },
      product: { type: "many-to-one", target: "Product", joinColumn: { name: "product_id" } },
    },
  });
  const ProductModel = new EntitySchema<Product>({
    name: "Product",
    tableName: "product",
    columns: { id, name: text, category: text, price: real },
  });
  return { CustomerModel, ContactModel, OrderModel, OrderLineModel, ProductModel };
}

function dataSource(target: Target, entities: EntitySchema[]): DataSource {
  if (target.database === "sqlite") {
    return new DataSource({
      type: "better-sqlite3",
      database: target.file,
      entities,
      prepareDatabase: (db: { pragma(text: string): unknown }) => {
        for (const pragma of sqlitePragmas) db.pragma(pragma);
      },
    });
  }
  return new DataSource({ type: "postgres", url: target.url, entities, poolSize: target.poolSize });
}

async function open(target: Target): Promise<Peer> {
  const { CustomerModel, ContactModel, OrderModel, OrderLineModel, ProductModel } = models(target.database);
  const source = dataSource(target, [CustomerModel, ContactModel, OrderModel, OrderLineModel, ProductModel]);
  await source.initialize();
  const customers = source.getRepository(CustomerModel);
  const contacts = source.getRepository(ContactModel);

  const joined = (): SelectQueryBuilder<OrderLineEntity> =>
    source
      .createQueryBuilder(OrderLineModel, "l")
      .select(["l.id AS line_id", "l.quantity AS quantity", "o.order_date AS order_date"])
      .addSelect(["c.name AS customer_name", "p.name AS product_name"])
      .innerJoin("l.order", "o")
      .innerJoin("o.customer", "c")
      .innerJoin("l.product", "p")
      .where("c.country = :country", { country: joinedValues.country })
      .andWhere("o.status IN (:...statuses)", { statuses: joinedValues.statuses })
      .andWhere("p.price > :price", { price: joinedValues.price })
      .andWhere("l.quantity >= :quantity", { quantity: joinedValues.quantity })
      .andWhere("o.order_date >= :orderDate", { orderDate: joinedValues.orderDate })
      .orderBy("o.order_date", "DESC")
      .addOrderBy("c.name", "ASC")
      .addOrderBy("l.id", "ASC")
      .limit(joinedValues.limit);

  const values = (r: NewContact) => ({
    ...r,
    created_at: target.database === "sqlite" ? r.created_at : new Date(r.created_at),
  });
  const one = (id: number) => customers.findOneBy({ id });

  return {
    compile: () => {
      const [sql, parameters] = joined().getQueryAndParameters();
      return { sql, parameters };
    },
    joined: () => joined().getRawMany<JoinedRow>(),
    pointSelect: one,
    pointEntity: one,
    rows: () =>
      customers
        .createQueryBuilder("c")
        .select(customerColumns.map((name) => `c.${name} AS ${name}`))
        .getRawMany<Customer>(),
    entities: () => customers.find(),
    // One query with two joins. The other documented strategy, 'query', did not finish within minutes.
    graph: () =>
      customers.find({
        where: { id: LessThanOrEqual(graphParents) },
        relations: { orders: { lines: true } },
        relationLoadStrategy: "join",
      }),
    bulkInsert: (rows) =>
      source.transaction(async (manager) => {
        for (let i = 0; i < rows.length; i += 1000) {
          await manager
            .createQueryBuilder()
            .insert()
            .into(ContactModel)
            .values(rows.slice(i, i + 1000).map(values))
            .updateEntity(false)
            .execute();
        }
      }),
    flushInsert: (rows) => contacts.save(contacts.create(rows.map(values)), { chunk: 1000 }),
    flushUpdate: async () => {
      const loaded = await contacts.find();
      for (const contact of loaded) contact.credit += 1;
      return contacts.save(loaded, { chunk: 1000 });
    },
    flushDelete: {
      load: () => contacts.find(),
      // Chunks of 1,000 fail on SQLite ("Expression tree is too large").
      flush: (loaded) => contacts.remove(loaded as Customer[], { chunk: 500 }),
    },
    close: () => source.destroy(),
  };
}

export const peer: PeerDefinition = { packages: ["typeorm"], open };
