import { describe, expect, expectTypeOf, test } from "vitest";
import type { ReflectedColumn, ReflectedForeignKey, ReflectedTable } from "../dialect.js";
import {
  type Column,
  CreateIndex,
  CreateTable,
  factsOf,
  inspect,
  integer,
  MetaData,
  NoSuchColumnError,
  NoSuchTableError,
  numeric,
  string,
  Table,
  text,
} from "../index.js";
import { RecordingHost, reflectedTable } from "../schema/test-support.js";

function column(name: string, given: Partial<ReflectedColumn> = {}): ReflectedColumn {
  return {
    name,
    type: integer(),
    typeText: "integer",
    nullable: false,
    default: undefined,
    autoincrement: false,
    computed: undefined,
    comment: undefined,
    ...given,
  };
}

function key(from: string, targetTable: string, given: Partial<ReflectedForeignKey> = {}): ReflectedForeignKey {
  return {
    name: undefined,
    columns: [from],
    targetSchema: undefined,
    targetTable,
    targetColumns: ["id"],
    onDelete: undefined,
    onUpdate: undefined,
    ...given,
  };
}

const id = column("id", { autoincrement: true });
const primaryKey = { name: undefined, columns: ["id"] };

const customers = reflectedTable("customers", {
  comment: "people",
  columns: [id, column("name", { type: string(50), nullable: true, default: "'nobody'", comment: "full" })],
  primaryKey,
});
const orders = reflectedTable("orders", {
  columns: [
    id,
    column("customer_id"),
    column("total", { type: numeric(10, 2) }),
    column("twice", { computed: { sqltext: "total * 2", persisted: true } }),
  ],
  primaryKey: { name: "orders_pk", columns: ["id"] },
  foreignKeys: [key("customer_id", "customers", { name: "to_customer", onDelete: "cascade", onUpdate: "set null" })],
  uniqueConstraints: [{ name: "one", columns: ["customer_id", "total"] }],
  checks: [{ name: "positive", sqltext: "total > 0" }],
  indexes: [
    {
      name: "by_total",
      unique: true,
      columns: ["total", undefined],
      expressions: ["total DESC", "abs(id)"],
      where: "id > 5",
    },
  ],
});
const lines = reflectedTable("lines", {
  columns: [id, column("order_id")],
  primaryKey,
  foreignKeys: [key("order_id", "orders")],
});
const names = reflectedTable("names", { kind: "view", columns: [column("name", { type: text(), nullable: true })] });
const ALL: readonly ReflectedTable[] = [customers, lines, names, orders];

describe("MetaData.reflect", () => {
  test("[SCH6][REFL17] loads all tables, which then are tables like others", async () => {
    const metadata = new MetaData();
    await metadata.reflect(new RecordingHost(ALL));
    expect([...metadata.tables.keys()].sort()).toEqual(["customers", "lines", "orders"]);
    expect(String(new CreateTable(metadata.table("orders")))).toBe(
      [
        "CREATE TABLE orders (",
        "  id INTEGER NOT NULL,",
        "  customer_id INTEGER NOT NULL,",
        "  total NUMERIC(10, 2) NOT NULL,",
        "  twice INTEGER GENERATED ALWAYS AS (total * 2) STORED NOT NULL,",
        "  CONSTRAINT orders_pk PRIMARY KEY (id),",
        "  CONSTRAINT one UNIQUE (customer_id, total),",
        "  CONSTRAINT to_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE ON UPDATE SET NULL,",
        "  CONSTRAINT positive CHECK (total > 0)",
        ")",
      ].join("\n"),
    );
    expect(metadata.table("orders").indexes.map((index) => String(new CreateIndex(index)))).toEqual([
      "CREATE UNIQUE INDEX by_total ON orders (total DESC, (abs(id))) WHERE id > 5",
    ]);
    const { comment, columns } = metadata.table("customers");
    expect(comment).toBe("people");
    expect(factsOf(columns[1] as never).options.comment).toBe("full");
    expect(String(new CreateTable(metadata.table("customers")))).toContain("name VARCHAR(50) DEFAULT 'nobody'");
    expect(metadata.sortedTables.map((table) => table.name)).toEqual(["customers", "orders", "lines"]);
  });

  test("[REFL17] loads views when asked, and only what is asked for", async () => {
    const of = async (options: Parameters<MetaData["reflect"]>[1]): Promise<readonly string[]> => {
      const metadata = new MetaData();
      await metadata.reflect(new RecordingHost(ALL), options);
      return [...metadata.tables.keys()].sort();
    };
    expect(await of({ views: true })).toEqual(["customers", "lines", "names", "orders"]);
    expect(await of({ only: ["customers", "names"] })).toEqual(["customers", "names"]);
    expect(await of({ only: (name) => name.startsWith("c") })).toEqual(["customers"]);
    expect(await of({ only: [] })).toEqual([]);
  });

  test("[REFL19] loads the tables that keys refer to, each generation with one question", async () => {
    const host = new RecordingHost(ALL);
    const metadata = new MetaData();
    await metadata.reflect(host, { only: ["lines"] });
    expect([...metadata.tables.keys()]).toEqual(["lines", "orders", "customers"]);
    expect(host.asked).toEqual(["-: lines", "-: orders", "-: customers"]);
  });

  test("[REFL19] leaves keys out whose tables are not to be loaded", async () => {
    const metadata = new MetaData();
    await metadata.reflect(new RecordingHost(ALL), { only: ["lines"], resolveForeignKeys: false });
    expect([...metadata.tables.keys()]).toEqual(["lines"]);
    expect(metadata.table("lines").foreignKeys).toEqual([]);
  });

  test("a key to a table that the database does not have is left out", async () => {
    const metadata = new MetaData();
    await metadata.reflect(
      new RecordingHost([reflectedTable("t", { columns: [id], primaryKey, foreignKeys: [key("id", "gone")] })]),
    );
    expect(metadata.table("t").foreignKeys).toEqual([]);
  });

  test("tables that refer to each other in a circle are loaded once", async () => {
    const a = reflectedTable("a", { columns: [id], primaryKey, foreignKeys: [key("id", "b")] });
    const b = reflectedTable("b", { columns: [id], primaryKey, foreignKeys: [key("id", "a"), key("id", "b")] });
    const metadata = new MetaData();
    await metadata.reflect(new RecordingHost([a, b]), { only: ["b"] });
    expect(metadata.table("a").foreignKeys[0]?.targetTable).toBe(metadata.table("b"));
    expect(metadata.table("b").foreignKeys.map((each) => each.targetTable.name)).toEqual(["a", "b"]);
  });

  test("tables that are already there stay as they are, and serve as targets", async () => {
    const metadata = new MetaData();
    const mine = new Table("customers", metadata, { id: integer().primaryKey() });
    await metadata.reflect(new RecordingHost(ALL), { only: ["orders", "customers"] });
    expect(metadata.table("customers")).toBe(mine);
    expect(metadata.table("orders").foreignKeys[0]?.targets).toEqual([mine.c.id]);
  });

  test("[REFL2] a name that is not there is an error that names tables like it", async () => {
    const reflecting = new MetaData().reflect(new RecordingHost(ALL), { only: ["order"] });
    await expect(reflecting).rejects.toThrow(NoSuchTableError);
    await expect(reflecting).rejects.toThrow('The database has no table or view "order". Did you mean "orders"?');
  });

  test("[REFL20] a function changes keys and types of columns", async () => {
    const metadata = new MetaData();
    await metadata.reflect(new RecordingHost(ALL), {
      onColumn: (found, table) => {
        if (table.name === "orders" && found.name === "total") return { type: numeric(10, 2, { as: "number" }) };
        return { key: found.name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) };
      },
    });
    expect(metadata.table("orders").columns.map((each) => [each.key, each.name, String(each.type)])).toEqual([
      ["id", "id", "integer"],
      ["customerId", "customer_id", "integer"],
      ["total", "total", "numeric(10, 2)"],
      ["twice", "twice", "integer"],
    ]);
    expect(metadata.table("orders").column("total").type.args).toEqual([10, 2, "number"]);
    expect(metadata.table("orders").foreignKeys[0]?.columns[0]?.key).toBe("customerId");
  });

  test("two columns that would get one key are refused", async () => {
    const reflecting = new MetaData().reflect(new RecordingHost(ALL), { onColumn: () => ({ key: "same" }) });
    await expect(reflecting).rejects.toMatchObject({ code: "DUPLICATE_COLUMN" });
  });

  test("a column may have the name of a property that every object has", async () => {
    const odd = reflectedTable("odd", {
      columns: ["__proto__", "constructor", "toString"].map((name) => column(name)),
    });
    const metadata = new MetaData();
    await metadata.reflect(new RecordingHost([odd]));
    expect(metadata.table("odd").columns.map((each) => each.name)).toEqual(["__proto__", "constructor", "toString"]);
  });
});

describe("schemas", () => {
  const shop = reflectedTable("customers", { schema: "shop", columns: [id], primaryKey });
  const bill = reflectedTable("bills", {
    schema: "shop",
    columns: [id],
    primaryKey,
    foreignKeys: [key("id", "customers", { targetSchema: "shop" }), key("id", "customers")],
  });
  const here = reflectedTable("visits", {
    columns: [id],
    primaryKey,
    foreignKeys: [key("id", "customers", { targetSchema: "shop" })],
  });
  const tables = [customers, shop, bill, here];

  test("keys may leave the schema, in both directions", async () => {
    const metadata = new MetaData();
    await metadata.reflect(new RecordingHost(tables), { schema: "shop", only: ["bills"] });
    expect([...metadata.tables.keys()]).toEqual(["shop.bills", "shop.customers", "customers"]);
    const other = new MetaData();
    await other.reflect(new RecordingHost(tables), { only: ["visits"] });
    expect([...other.tables.keys()]).toEqual(["visits", "shop.customers"]);
  });

  test("[SCH2] the MetaData's schema is where it looks, and how its tables are called", async () => {
    const metadata = new MetaData({ schema: "shop" });
    await metadata.reflect(new RecordingHost(tables), { only: ["bills"] });
    expect([...metadata.tables.keys()]).toEqual(["shop.bills", "shop.customers", "public.customers"]);
  });

  test("the default schema under its own name stays under it", async () => {
    const metadata = new MetaData();
    await metadata.reflect(new RecordingHost([...tables, orders]), { schema: "public", only: ["orders"] });
    expect([...metadata.tables.keys()]).toEqual(["public.orders", "public.customers"]);
  });
});

describe("Table.reflect", () => {
  test("[SCH12] makes one table, and loads what it refers to", async () => {
    const metadata = new MetaData();
    const t = await Table.reflect("orders", metadata, new RecordingHost(ALL));
    expect(t).toBe(metadata.table("orders"));
    expect(t.columns.map((each) => each.name)).toEqual(["id", "customer_id", "total", "twice"]);
    expect([...metadata.tables.keys()]).toEqual(["orders", "customers"]);
  });

  test("[REFL18] declared columns take the place of reflected ones, typed and under their own keys", async () => {
    const t = await Table.reflect("orders", new MetaData(), new RecordingHost(ALL), {
      columns: { total: numeric(10, 2, { as: "number" }), customer: string(10).named("customer_id").nullable() },
    });
    expectTypeOf(t.c.total).toEqualTypeOf<Column<number, "orders", "total">>();
    expectTypeOf(t.c.customer).toEqualTypeOf<Column<string | null, "orders", "customer">>();
    expectTypeOf(t.column("id")).toEqualTypeOf<Column<unknown, "orders", string>>();
    expect(t.columns.map((each) => [each.key, String(each.type), each.nullable])).toEqual([
      ["id", "integer", false],
      ["customer", "string(10)", true],
      ["total", "numeric(10, 2)", false],
      ["twice", "integer", false],
    ]);
    expect(t.primaryKey.columns.map((each) => each.name)).toEqual(["id"]);
    expect(t.foreignKeys[0]?.columns).toEqual([t.c.customer]);
  });

  test("a declared column that the database does not have is an error that names columns like it", async () => {
    const metadata = new MetaData();
    const reflecting = Table.reflect("orders", metadata, new RecordingHost(ALL), { columns: { totl: numeric() } });
    await expect(reflecting).rejects.toThrow(NoSuchColumnError);
    await expect(reflecting).rejects.toThrow('has no column "totl". Did you mean "total"?');
  });

  test("[REFL23] an unknown table is an error, and the MetaData stays as it was", async () => {
    const metadata = new MetaData();
    await expect(Table.reflect("zebra", metadata, new RecordingHost(ALL))).rejects.toThrow(
      "The tables and views are: customers, lines, orders, names.",
    );
    expect(metadata.tables.size).toBe(0);
  });

  test("a table that the MetaData has is not read again", async () => {
    const metadata = new MetaData();
    new Table("orders", metadata, { id: integer() });
    await expect(Table.reflect("orders", metadata, new RecordingHost(ALL))).rejects.toMatchObject({
      code: "DUPLICATE_TABLE",
    });
  });
});

describe("Inspector", () => {
  test("[REFL1][REFL2][REFL5] lists tables, views and schemas, and says what is there", async () => {
    const inspector = await inspect(new RecordingHost([...ALL, reflectedTable("t", { schema: "other" })]));
    expect(inspector.defaultSchemaName).toBe("public");
    expect(await inspector.getTableNames()).toEqual(["customers", "lines", "orders"]);
    expect(await inspector.getTableNames({ schema: "other" })).toEqual(["t"]);
    expect(await inspector.getViewNames()).toEqual(["names"]);
    expect(await inspector.getSchemaNames()).toEqual(["public", "other"]);
    expect([
      await inspector.hasTable("names"),
      await inspector.hasTable("nope"),
      await inspector.hasTable("t"),
    ]).toEqual([true, false, false]);
  });

  test("[REFL6][REFL7][REFL8] tells columns, keys, constraints and indexes of a table", async () => {
    const inspector = await inspect(new RecordingHost(ALL));
    expect(await inspector.getColumns("orders")).toBe(orders.columns);
    expect(await inspector.getPrimaryKey("orders")).toEqual({ name: "orders_pk", columns: ["id"] });
    expect(await inspector.getPrimaryKey("names")).toBeUndefined();
    expect(await inspector.getForeignKeys("orders")).toBe(orders.foreignKeys);
    expect(await inspector.getUniqueConstraints("orders")).toBe(orders.uniqueConstraints);
    expect(await inspector.getIndexes("orders")).toBe(orders.indexes);
    expect(await inspector.getCheckConstraints("orders")).toBe(orders.checks);
  });

  test("[REFL11] tells comments, and all of many tables at once", async () => {
    const host = new RecordingHost(ALL);
    const inspector = await inspect(host);
    expect(await inspector.getTableComment("customers")).toBe("people");
    expect((await inspector.getTables(["orders", "lines"])).map((table) => table.name)).toEqual(["lines", "orders"]);
    expect(await inspector.getTables()).toHaveLength(4);
    expect(host.asked).toEqual(["-: customers", "-: orders, lines", "-: *"]);
  });

  test("[REFL16] keeps its answers until told to forget them", async () => {
    const host = new RecordingHost(ALL);
    const inspector = await inspect(host);
    await inspector.getColumns("orders");
    await inspector.getIndexes("orders");
    expect(host.asked).toEqual(["-: orders"]);
    inspector.clearCache();
    await inspector.getColumns("orders");
    expect(host.asked).toHaveLength(2);
  });

  test("[REFL5] asks again for what was not there", async () => {
    const host = new RecordingHost(ALL);
    const inspector = await inspect(host);
    await expect(inspector.getColumns("ordrs")).rejects.toThrow('Did you mean "orders"?');
    await expect(inspector.getColumns("ordrs")).rejects.toThrow(NoSuchTableError);
    expect(host.asked).toHaveLength(2);
  });

  test("a dialect without a reflector is refused by name", async () => {
    await expect(inspect(new RecordingHost(undefined))).rejects.toMatchObject({ code: "NO_REFLECTOR" });
  });
});
