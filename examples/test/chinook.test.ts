import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine, type Engine, func, select, selectAll } from "@acme/core";
import "@acme/dialect-mysql";
import "@acme/dialect-postgres";
import "@acme/dialect-sqlite";
import { joinedload, Session, selectinload } from "@acme/orm";
import { type ProvisionedDatabase, provisionDatabase } from "@acme/testkit";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { copyStore, fingerprint } from "../src/chinook/copy.js";
import { storeModel } from "../src/chinook/model.js";
import { QUESTIONS } from "../src/chinook/queries.js";
import { statementsOf } from "../src/chinook/script.js";
import { reflectStore, type Store } from "../src/chinook/store.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = process.env.ACME_CHINOOK ?? resolve(here, "../../../shared/data/chinook");
const present = existsSync(join(folder, "Chinook_Sqlite.sqlite"));
const databases = inject("databases");

const ROWS = {
  album: 347,
  artist: 275,
  customer: 59,
  employee: 8,
  genre: 25,
  invoice: 412,
  invoiceLine: 2240,
  mediaType: 5,
  playlist: 18,
  playlistTrack: 8715,
  track: 3503,
} as const;

interface Opened {
  readonly engine: Engine;
  readonly store: Store;
  readonly database: ProvisionedDatabase | undefined;
}

async function openSqlite(): Promise<Opened> {
  const engine = createEngine({
    dialect: "sqlite",
    connection: { database: join(folder, "Chinook_Sqlite.sqlite"), options: { readonly: true } },
  });
  return { engine, store: await reflectStore(engine), database: undefined };
}

async function load(serverUrl: string, script: string): Promise<Opened> {
  const database = await provisionDatabase(serverUrl);
  const engine = createEngine(database.url);
  await engine.begin(async (conn) => {
    for (const statement of statementsOf(await readFile(join(folder, script), "utf8")))
      await conn.executeDriverSql(statement);
  });
  return { engine, store: await reflectStore(engine), database };
}

async function close(opened: Opened | undefined): Promise<void> {
  await opened?.engine.dispose();
  await opened?.database?.drop();
}

/**
 * The scripts say two things differently, in ways that are the databases' own: N'Edinburgh ' is a CHAR literal for PostgreSQL,
 * which drops the blank at its end, and a backslash in a MySQL literal is an escape.
 */
function comparable(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === "string" ? value.replaceAll("\\", "").trimEnd() : value,
    ]),
  );
}

async function answers({ engine, store }: Opened): Promise<readonly (readonly unknown[])[]> {
  await using conn = await engine.connect();
  const all = [];
  for (const question of QUESTIONS) all.push(await question.ask(store, conn));
  return all;
}

const reason = `the Chinook data is not at ../shared/data/chinook; set ACME_CHINOOK to its folder`;

describe.skipIf(!present)(`Chinook, a music store${present ? "" : ` (left out: ${reason})`}`, () => {
  let sqlite: Opened;
  let expected: readonly (readonly unknown[])[];

  beforeAll(async () => {
    sqlite = await openSqlite();
    expected = await answers(sqlite);
  });
  afterAll(() => close(sqlite));

  describe("[sqlite] as it comes", () => {
    test("[REFL17] reflects all eleven tables with keys and relations", async () => {
      const { metadata } = sqlite.store;
      expect([...metadata.tables.keys()].sort()).toEqual([
        "Album",
        "Artist",
        "Customer",
        "Employee",
        "Genre",
        "Invoice",
        "InvoiceLine",
        "MediaType",
        "Playlist",
        "PlaylistTrack",
        "Track",
      ]);
      const relations = [...metadata.tables.values()].flatMap((table) =>
        table.foreignKeys.map((key) => `${table.name}.${key.columns[0]?.name} -> ${key.targetTable.name}`),
      );
      expect(relations.sort()).toEqual([
        "Album.ArtistId -> Artist",
        "Customer.SupportRepId -> Employee",
        "Employee.ReportsTo -> Employee",
        "Invoice.CustomerId -> Customer",
        "InvoiceLine.InvoiceId -> Invoice",
        "InvoiceLine.TrackId -> Track",
        "PlaylistTrack.PlaylistId -> Playlist",
        "PlaylistTrack.TrackId -> Track",
        "Track.AlbumId -> Album",
        "Track.GenreId -> Genre",
        "Track.MediaTypeId -> MediaType",
      ]);
      expect(metadata.table("PlaylistTrack").primaryKey.columns.map((column) => column.name)).toEqual([
        "PlaylistId",
        "TrackId",
      ]);
      expect(
        metadata
          .table("Track")
          .indexes.map((index) => index.name)
          .sort(),
      ).toEqual(["IFK_TrackAlbumId", "IFK_TrackGenreId", "IFK_TrackMediaTypeId"]);
    });

    test("answers the analyst's questions with facts that are known of this data", () => {
      const [countries, years, , top, chart, silent, agents, , both, lengths] = expected;
      expect(countries?.[0]).toEqual({ billingCountry: "USA", invoices: 91, total: "523.06" });
      expect(years?.at(-1)).toMatchObject({ running: "2328.60" });
      expect(years).toHaveLength(5);
      expect(top?.filter((row) => (row as { genre: string }).genre === "Rock")).toHaveLength(3);
      expect(chart?.[0]).toEqual({ level: 0, lastName: "Adams", boss: "" });
      expect(chart).toHaveLength(8);
      expect(silent?.length).toBeGreaterThan(0);
      expect(agents).toHaveLength(3);
      expect(both?.length).toBeGreaterThan(0);
      expect(lengths?.map((row) => (row as { tracks: number }).tracks).reduce((a, b) => a + b)).toBe(3503);
      expect(expected.map((rows) => rows.length > 0)).toEqual(QUESTIONS.map(() => true));
    });
  });

  const others = [
    ["postgresql", "Chinook_PostgreSql.sql"],
    ["mariadb", "Chinook_MySql.sql"],
  ] as const;

  for (const [name, script] of others) {
    const found = databases[name];
    describe.skipIf(!found.available)(
      `[${name}] loaded from its own script${found.available ? "" : ` (left out: ${found.reason})`}`,
      () => {
        let opened: Opened;
        beforeAll(async () => {
          if (found.available) opened = await load(found.url, script);
        });
        afterAll(() => close(opened));

        test("[REFL17] reflects the same tables, keys and relations under its own names", async () => {
          const shape = (store: Store) =>
            (Object.keys(ROWS) as (keyof typeof ROWS)[]).map((key) => ({
              key,
              columns: Object.keys(store[key].c),
              nullable: store[key].columns.map((column) => column.nullable),
              primaryKey: store[key].primaryKey.columns.map((column) => column.key),
              foreignKeys: store[key].foreignKeys.map((foreign) => foreign.columns.map((column) => column.key)).sort(),
            }));
          expect(shape(opened.store)).toEqual(shape(sqlite.store));
        });

        test("holds the same rows", async () => {
          await using conn = await opened.engine.connect();
          await using other = await sqlite.engine.connect();
          for (const [key, count] of Object.entries(ROWS)) {
            const table = opened.store[key as keyof typeof ROWS];
            expect(await conn.execute(select(func.count()).selectFrom(table)).scalar()).toBe(count);
          }
          for (const key of ["invoice", "employee", "track", "customer"] as const) {
            const rows = ({ store }: Opened, on: typeof conn) =>
              on
                .execute(
                  selectAll(store[key] as Store["invoice"]).orderBy(
                    store[key].columns[0] as Store["invoice"]["c"]["invoiceId"],
                  ),
                )
                .all();
            expect((await rows(opened, conn)).map(comparable)).toEqual((await rows(sqlite, other)).map(comparable));
          }
        });

        test.each(QUESTIONS.map(({ title }, i) => [title, i] as const))(
          "%s The answer is that of SQLite",
          async (_title, i) => {
            await using conn = await opened.engine.connect();
            expect(await QUESTIONS[i]?.ask(opened.store, conn)).toEqual(expected[i]);
          },
        );
      },
    );

    describe.skipIf(!found.available)(
      `[${name}] filled by the ORM${found.available ? "" : ` (left out: ${found.reason})`}`,
      () => {
        let database: ProvisionedDatabase | undefined;
        let target: Engine;
        beforeAll(async () => {
          if (!found.available) return;
          database = await provisionDatabase(found.url);
          target = createEngine(database.url);
          await copyStore(sqlite.store, storeModel(sqlite.store), sqlite.engine, target);
        });
        afterAll(async () => {
          await target?.dispose();
          await database?.drop();
        });

        test("holds the whole store, 15,607 rows, with equal counts and checksums, after one unit of work", async () => {
          await using from = await sqlite.engine.connect();
          await using to = await target.connect();
          let total = 0;
          for (const table of sqlite.store.metadata.tables.values()) {
            const [rows, checksum] = await fingerprint(table, to);
            expect([table.name, rows, checksum]).toEqual([table.name, ...(await fingerprint(table, from))]);
            total += rows;
          }
          expect(total).toBe(15_607);
        });

        test("answers the analyst's questions as SQLite does", async () => {
          expect(await answers({ engine: target, store: sqlite.store, database })).toEqual(expected);
        });

        test("is read by the ORM: an employee, the customers, their invoices", async () => {
          const { Employee, Customer, Invoice } = storeModel(sqlite.store);
          await using session = new Session(target);
          const stmt = select(Employee)
            .where(Employee.c.lastName.eq("Peacock"))
            .options(
              selectinload(Employee.c.customers).and(
                selectinload(Customer.c.invoices).and(joinedload(Invoice.c.lines)),
              ),
            );
          const jane = await session.scalars(stmt).one();
          const invoices = jane.customers.flatMap((customer) => [...customer.invoices]);
          expect(jane.customers).toHaveLength(21);
          expect(invoices.reduce((cents, invoice) => cents + Math.round(Number(invoice.total) * 100), 0)).toBe(83_304);
          expect(invoices.every((invoice) => invoice.lines.length > 0)).toBe(true);
        });
      },
    );
  }
});
