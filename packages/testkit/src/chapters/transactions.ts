import {
  func,
  InvalidRequestError,
  type IsolationLevel,
  insert,
  integer,
  type MetaData,
  NotSupportedError,
  ResourceClosedError,
  select,
  string,
  Table,
  update,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

const declareAccounts = (metadata: MetaData) =>
  new Table("accounts", metadata, { id: integer().primaryKey({ autoincrement: false }), name: string(20) });

/** Connections, transactions, savepoints. */
export const transactionChapter: Chapter = {
  title: "transactions",
  declare({ engine, has, test }) {
    test("[ENG39] begin commits on return and gives back what the function returns", {}, async () => {
      await withTables(engine(), declareAccounts, async (accounts) => {
        const given = await engine().begin(async (inside) => {
          await inside.execute(insert(accounts).values({ id: 1, name: "a" }));
          return "given";
        });
        expect(given).toBe("given");
        await using again = await engine().connect();
        expect(await again.execute(select(accounts.c.name)).scalars()).toEqual(["a"]);
      });
    });

    test("[ENG39] begin rolls back on throw and passes the error on", {}, async () => {
      await withTables(engine(), declareAccounts, async (accounts) => {
        const failure = new TypeError("mine");
        const work = engine().begin(async (inside) => {
          await inside.execute(insert(accounts).values({ id: 1, name: "a" }));
          throw failure;
        });
        await expect(work).rejects.toBe(failure);
        await using again = await engine().connect();
        expect(await again.execute(select(func.count()).selectFrom(accounts)).scalar()).toBe(0);
      });
    });

    test("[ENG49][ENG52] a transaction is held as an object; left without commit it rolls back", {}, async () => {
      await withTables(engine(), declareAccounts, async (accounts) => {
        await using conn = await engine().connect();
        {
          await using transaction = await conn.begin();
          await conn.execute(insert(accounts).values({ id: 1, name: "a" }));
          expect(conn.inTransaction).toBe(true);
          await transaction.commit();
        }
        {
          await using _left = await conn.begin();
          await conn.execute(insert(accounts).values({ id: 2, name: "b" }));
        }
        expect(conn.inTransaction).toBe(false);
        expect(await conn.execute(select(accounts.c.id)).scalars()).toEqual([1]);
      });
    });

    test("[ENG28] the isolation level is read from the server, of the connection and of its transaction", {}, async (conn) => {
      const levels = engine().dialect.isolationLevels;
      const usual = await conn.defaultIsolationLevel();
      expect(levels).toContain(usual);
      expect(await conn.currentIsolationLevel()).toBe(usual);
      for (const isolationLevel of levels) {
        await conn.transaction(
          async () => {
            expect(await conn.currentIsolationLevel()).toBe(isolationLevel);
            expect(await conn.defaultIsolationLevel()).toBe(usual);
          },
          { isolationLevel },
        );
        expect(await conn.currentIsolationLevel()).toBe(usual);
      }
      await conn.transaction(async () => {
        expect(await conn.currentIsolationLevel()).toBe(usual);
      });
    });

    test("[ENG28] a connection tells the isolation level that it was given", {}, async () => {
      const isolationLevel = engine().dialect.isolationLevels.find(
        (level) => level !== "SERIALIZABLE",
      ) as IsolationLevel;
      await using conn = await engine().connect({ isolationLevel });
      expect(await conn.currentIsolationLevel()).toBe(isolationLevel);
      await conn.transaction(async () => {
        expect(await conn.currentIsolationLevel()).toBe(isolationLevel);
      });
      await conn.close();
      await using autocommit = await engine().connect({ isolationLevel: "AUTOCOMMIT" });
      expect(await autocommit.currentIsolationLevel()).toBe("AUTOCOMMIT");
    });

    test("[ENG29] an isolation level that the database has not is refused, and the error lists the others", {}, async (conn) => {
      const all: readonly IsolationLevel[] = [
        "READ UNCOMMITTED",
        "READ COMMITTED",
        "REPEATABLE READ",
        "SERIALIZABLE",
        "SNAPSHOT",
      ];
      const levels = engine().dialect.isolationLevels;
      const given = [...all.filter((level) => !levels.includes(level)), "CHAOS" as IsolationLevel];
      for (const isolationLevel of given) {
        const refused = conn.begin({ isolationLevel });
        await expect(refused).rejects.toThrow(NotSupportedError);
        await expect(refused).rejects.toThrow(isolationLevel);
        await expect(refused).rejects.toMatchObject({ remedy: expect.stringContaining(levels.join(", ")) });
        expect(conn.inTransaction).toBe(false);
      }
    });

    test("a read-only transaction refuses to write, commits all the same, and the next one writes", {
      needs: "readOnlyTransactions",
    }, async () => {
      await withTables(engine(), declareAccounts, async (accounts) => {
        await using conn = await engine().connect();
        const add = () => conn.execute(insert(accounts).values({ id: 1, name: "a" }));
        await expect(conn.transaction(add, { readOnly: true })).rejects.toThrow(/read-?only|read only/i);
        const count = select(func.count()).selectFrom(accounts);
        expect(await conn.transaction(() => conn.execute(count).scalar(), { readOnly: true })).toBe(0);
        await conn.transaction(add);
        await conn.transaction(() => conn.execute(update(accounts).set({ name: "b" }).where(accounts.c.id.eq(1))), {
          readOnly: false,
        });
        expect(await conn.execute(select(accounts.c.name)).scalars()).toEqual(["b"]);
      });
    });

    test("a deferrable transaction is one where there are such, and refused elsewhere", {}, async (conn) => {
      const options = { isolationLevel: "SERIALIZABLE", readOnly: true, deferrable: true } as const;
      if (has("deferrableTransactions")) {
        expect(await conn.transaction(async () => conn.currentIsolationLevel(), options)).toBe("SERIALIZABLE");
      } else {
        await expect(conn.begin(options)).rejects.toThrow(NotSupportedError);
        expect(conn.inTransaction).toBe(false);
      }
      expect(await conn.transaction(async () => 1)).toBe(1);
    });

    test("outside of a transaction each statement stands for itself", {}, async () => {
      await withTables(engine(), declareAccounts, async (accounts) => {
        await using conn = await engine().connect();
        await conn.execute(insert(accounts).values({ id: 1, name: "a" }));
        await expect(conn.execute(insert(accounts).values({ id: 1, name: "b" }))).rejects.toThrow();
        expect(await conn.execute(select(accounts.c.name)).scalars()).toEqual(["a"]);
      });
    });

    test("[ENG50] a savepoint rolls back its own work only", { needs: "savepoints" }, async () => {
      await withTables(engine(), declareAccounts, async (accounts) => {
        await using conn = await engine().connect();
        await conn.transaction(async () => {
          await conn.execute(insert(accounts).values({ id: 1, name: "a" }));
          await expect(
            conn.transaction(async () => {
              await conn.execute(insert(accounts).values({ id: 2, name: "b" }));
              throw new TypeError("inner");
            }),
          ).rejects.toThrow("inner");
          await conn.transaction(async () => {
            await conn.execute(insert(accounts).values({ id: 3, name: "c" }));
          });
        });
        expect(await conn.execute(select(accounts.c.id).orderBy(accounts.c.id)).scalars()).toEqual([1, 3]);
      });
    });

    test("[ENG50] a failed statement inside a savepoint leaves the transaction usable", {
      needs: "savepoints",
    }, async () => {
      await withTables(engine(), declareAccounts, async (accounts) => {
        await using conn = await engine().connect();
        await conn.transaction(async () => {
          await conn.execute(insert(accounts).values({ id: 1, name: "a" }));
          await using nested = await conn.beginNested();
          await expect(conn.execute(insert(accounts).values({ id: 1, name: "b" }))).rejects.toThrow();
          await nested.rollback();
          await conn.execute(insert(accounts).values({ id: 2, name: "c" }));
        });
        expect(await conn.execute(select(accounts.c.name).orderBy(accounts.c.id)).scalars()).toEqual(["a", "c"]);
      });
    });

    test("a second begin on one connection is refused and names the savepoint", {}, async (conn) => {
      await using _open = await conn.begin();
      await expect(async () => conn.begin()).rejects.toThrow(InvalidRequestError);
      await expect(async () => conn.begin()).rejects.toThrow(/beginNested/);
    });

    test("closing a connection rolls back, and a closed one refuses to execute", {}, async () => {
      await withTables(engine(), declareAccounts, async (accounts) => {
        await using conn = await engine().connect();
        await conn.begin();
        await conn.execute(insert(accounts).values({ id: 1, name: "a" }));
        await conn.close();
        await expect(async () => conn.execute(select(accounts.c.id))).rejects.toThrow(ResourceClosedError);
        await using again = await engine().connect();
        expect(await again.execute(select(func.count()).selectFrom(accounts)).scalar()).toBe(0);
      });
    });

    test("executions on one connection run in the order of their calls", {}, async () => {
      await withTables(engine(), declareAccounts, async (accounts) => {
        await using conn = await engine().connect();
        await Promise.all([3, 1, 2].map((id) => conn.execute(insert(accounts).values({ id, name: `n${id}` }))));
        expect(await conn.execute(select(func.count()).selectFrom(accounts)).scalar()).toBe(3);
      });
    });
  },
};
