import { DeadlockError, insert, integer, type MetaData, select, Table, update } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";
import { people } from "../store.js";

const declareSums = (metadata: MetaData) =>
  new Table("retry_sums", metadata, { id: integer().primaryKey({ autoincrement: false }), n: integer() });

/** Transactions that are repeated when the database gives them up. */
export const retryChapter: Chapter = {
  title: "retries",
  declare({ engine, test }) {
    test("of two transactions that lock each other out, the one that was given up is repeated", {
      needs: ["rowLocks", "sessions"],
      refuses: () => select(people.c.id).forUpdate(),
    }, async () => {
      await withTables(engine(), declareSums, async (sums) => {
        await engine().begin((conn) => conn.execute(insert(sums).values({ id: 1, n: 0 }, { id: 2, n: 0 })));
        let arrived = 0;
        let meet: () => void = () => undefined;
        const met = new Promise<void>((resolve) => {
          meet = resolve;
        });
        const failures: unknown[] = [];
        const move = (first: number, second: number): Promise<void> =>
          engine().begin(
            async (conn) => {
              await conn.execute(
                update(sums)
                  .set({ n: sums.c.n.add(1) })
                  .where(sums.c.id.eq(first)),
              );
              // Only the first attempts wait for each other: each holds a row by then.
              arrived += 1;
              if (arrived === 2) meet();
              await met;
              await conn.execute(
                update(sums)
                  .set({ n: sums.c.n.add(1) })
                  .where(sums.c.id.eq(second)),
              );
            },
            { retry: { onRetry: ({ error }) => failures.push(error) } },
          );
        await Promise.all([move(1, 2), move(2, 1)]);
        expect(failures).toEqual([expect.any(DeadlockError)]);
        await using conn = await engine().connect();
        expect(await conn.execute(select(sums.c.n)).scalars()).toEqual([2, 2]);
      });
    });
  },
};
