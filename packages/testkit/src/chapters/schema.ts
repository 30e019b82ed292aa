import {
  boolean,
  check,
  dateTime,
  foreignKey,
  func,
  index,
  insert,
  inspect,
  integer,
  MetaData,
  NoSuchTableError,
  numeric,
  select,
  selectAll,
  string,
  Table,
  unique,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

const declareShop = (metadata: MetaData) => {
  const owners = new Table("owners", metadata, { id: integer().primaryKey(), name: string(40) });
  const shops = new Table(
    "shops",
    metadata,
    {
      region: string(10).primaryKey(),
      number: integer().primaryKey(),
      ownerId: integer()
        .named("owner_id")
        .nullable()
        .references(() => owners.c.id, { onDelete: "set null", name: "fk_shops_owner" }),
      title: string(40).serverDefault("untitled"),
      rate: numeric(6, 2),
      open: boolean(),
      since: dateTime().nullable(),
    },
    {
      constraints: (c) => [
        unique([c.title, c.region], { name: "uq_shops_title" }),
        check(c.rate.ge("0"), { name: "ck_shops_rate" }),
        index([c.title], { name: "ix_shops_title" }),
      ],
    },
  );
  const visits = new Table(
    "visits",
    metadata,
    { id: integer().primaryKey(), region: string(10), number: integer() },
    {
      constraints: (c) => [
        foreignKey([c.region, c.number], () => [shops.c.region, shops.c.number], {
          name: "fk_visits_shop",
          onDelete: "cascade",
        }),
      ],
    },
  );
  return { owners, shops, visits };
};

/** DDL and reflection. */
export const schemaChapter: Chapter = {
  title: "schema",
  declare({ engine, test }) {
    test("[SCH5][DDL15] creates and drops tables in the order of their foreign keys, and only those that are missing", {}, async () => {
      const metadata = new MetaData();
      const { owners, visits } = declareShop(metadata);
      expect(metadata.sortedTables.map((table) => table.name)).toEqual(["owners", "shops", "visits"]);
      await metadata.createAll(engine());
      await metadata.createAll(engine());
      await engine().begin(async (conn) => {
        await conn.execute(insert(owners).values({ name: "o" }));
        expect(await conn.execute(select(func.count()).selectFrom(visits)).scalar()).toBe(0);
      });
      await metadata.dropAll(engine());
      await metadata.dropAll(engine());
      expect(await (await inspect(engine())).hasTable("shops")).toBe(false);
    });

    test("[DDL16][DDL17] creates and drops tables that refer to each other in a circle", {}, async () => {
      await withTables(
        engine(),
        (metadata) => {
          const a = new Table("circle_a", metadata, {
            id: integer().primaryKey(),
            b: integer()
              .nullable()
              .references(() => b.c.id, { name: "fk_circle_a" }),
          });
          const b = new Table("circle_b", metadata, {
            id: integer().primaryKey(),
            a: integer()
              .nullable()
              .references(() => a.c.id, { name: "fk_circle_b" }),
          });
          return { a, b };
        },
        async ({ a, b }) => {
          await using conn = await engine().connect();
          await conn.execute(insert(a).values({ id: 1 }));
          await conn.execute(insert(b).values({ id: 1, a: 1 }));
          const inspector = await inspect(conn);
          expect((await inspector.getForeignKeys("circle_a")).map((key) => key.targetTable)).toEqual(["circle_b"]);
          expect((await inspector.getForeignKeys("circle_b")).map((key) => key.targetTable)).toEqual(["circle_a"]);
        },
      );
    });

    test("[REFL1][REFL2][REFL5] lists tables", {}, async () => {
      await withTables(engine(), declareShop, async () => {
        const inspector = await inspect(engine());
        expect(await inspector.getTableNames()).toEqual(expect.arrayContaining(["owners", "shops", "visits"]));
        expect(await inspector.hasTable("shops")).toBe(true);
        expect(await inspector.hasTable("nothing")).toBe(false);
      });
    });

    test("[REFL6][REFL7][REFL8] reflects columns, keys, unique constraints, indexes and checks", {}, async () => {
      await withTables(engine(), declareShop, async () => {
        const inspector = await inspect(engine());
        const columns = await inspector.getColumns("shops");
        expect(columns.map(({ name, nullable }) => [name, nullable])).toEqual([
          ["region", false],
          ["number", false],
          ["owner_id", true],
          ["title", false],
          ["rate", false],
          ["open", false],
          ["since", true],
        ]);
        expect(columns.map(({ type }) => type.name).slice(0, 5)).toEqual([
          "string",
          "integer",
          "integer",
          "string",
          "numeric",
        ]);
        expect(columns[3]?.default).toContain("untitled");
        expect((await inspector.getPrimaryKey("shops"))?.columns).toEqual(["region", "number"]);
        expect(await inspector.getForeignKeys("shops")).toMatchObject([
          {
            name: "fk_shops_owner",
            columns: ["owner_id"],
            targetTable: "owners",
            targetColumns: ["id"],
            onDelete: "set null",
          },
        ]);
        expect(await inspector.getForeignKeys("visits")).toMatchObject([
          {
            columns: ["region", "number"],
            targetTable: "shops",
            targetColumns: ["region", "number"],
            onDelete: "cascade",
          },
        ]);
        expect(await inspector.getUniqueConstraints("shops")).toMatchObject([
          { name: "uq_shops_title", columns: ["title", "region"] },
        ]);
        const indexes = await inspector.getIndexes("shops");
        expect(indexes.find(({ name }) => name === "ix_shops_title")).toMatchObject({
          columns: ["title"],
          unique: false,
        });
        const checks = await inspector.getCheckConstraints("shops");
        expect(checks.find(({ name }) => name === "ck_shops_rate")?.sqltext).toMatch(/rate/);
      });
    });

    test("[SCH12][REFL17][REFL19] loads tables from the database that work like declared ones", {}, async () => {
      await withTables(engine(), declareShop, async ({ owners, shops }) => {
        await using conn = await engine().connect();
        await conn.execute(insert(owners).values({ id: 1, name: "o" }));
        await conn.execute(
          insert(shops).values({ region: "n", number: 1, ownerId: 1, rate: "2.50", open: true, since: new Date(0) }),
        );
        const found = new MetaData();
        await found.reflect(conn, { only: ["shops"] });
        expect([...found.tables.keys()].sort()).toEqual(["owners", "shops"]);
        const reflected = found.table("shops");
        const c = reflected.c as unknown as Record<string, (typeof shops.c)["title"]>;
        const rows = await conn.execute(select(c.title as never, c.rate as never, c.since as never)).tuples();
        expect(rows).toEqual([["untitled", "2.50", new Date(0)]]);
        const joined = select(found.table("owners").columns[1] as never)
          .selectFrom(found.table("owners"))
          .join(reflected);
        expect(await conn.execute(joined).scalars()).toEqual(["o"]);
      });
    });

    test("[SCH12] an unknown table or column is an error that names what there is", {}, async () => {
      await expect(new MetaData().reflect(engine(), { only: ["no_such_table"] })).rejects.toThrow(NoSuchTableError);
      await expect(new MetaData().reflect(engine(), { only: ["no_such_table"] })).rejects.toThrow(/no_such_table/);
    });

    test("[SCH7] names constraints by the convention of the MetaData", {}, async () => {
      const metadata = new MetaData({
        namingConvention: { uq: "uq_%(table)s_%(columns)s", fk: "fk_%(table)s_%(columns)s", pk: "pk_%(table)s" },
      });
      const parents = new Table("conv_parents", metadata, { id: integer().primaryKey(), code: string(10).unique() });
      new Table("conv_children", metadata, {
        id: integer().primaryKey(),
        parentId: integer()
          .named("parent_id")
          .references(() => parents.c.id),
      });
      await metadata.createAll(engine());
      try {
        const inspector = await inspect(engine());
        expect((await inspector.getUniqueConstraints("conv_parents")).map(({ name }) => name)).toEqual([
          "uq_conv_parents_code",
        ]);
        expect((await inspector.getForeignKeys("conv_children")).map(({ name }) => name)).toEqual([
          "fk_conv_children_parent_id",
        ]);
      } finally {
        await metadata.dropAll(engine());
      }
    });

    test("[SCH29] a generated key, and rows that name it", {}, async (conn) => {
      await withTables(
        conn,
        (metadata) => new Table("generated", metadata, { id: integer().primaryKey(), v: string(5) }),
        async (table) => {
          await conn.execute(insert(table).values({ v: "a" }, { v: "b" }));
          expect(await conn.execute(selectAll(table).orderBy(table.c.id)).all()).toEqual([
            { id: 1, v: "a" },
            { id: 2, v: "b" },
          ]);
        },
      );
    });
  },
};
