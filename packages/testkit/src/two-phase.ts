import { type Engine, insert, integer, MetaData, select, Table } from "@acme/core";
import { describe, expect, test } from "vitest";

/**
 * Declares the tests of two-phase transactions for an engine: apart from the conformance suite, because PostgreSQL refuses them
 * unless its server is configured for them.
 */
export function twoPhaseTests(engine: () => Engine): void {
  const rows = new Table("two_phase_rows", new MetaData(), { id: integer().primaryKey({ autoincrement: false }) });
  const ids = async (): Promise<readonly number[]> => {
    await using conn = await engine().connect();
    return conn.execute(select(rows.c.id).orderBy(rows.c.id)).scalars();
  };
  const within = async (work: () => Promise<void>): Promise<void> => {
    await rows.create(engine());
    try {
      await work();
    } finally {
      await rows.drop(engine());
    }
  };
  const unique = (): string => `it's ${crypto.randomUUID().slice(0, 12)}`;

  describe("two-phase transactions", () => {
    test("[ENG51][EVT9] are prepared, then committed or rolled back, and listeners hear each step", async () => {
      await within(async () => {
        await using conn = await engine().connect();
        const heard: string[] = [];
        for (const name of ["beginTwoPhase", "prepareTwoPhase", "commitTwoPhase", "rollbackTwoPhase"] as const)
          conn.on(name, ({ xid, prepared }) => {
            heard.push(`${name} ${xid === one ? "one" : "two"} ${prepared ?? ""}`.trim());
          });
        const one = unique();
        const first = await conn.twoPhase.begin(one);
        await conn.execute(insert(rows).values({ id: 1 }));
        await first.prepare();
        expect([first.prepared, first.xid, conn.inTransaction]).toEqual([true, one, true]);
        await expect(conn.execute(select(rows.c.id))).rejects.toMatchObject({ code: "TRANSACTION_PREPARED" });
        await first.commit();
        const second = await conn.twoPhase.begin(unique());
        await conn.execute(insert(rows).values({ id: 2 }));
        await second.prepare();
        await second.rollback();
        expect(await ids()).toEqual([1]);
        expect(heard).toEqual([
          "beginTwoPhase one",
          "prepareTwoPhase one",
          "commitTwoPhase one true",
          "beginTwoPhase two",
          "prepareTwoPhase two",
          "rollbackTwoPhase two true",
        ]);
      });
    });

    test("[ENG51] end in one phase when nobody prepares them, and roll back when they are left", async () => {
      await within(async () => {
        await using conn = await engine().connect();
        const whole = await conn.twoPhase.begin();
        await conn.execute(insert(rows).values({ id: 1 }));
        await conn.transaction(() => conn.execute(insert(rows).values({ id: 2 })));
        await whole.commit();
        {
          await using _left = await conn.twoPhase.begin();
          await conn.execute(insert(rows).values({ id: 3 }));
        }
        {
          await using prepared = await conn.twoPhase.begin();
          await conn.execute(insert(rows).values({ id: 4 }));
          await prepared.prepare();
        }
        expect(await ids()).toEqual([1, 2]);
      });
    });

    test("[ENG51] outlive the connection, are found again and ended by others", async () => {
      await within(async () => {
        const kept = unique();
        const dropped = unique();
        for (const [xid, id] of [
          [kept, 1],
          [dropped, 2],
        ] as const) {
          await using conn = await engine().connect();
          const transaction = await conn.twoPhase.begin(xid);
          await conn.execute(insert(rows).values({ id }));
          await transaction.prepare();
          await transaction.handOver();
        }
        await using conn = await engine().connect();
        expect(await conn.twoPhase.recover()).toEqual(expect.arrayContaining([kept, dropped]));
        // The server may still be busy with the end of the connection that the transaction was begun on.
        const eventually = async (work: () => Promise<void>): Promise<void> => {
          for (let i = 0; i < 50; i++) {
            try {
              return await work();
            } catch (error) {
              if (i === 49) throw error;
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
          }
        };
        await eventually(() => conn.twoPhase.commit(kept));
        await eventually(() => conn.twoPhase.rollback(dropped));
        expect(await ids()).toEqual([1]);
        const left = await conn.twoPhase.recover();
        expect([left.includes(kept), left.includes(dropped)]).toEqual([false, false]);
      });
    });

    test("are refused what makes no sense", async () => {
      await using conn = await engine().connect();
      await using open = await conn.twoPhase.begin();
      await expect(conn.twoPhase.begin()).rejects.toMatchObject({ code: "TRANSACTION_OPEN" });
      await expect(conn.begin()).rejects.toMatchObject({ code: "TRANSACTION_OPEN" });
      await expect(open.handOver()).rejects.toMatchObject({ code: "NOT_PREPARED" });
      await open.rollback();
      await expect(open.prepare()).rejects.toMatchObject({ code: "TRANSACTION_ENDED" });
    });
  });
}
