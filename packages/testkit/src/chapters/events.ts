import {
  type Connection,
  createEngine,
  Engine,
  type EngineOptions,
  func,
  insert,
  integer,
  literal,
  MetaData,
  select,
  sql,
  string,
  Table,
  UniqueViolationError,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";
import { people } from "../store.js";

const { id, name } = people.c;

const declareNotes = (metadata: MetaData) =>
  new Table("notes", metadata, { id: integer().primaryKey({ autoincrement: false }), body: string(50) });

/** Another engine on the same database; for an embedded one that lives in memory it is an empty one. */
function another(engine: Engine, options: EngineOptions = {}): Engine {
  return createEngine({ ...(engine.url === undefined ? {} : { url: engine.url }), driver: engine.driver, ...options });
}

async function names(conn: Connection): Promise<string[]> {
  return conn.execute(select(name).orderBy(id)).scalars();
}

/** Listening to what engine, connection, pool and schema do. */
export const eventChapter: Chapter = {
  title: "events",
  declare({ engine, test }) {
    test("[EVT6] beforeExecute rewrites text and values; afterExecute tells what was sent and what came", {}, async (conn) => {
      const told: unknown[] = [];
      const stops = [
        conn.on("beforeExecute", ({ sql: text, parameters }) => ({
          sql: `${text} `,
          parameters: parameters.map((value) => (value === "bob" ? "carol" : value)),
        })),
        conn.on("afterExecute", ({ execution, rowCount, durationMs }) =>
          told.push(execution.sql.endsWith(" "), rowCount, durationMs >= 0),
        ),
      ];
      expect(await conn.execute(select(id).where(name.eq("bob"))).scalars()).toEqual([3]);
      expect(told).toEqual([true, 1, true]);
      for (const stop of stops) stop();
      expect(await conn.execute(select(id).where(name.eq("bob"))).scalars()).toEqual([2]);
    });

    test("[EVT5] beforeStatement changes the construct", {}, async (conn) => {
      conn.on("beforeStatement", () => ({ statement: select(name).where(id.eq(4)) }), { once: true });
      expect(await conn.execute(select(name).where(id.eq(1))).scalar()).toBe("dave");
      expect(await conn.execute(select(name).where(id.eq(1))).scalar()).toBe("alice");
    });

    test("[EVT8] transactions and savepoints are told in order", { needs: "savepoints" }, async (conn) => {
      const heard: string[] = [];
      const all = ["begin", "commit", "rollback", "savepoint", "releaseSavepoint", "rollbackSavepoint"] as const;
      for (const each of all) conn.on(each, () => heard.push(each));
      await conn.transaction(async () => {
        await conn.transaction(async () => undefined);
        await conn.transaction(() => Promise.reject(new RangeError("no"))).catch(() => undefined);
      });
      await conn.transaction(() => Promise.reject(new RangeError("no"))).catch(() => undefined);
      expect(heard).toEqual([
        ...["begin", "savepoint", "releaseSavepoint", "savepoint", "rollbackSavepoint", "commit"],
        ...["begin", "rollback"],
      ]);
    });

    test("[EVT11] handleError translates an error of the database", {}, async () => {
      await withTables(engine(), declareNotes, async (notes) => {
        await using conn = await engine().connect();
        class Taken extends Error {}
        conn.on("handleError", ({ error, originalError }) =>
          error instanceof UniqueViolationError ? { error: new Taken("taken", { cause: originalError }) } : undefined,
        );
        await conn.execute(insert(notes).values({ id: 1, body: "a" }));
        await expect(conn.execute(insert(notes).values({ id: 1, body: "b" }))).rejects.toThrow(Taken);
        expect(await conn.execute(select(notes.c.body)).scalars()).toEqual(["a"]);
      });
    });

    test("[EVT12][ENG19] doConnect gives the options; doExecute and doExecuteMany take the driver's place", {}, async () => {
      await using own = another(engine());
      const heard: unknown[] = [];
      own.on("doConnect", async ({ driver, options }) => {
        await Promise.resolve();
        heard.push(driver.name);
        return { options: { ...options } };
      });
      own.on("connect", () => heard.push("connect"));
      own.on("doConnect", async ({ driver, options }) => ({ connection: await driver.connect(options) }));
      await using conn = await own.connect();
      expect(await conn.execute(select(literal(1))).scalar()).toBe(1);
      expect(heard).toEqual([engine().driver.name, "connect"]);
      const stop = conn.on("doExecute", ({ execution }) => ({
        result: { columns: ["n"], rows: [[execution.parameters.length + 40]], rowCount: 1 },
      }));
      expect(await conn.execute(sql`SELECT ${1} + ${2} AS n`.columns({ n: integer() })).scalar()).toBe(42);
      stop();
      expect(await conn.execute(select(literal(5))).scalar()).toBe(5);
    });

    test("[EVT14] a listener that throws leaves connection and pool in order, and no transaction half-done", {}, async () => {
      await withTables(engine(), declareNotes, async (notes) => {
        for (const when of ["beforeExecute", "afterExecute", "commit"] as const) {
          const stop = engine().on(when, () => {
            throw new RangeError("hook");
          });
          const work = engine().begin((conn) => conn.execute(insert(notes).values({ id: 1, body: when })));
          await expect(work).rejects.toThrow("hook");
          stop();
          expect(engine().poolStatus().used).toBe(0);
          await using conn = await engine().connect();
          expect(conn.inTransaction).toBe(false);
          expect(await conn.execute(select(func.count()).selectFrom(notes)).scalar()).toBe(0);
        }
        const stop = engine().on("rollback", () => {
          throw new RangeError("hook");
        });
        const work = engine().begin(async (conn) => {
          await conn.execute(insert(notes).values({ id: 1, body: "x" }));
          throw new TypeError("mine");
        });
        await expect(work).rejects.toThrow("mine");
        stop();
        await using conn = await engine().connect();
        expect(await conn.execute(select(func.count()).selectFrom(notes)).scalar()).toBe(0);
      });
    });

    test("[EVT15] the life of a pooled connection is told in order", {}, async () => {
      await using own = another(engine());
      const heard: string[] = [];
      const all = ["connect", "firstConnect", "checkout", "reset", "checkin", "invalidate", "close", "detach"] as const;
      for (const each of all) own.on(each, () => heard.push(each));
      own.on("softInvalidate", () => heard.push("softInvalidate"));
      own.on("closeDetached", () => heard.push("closeDetached"));
      own.on("reset", async ({ connection }) => {
        await connection.ping();
      });
      await (await own.connect()).close();
      const soft = await own.connect();
      soft.invalidate(undefined, { soft: true });
      expect(await soft.execute(select(literal(1))).scalar()).toBe(1);
      await soft.close();
      const kept = await own.connect();
      kept.detach();
      expect(await kept.execute(select(literal(2))).scalar()).toBe(2);
      await kept.close();
      expect(heard).toEqual([
        ...["connect", "firstConnect", "checkout", "reset", "checkin"],
        ...["checkout", "softInvalidate", "invalidate", "close"],
        ...["connect", "checkout", "detach", "closeDetached"],
      ]);
    });

    test("[EVT4][EVT7] all engines are heard by one listener; engineConnect prepares what is lent", {}, async () => {
      const heard: unknown[] = [];
      const stop = Engine.on("engineConnect", async ({ connection }) => {
        heard.push(await connection.execute(select(literal(7))).scalar());
      });
      await using own = another(engine());
      await (await own.connect()).close();
      await engine().begin(async () => undefined);
      stop();
      await engine().begin(async () => undefined);
      expect(heard).toEqual([7, 7]);
    });

    test("[EVT16] listeners run SQL around the creating and dropping of tables", {}, async () => {
      const metadata = new MetaData();
      const notes = declareNotes(metadata);
      const heard: string[] = [];
      notes.on("afterCreate", ({ connection }) => connection.execute(insert(notes).values({ id: 1, body: "seed" })));
      metadata.on("beforeDrop", async ({ connection, tables }) => {
        heard.push(`${tables.length}`, JSON.stringify(await connection.query("SELECT body FROM notes")).toLowerCase());
      });
      await metadata.createAll(engine());
      await metadata.createAll(engine());
      await metadata.dropAll(engine());
      expect(heard).toEqual(["1", '[{"body":"seed"}]']);
    });

    test("[EVT18] columnReflect renames and retypes what the database has", {}, async () => {
      await withTables(engine(), declareNotes, async () => {
        const metadata = new MetaData();
        metadata.on("columnReflect", ({ column }) =>
          column.name.toLowerCase() === "body" ? { key: "text", type: string(7) } : undefined,
        );
        const table = await Table.reflect("notes", metadata, engine());
        expect(table.columns.map((column) => [column.key, column.name.toLowerCase()])).toEqual([
          ["id", "id"],
          ["text", "body"],
        ]);
        expect(String(table.column("text").type)).toBe("string(7)");
      });
    });

    test("SQL comments reach the database and change nothing", {}, async () => {
      await using constant = another(engine(), { sqlComment: { application: "it's a *shop*/?", route: ":a $1" } });
      let turn = 0;
      await using changing = another(engine(), {
        sqlComment: () => {
          turn += 1;
          return { turn, traceparent: "00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01" };
        },
      });
      for (const own of [constant, changing]) {
        const sent: string[] = [];
        own.on("afterExecute", ({ execution }) => sent.push(execution.sql));
        await withTables(own, declareNotes, async (notes) => {
          await using conn = await own.connect();
          await conn.execute(insert(notes).values({ id: 1, body: "a" }));
          await conn.execute(insert(notes).valuesList([2, 3].map((key) => ({ id: key, body: "b" }))));
          for (let i = 0; i < 3; i++)
            expect(await conn.execute(select(notes.c.body).where(notes.c.id.eq(1))).scalars()).toEqual(["a"]);
          expect(
            await conn
              .stream(select(notes.c.id).where(notes.c.id.gt(1)))
              .scalars()
              .next(),
          ).toMatchObject({
            value: expect.any(Number),
          });
        });
        expect(sent.filter((text) => text.endsWith("'*/")).length).toBeGreaterThanOrEqual(6);
      }
      expect(turn).toBeGreaterThanOrEqual(6);
    });

    test("what no listener hears is as before", {}, async (conn) => {
      expect(await names(conn)).toEqual(["alice", "bob", "carol", "dave"]);
    });
  },
};
