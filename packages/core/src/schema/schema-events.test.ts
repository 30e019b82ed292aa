import { describe, expect, test } from "vitest";
import type { ReflectedColumn } from "../dialect/reflector.js";
import { integer, MetaData, numeric, sql, string, Table } from "../index.js";
import { RecordingHost, reflectedTable } from "./test-support.js";

function shop() {
  const metadata = new MetaData();
  const customers = new Table("customers", metadata, { id: integer().primaryKey(), name: string(50) });
  const orders = new Table("orders", metadata, {
    id: integer().primaryKey(),
    customer: integer().references("customers.id").index(),
  });
  return { metadata, customers, orders };
}

const NAMES = ["beforeCreate", "afterCreate", "beforeDrop", "afterDrop"] as const;

/** The first words of each statement. */
function heads(executed: readonly string[]): readonly string[] {
  return executed.map((text) => text.split(" (")[0] as string);
}

describe("events of DDL", () => {
  test("[EVT16] of a MetaData and of its tables surround the statements, and listeners execute on the connection", async () => {
    const { metadata, customers, orders } = shop();
    for (const name of NAMES) {
      metadata.on(name, ({ connection, tables }) =>
        connection.execute(sql.text(`metadata ${name} ${tables.map((table) => table.name)}`) as never),
      );
      for (const table of [customers, orders])
        table.on(name, (event) => event.connection.execute(sql.text(`${event.table.name} ${name}`) as never));
    }
    const host = new RecordingHost([]);
    await metadata.createAll(host);
    expect(heads(host.executed)).toEqual([
      "metadata beforeCreate customers,orders",
      "customers beforeCreate",
      "CREATE TABLE customers",
      "customers afterCreate",
      "orders beforeCreate",
      "CREATE TABLE orders",
      "CREATE INDEX ix_orders_customer ON orders",
      "orders afterCreate",
      "metadata afterCreate customers,orders",
    ]);
    const full = new RecordingHost([reflectedTable("customers"), reflectedTable("orders")]);
    await metadata.dropAll(full);
    expect(full.executed).toEqual([
      "metadata beforeDrop customers,orders",
      "orders beforeDrop",
      "DROP TABLE orders",
      "orders afterDrop",
      "customers beforeDrop",
      "DROP TABLE customers",
      "customers afterDrop",
      "metadata afterDrop customers,orders",
    ]);
  });

  test("[EVT16] tell of the tables that are really created, and of one that is created alone", async () => {
    const { metadata, customers, orders } = shop();
    const heard: string[] = [];
    metadata.on("beforeCreate", ({ tables }) => heard.push(`metadata ${tables.map((table) => table.name)}`));
    customers.on("afterCreate", () => heard.push("customers"));
    orders.on("afterCreate", () => heard.push("orders"));
    await metadata.createAll(new RecordingHost([reflectedTable("customers")]));
    expect(heard.splice(0)).toEqual(["metadata orders", "orders"]);
    await customers.create(new RecordingHost([]));
    await customers.create(new RecordingHost([reflectedTable("customers")]));
    expect(heard).toEqual(["customers"]);
  });

  test("that throw fail the work before its statement", async () => {
    const { metadata, orders } = shop();
    const fail = (): never => {
      throw new RangeError("no");
    };
    orders.on("beforeCreate", fail);
    const host = new RecordingHost([]);
    await expect(metadata.createAll(host)).rejects.toThrow("no");
    expect(heads(host.executed)).toEqual(["CREATE TABLE customers"]);
    expect([orders.off("beforeCreate", fail), orders.off("beforeCreate", fail)]).toEqual([true, false]);
    await metadata.createAll(host);
  });

  test("hear once when told so, and can be taken away from a MetaData", async () => {
    const { metadata } = shop();
    const heard: number[] = [];
    const listener = (): unknown => heard.push(1);
    metadata.on("afterCreate", () => heard.push(0), { once: true });
    metadata.on("afterCreate", listener);
    await metadata.createAll(new RecordingHost([]));
    expect(metadata.off("afterCreate", listener)).toBe(true);
    await metadata.createAll(new RecordingHost([]));
    expect(heard).toEqual([0, 1]);
  });
});

describe("columnReflect", () => {
  const column = (name: string): ReflectedColumn => ({
    name,
    type: integer(),
    typeText: "INTEGER",
    nullable: false,
    autoincrement: false,
    default: undefined,
    computed: undefined,
    comment: undefined,
  });
  const found = reflectedTable("orders", { columns: [column("customer_id"), column("total")] });

  test("[EVT18] renames and retypes reflected columns; each listener sees what the one before wants", async () => {
    const metadata = new MetaData();
    const seen: unknown[] = [];
    metadata.on("columnReflect", ({ column: { name } }) => ({
      key: name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    }));
    metadata.on("columnReflect", ({ column: { name }, table, change }) => {
      seen.push([table.name, name, change]);
      return name === "total" ? { type: numeric(10, 2) } : undefined;
    });
    await metadata.reflect(new RecordingHost([found]));
    expect(metadata.table("orders").columns.map((each) => [each.key, each.name, String(each.type)])).toEqual([
      ["customerId", "customer_id", "integer"],
      ["total", "total", "numeric(10, 2)"],
    ]);
    expect(seen).toEqual([
      ["orders", "customer_id", { key: "customerId" }],
      ["orders", "total", { key: "total" }],
    ]);
  });

  test("[EVT18] comes after the option onColumn, and for a single table too", async () => {
    const metadata = new MetaData();
    metadata.on("columnReflect", ({ change }) => (change.key === undefined ? undefined : { key: `${change.key}!` }));
    const table = await Table.reflect("orders", metadata, new RecordingHost([found]), {
      onColumn: ({ name }) => (name === "total" ? { key: "sum" } : undefined),
    });
    expect(table.columns.map((each) => each.key)).toEqual(["customer_id", "sum!"]);
  });
});
