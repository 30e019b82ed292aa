import { check, dateTime, func, index, integer, MetaData, numeric, string, Table } from "@acme/core";

export const metadata: MetaData = new MetaData();

/** People who buy. A column is NOT NULL unless it says nullable(). */
export const customers = new Table("customers", metadata, {
  id: integer().primaryKey(),
  name: string(50),
  city: string(50).nullable(),
  referredBy: integer()
    .named("referred_by")
    .nullable()
    .references(() => customers.c.id),
  since: dateTime({ timezone: true }).serverDefault(func.now()),
});

/** What they buy. */
export const orders = new Table(
  "orders",
  metadata,
  {
    id: integer().primaryKey(),
    customerId: integer()
      .named("customer_id")
      .references(() => customers.c.id, { onDelete: "cascade" }),
    item: string(100),
    price: numeric(10, 2),
  },
  { constraints: (c) => [check(c.price.ge("0"), { name: "price_not_negative" }), index(c.item)] },
);
