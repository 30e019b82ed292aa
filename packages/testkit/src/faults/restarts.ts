import {
  ConnectError,
  type Connection,
  ConnectionLostError,
  type Engine,
  LockTimeoutError,
  PoolTimeoutError,
} from "@acme/core";
import type { TwoPhaseDriver } from "@acme/core/dialect";
import { expect } from "vitest";
import { type FaultChapter, failureOf, uniqueName, until } from "./context.js";
import { audit, openLedger, transfer } from "./ledger.js";

const WORKERS = 64;
const ACCOUNTS = 16;

/** The server is restarted. */
export const restartChapter: FaultChapter = {
  title: "a server that crashes and comes back",
  declare(context) {
    const { target, test } = context;
    test(
      `[POOL16] under ${WORKERS} workers: all go on, and no money appears or vanishes`,
      ["restarts"],
      async (leaveOut) => {
        const server = await context.ownServer();
        if (typeof server === "string") return leaveOut(server);
        await using engine = target.createEngine(server.url, { pool: { max: 10, acquireTimeout: 30_000 } });
        await openLedger(engine, ACCOUNTS);
        const tally = { done: 0, unknown: 0, lost: 0 };
        let stop = false;
        const workers = Array.from({ length: WORKERS }, (_, index) => work(engine, index, tally, () => stop));
        try {
          for (let restart = 0; restart < 1; restart++) {
            const { done, lost } = tally;
            await until("the workers are at work", () => tally.done >= done + WORKERS);
            await server.restart();
            await until(
              "the workers have heard of it and work again",
              () => tally.lost > lost && tally.done >= done + 3 * WORKERS,
            );
          }
        } finally {
          stop = true;
        }
        await Promise.all(workers);
        const found = await engine.begin(audit);
        expect(found.faults).toEqual([]);
        // What was told to be committed is there; of what was called unknown each may be.
        expect(found.transfers).toBeGreaterThanOrEqual(tally.done);
        expect(found.transfers).toBeLessThanOrEqual(tally.done + tally.unknown);
        expect(engine.poolStatus()).toMatchObject({ used: 0, pending: 0, creating: 0 });
        expect(engine.poolStatus().size).toBeLessThanOrEqual(10);
      },
    );

    test(
      "between the phases of two-phase commits: what was prepared is found, keeps its locks, and ends either way",
      ["restarts", "twoPhase"],
      async (leaveOut) => {
        const server = await context.ownServer();
        if (typeof server === "string") return leaveOut(server);
        await using engine = target.createEngine(server.url, { pool: { max: 4, prePing: true } });
        await openLedger(engine, ACCOUNTS);
        const before = await engine.begin(audit);
        const ids = [uniqueName(), uniqueName(), uniqueName()] as const;
        for (const [index, id] of ids.entries()) {
          await using connection = await engine.connect();
          const twoPhase = twoPhaseOf(connection);
          await twoPhase.begin(id, {});
          await transfer(connection, 2 * index + 1, 2 * index + 2, 5n);
          // The last one is left unprepared: nothing of it survives.
          if (index < 2) await twoPhase.prepare(id);
          else connection.invalidate();
        }
        await server.restart();
        await using connection = await settled(() => engine.connect());
        const twoPhase = twoPhaseOf(connection);
        expect([...(await twoPhase.recover())].sort()).toEqual([ids[0], ids[1]].sort());
        expect((await engine.begin(audit)).transfers).toBe(before.transfers);
        await using waiter = await engine.connect();
        await waiter.executeDriverSql(context.server.shortLockTimeout);
        expect(await failureOf(waiter.transaction(() => transfer(waiter, 1, 2, 1n)))).toBeInstanceOf(LockTimeoutError);
        await twoPhase.commit(ids[0], true);
        await twoPhase.rollback(ids[1], true);
        expect(await twoPhase.recover()).toEqual([]);
        await waiter.transaction(() => transfer(waiter, 1, 2, 1n));
        const after = await engine.begin(audit);
        expect(after.faults).toEqual([]);
        expect(after.transfers).toBe(before.transfers + 2);
      },
    );
  },
};

/** Moves money until it is told to stop; what the crash costs is repeated, unless it may have been committed. */
async function work(
  engine: Engine,
  index: number,
  tally: { done: number; unknown: number; lost: number },
  stopped: () => boolean,
): Promise<void> {
  // Always from a lower account to a higher one: no deadlocks, which are another test's subject.
  const source = 1 + (index % (ACCOUNTS - 1));
  while (!stopped()) {
    try {
      await engine.begin((connection) => transfer(connection, source, ACCOUNTS, 1n));
      tally.done += 1;
    } catch (error) {
      const expected =
        error instanceof ConnectionLostError || error instanceof ConnectError || error instanceof PoolTimeoutError;
      if (!expected) throw error;
      tally.lost += 1;
      if (error.code === "COMMIT_OUTCOME_UNKNOWN") tally.unknown += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function twoPhaseOf(connection: Connection): TwoPhaseDriver {
  const { twoPhase } = connection.driverConnection;
  if (twoPhase === undefined) throw new TypeError("the driver has no two-phase commit");
  return twoPhase;
}

/** The first connection after a crash: one that the pool still holds may turn out to be lost. */
async function settled<T>(connect: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
    }
  }
}
