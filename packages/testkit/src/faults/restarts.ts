import { ConnectError, ConnectionLostError, type Engine, PoolTimeoutError } from "@acme/core";
import { expect } from "vitest";
import { type FaultChapter, until } from "./context.js";
import { audit, openLedger, transfer } from "./ledger.js";

const WORKERS = 64;
const ACCOUNTS = 16;

/** The server is restarted. */
export const restartChapter: FaultChapter = {
  title: "a server that crashes and comes back",
  declare({ target, test }) {
    test(
      `[POOL16] under ${WORKERS} workers: all go on, and no money appears or vanishes`,
      ["restarts"],
      async (leaveOut) => {
        const server = await target.ownServer?.().catch((error: unknown) => String(error));
        if (server === undefined || typeof server === "string") return leaveOut(`no server of its own: ${server}`);
        try {
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
        } finally {
          await server.stop();
        }
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
