import {
  type ExecutionEvent,
  func,
  InvalidRequestError,
  insert,
  inspect,
  integer,
  MetaData,
  select,
  sql,
  string,
  Table,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

const declareNotes = (metadata: MetaData) =>
  new Table("option_notes", metadata, { id: integer().primaryKey({ autoincrement: false }), text: string(20) });

/** Options of engines, connections, statements and executions. */
export const optionChapter: Chapter = {
  title: "options",
  declare({ engine, test }) {
    test("[ENG24][ENG26] an engine in autocommit shares the pool and has no transactions", {}, async () => {
      await withTables(engine(), declareNotes, async (notes) => {
        const autocommit = engine().withOptions({ isolationLevel: "AUTOCOMMIT" });
        {
          await using conn = await autocommit.connect();
          await conn.execute(insert(notes).values({ id: 1, text: "kept" }));
          await expect(conn.begin()).rejects.toThrow(InvalidRequestError);
          await expect(conn.begin()).rejects.toMatchObject({ code: "AUTOCOMMIT" });
          expect(conn.inTransaction).toBe(false);
        }
        await expect(autocommit.begin(() => undefined)).rejects.toMatchObject({ code: "AUTOCOMMIT" });
        await using other = await engine().connect();
        expect(await other.execute(select(notes.c.text)).scalars()).toEqual(["kept"]);
        expect(autocommit.poolStatus()).toEqual(engine().poolStatus());
      });
    });

    test("[ENG26] tables are created in autocommit without a transaction", {}, async () => {
      const words: string[] = [];
      const autocommit = engine().withOptions({ isolationLevel: "AUTOCOMMIT" });
      const stop = autocommit.on("begin", () => {
        words.push("begin");
      });
      await withTables(autocommit, declareNotes, async () => undefined);
      stop();
      expect(words).toEqual([]);
    });

    test("[ENG68][ENG69] options come from the nearest of engine, connection, statement and call", {}, async () => {
      await withTables(engine(), declareNotes, async (notes) => {
        const part = engine().withOptions({ data: { level: "engine", engine: 1 }, timeout: 60_000 });
        const seen: ExecutionEvent["options"][] = [];
        const stop = part.on("beforeExecute", ({ options }) => {
          seen.push(options);
        });
        await using conn = await part.connect({ data: { level: "connection", connection: 2 } });
        const statement = select(notes.c.id);
        await conn.execute(statement);
        const withOwn = statement.executionOptions({ data: { level: "statement" }, timeout: 50_000 });
        await conn.execute(withOwn);
        await conn.execute(withOwn, undefined, { data: { level: "call" }, timeout: 40_000 });
        for await (const _row of conn.stream(withOwn, undefined, { data: { level: "stream" } })) break;
        stop();
        expect(seen.map((options) => [options?.data, options?.timeout])).toEqual([
          [{ level: "connection", engine: 1, connection: 2 }, 60_000],
          [{ level: "statement", engine: 1, connection: 2 }, 50_000],
          [{ level: "call", engine: 1, connection: 2 }, 40_000],
          [{ level: "stream", engine: 1, connection: 2 }, 50_000],
        ]);
        expect(conn.executionOptions.data).toEqual({ level: "connection", engine: 1, connection: 2 });
        expect(part.executionOptions).toMatchObject({ data: { level: "engine", engine: 1 }, timeout: 60_000 });
        expect(engine().executionOptions.timeout).toBeUndefined();
      });
    });

    test("[ENG48] a connection begins by itself and is committed or rolled back as one goes", {}, async () => {
      await withTables(engine(), declareNotes, async (notes) => {
        const ids = select(notes.c.id).orderBy(notes.c.id);
        {
          await using conn = await engine().connect({ autoBegin: true });
          expect(conn.inTransaction).toBe(false);
          // Not awaited one by one: the BEGIN comes first all the same.
          await Promise.all([1, 2].map((id) => conn.execute(insert(notes).values({ id, text: "a" }))));
          expect(conn.inTransaction).toBe(true);
          await conn.rollback();
          expect(await conn.execute(ids).scalars()).toEqual([]);
          await conn.execute(insert(notes).values({ id: 3, text: "b" }));
          await conn.commit();
          expect(conn.inTransaction).toBe(false);
          await conn.commit();
          for await (const { id } of conn.stream(ids)) expect(id).toBe(3);
          expect(conn.inTransaction).toBe(true);
          await conn.execute(insert(notes).values({ id: 4, text: "left" }));
        }
        await using other = await engine().connect();
        expect(await other.execute(ids).scalars()).toEqual([3]);
      });
    });

    test("[ENG59][ENG58] one set of tables serves schemas that are chosen at execution", {
      needs: ["twoSchemas", "sessions"],
    }, async () => {
      const metadata = new MetaData();
      const items = new Table(
        "tenant_items",
        metadata,
        { id: integer().primaryKey(), name: string(20) },
        { schema: "tenant" },
      );
      const tenants = ["acme tenant", "acme_other"];
      await using admin = await engine().connect();
      for (const name of tenants) await admin.execute(sql`CREATE SCHEMA ${sql.identifier(name)}`);
      try {
        for (const name of tenants) {
          const tenant = engine().withOptions({ schemaTranslateMap: { tenant: name } });
          await metadata.createAll(tenant);
          // What is there already is seen in the tenant's schema.
          await metadata.createAll(tenant);
          expect(await (await inspect(engine())).getTableNames({ schema: name })).toEqual(["tenant_items"]);
          await tenant.begin(async (conn) => {
            expect(conn.schemaFor(items)).toBe(name);
            expect(conn.schemaFor({ schema: "else" })).toBe("else");
            await conn.execute(insert(items).values({ name }, { name: "both" }));
            await conn.execute(insert(items).values({ name: "one more" }));
          });
        }
        const before = engine().withOptions({});
        await using conn = await before.connect();
        const count = select(func.count()).selectFrom(items).where(items.c.name.in(tenants));
        for (const name of tenants) {
          const options = { schemaTranslateMap: { tenant: name } };
          expect(await conn.execute(count, undefined, options).scalar()).toBe(1);
          expect(
            await conn.execute(select(items.c.name).where(items.c.name.eq(name)), undefined, options).scalars(),
          ).toEqual([name]);
          const streamed: string[] = [];
          for await (const row of conn.stream(select(items.c.name).orderBy(items.c.id), undefined, options))
            streamed.push(row.name);
          expect(streamed).toEqual([name, "both", "one more"]);
        }
        await expect(conn.execute(count)).rejects.toThrow();
      } finally {
        for (const name of tenants) {
          await metadata.dropAll(engine().withOptions({ schemaTranslateMap: { tenant: name } }));
          await admin.execute(sql`DROP SCHEMA ${sql.identifier(name)}`);
        }
      }
    });

    test("[ENG59] a schema can be left out, and tables without one be given one by null and the empty name", {}, async () => {
      const metadata = new MetaData();
      const items = new Table("translated_items", metadata, { id: integer().primaryKey() }, { schema: "tenant" });
      const bare = engine().withOptions({ schemaTranslateMap: { tenant: null } });
      await metadata.createAll(bare);
      try {
        await using conn = await bare.connect();
        await conn.execute(insert(items).values({ id: 7 }));
        expect(await conn.execute(select(items.c.id)).scalars()).toEqual([7]);
        expect(conn.schemaFor(items)).toBeUndefined();
        await expect(
          conn.execute(select(items.c.id), undefined, { schemaTranslateMap: { tenant: "no_such_schema" } }),
        ).rejects.toThrow();
      } finally {
        await metadata.dropAll(bare);
      }
    });
  },
};
