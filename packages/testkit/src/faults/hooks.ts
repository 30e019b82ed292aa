import type { Engine } from "@acme/core";
import { expect } from "vitest";
import { type FaultChapter, failureOf } from "./context.js";
import { balanceOf, countTransfers, manyRows, transfer } from "./ledger.js";

/** A program's own listener throws. */
export const hookChapter: FaultChapter = {
  title: "a listener that throws",
  declare(context) {
    const { admin, test } = context;
    const cause = new RangeError("thrown by a listener");
    const fail = (): never => {
      throw cause;
    };

    test("[EVT14] on connect: nobody gets the connection, the next attempt is another", [], async () => {
      const engine = context.engine();
      const stop = engine.on("connect", fail);
      const error = await failureOf(engine.connect());
      expect(error).toMatchObject({ cause });
      expect(engine.poolStatus()).toMatchObject({ size: 0, creating: 0 });
      stop();
      expect(await engine.begin((connection) => balanceOf(connection, 1))).toBeDefined();
    });

    for (const event of ["beforeExecute", "afterExecute", "commit"] as const) {
      test(
        `[EVT14] on ${event}: the transaction is rolled back, and the caller hears what was thrown`,
        [],
        async () => {
          const engine = context.engine();
          const before = await admin(countTransfers);
          const stops: (() => void)[] = [];
          const error = await failureOf(
            engine.begin(async (connection) => {
              await transfer(connection, 1, 2, 3n);
              stops.push(engine.on(event, fail));
              await transfer(connection, 2, 3, 3n);
            }),
          );
          for (const stop of stops) stop();
          expect(error).toBe(cause);
          await isUnharmed(engine);
          expect(await admin(countTransfers)).toBe(before);
        },
      );
    }

    test("[EVT14] on begin: no transaction stays open", [], async () => {
      const engine = context.engine();
      const stop = engine.on("begin", fail);
      expect(await failureOf(engine.begin(async () => undefined))).toBe(cause);
      stop();
      await isUnharmed(engine);
    });

    test("[EVT14] on rollback: the caller hears why there was a rollback, and it was done", [], async () => {
      const engine = context.engine();
      const before = await admin(countTransfers);
      const stop = engine.on("rollback", fail);
      const why = new TypeError("the reason");
      const error = await failureOf(
        engine.begin(async (connection) => {
          await transfer(connection, 1, 2, 3n);
          throw why;
        }),
      );
      stop();
      expect(error).toBe(why);
      expect(await admin(countTransfers)).toBe(before);
    });

    test("[EVT14] on beforeExecute of a stream: reading fails with it, the connection is free", [], async () => {
      const engine = context.engine();
      await using connection = await engine.connect();
      const stop = engine.on("beforeExecute", fail);
      const read = async (): Promise<void> => {
        for await (const _row of connection.stream(manyRows)) break;
      };
      expect(await failureOf(read())).toBe(cause);
      stop();
      expect(await balanceOf(connection, 1)).toBeDefined();
    });

    async function isUnharmed(engine: Engine): Promise<void> {
      expect(engine.poolStatus()).toMatchObject({ used: 0, pending: 0 });
      await engine.begin(async (connection) => {
        expect(await balanceOf(connection, 1)).toBeDefined();
      });
    }
  },
};
