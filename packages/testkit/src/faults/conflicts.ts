import { DeadlockError, LockTimeoutError, SerializationError } from "@acme/core";
import { expect } from "vitest";
import { type FaultChapter, failureOf } from "./context.js";
import { addTo, balanceOf, countTransfers, transfer } from "./ledger.js";

/** Two transactions want the same. */
export const conflictChapter: FaultChapter = {
  title: "a conflict:",
  declare(context) {
    const { admin, test } = context;

    test("[ENG72] a deadlock: one transaction dies of it, the other commits", ["deadlocks"], async () => {
      const engine = context.engine();
      const before = await admin(countTransfers);
      const [first, second] = [await engine.connect(), await engine.connect()];
      await Promise.all([first.begin(), second.begin()]);
      await addTo(first, 1, 1n);
      await addTo(second, 2, 1n);
      const outcomes = await Promise.all(
        (
          [
            [first, 2],
            [second, 1],
          ] as const
        ).map(async ([connection, id]) => {
          const error = await failureOf(addTo(connection, id, -1n));
          if (error === undefined) {
            await addTo(connection, id === 2 ? 1 : 2, -1n);
            await addTo(connection, id, 1n);
            await connection.currentTransaction?.commit();
          } else {
            await connection.currentTransaction?.rollback();
          }
          await connection.close();
          return error;
        }),
      );
      const errors = outcomes.filter((error) => error !== undefined);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toBeInstanceOf(DeadlockError);
      expect(errors[0]).toMatchObject({ disconnected: false });
      expect(await admin(countTransfers)).toBe(before);
      expect(engine.poolStatus()).toMatchObject({ size: 2, idle: 2 });
    });

    test(
      "[ENG72] a lock that another transaction holds: the wait ends in time, and can be repeated",
      ["lockTimeouts"],
      async () => {
        const options = context.target.server === undefined ? { connection: { options: { busyTimeout: 20 } } } : {};
        const engine = context.engine(options);
        const [holder, waiter] = [await engine.connect(), await engine.connect()];
        if (context.target.server !== undefined) await waiter.executeDriverSql(context.server.shortLockTimeout);
        const holding = await holder.begin();
        await addTo(holder, 1, 1n);
        const error = await failureOf(waiter.transaction(() => transfer(waiter, 1, 2, 1n)));
        expect(error).toBeInstanceOf(LockTimeoutError);
        expect(error).toMatchObject({ disconnected: false });
        await holding.rollback();
        await waiter.transaction(() => transfer(waiter, 1, 2, 1n));
        await Promise.all([holder.close(), waiter.close()]);
      },
    );

    test(
      "[ENG72] a serialization failure: the transaction fails, and succeeds when it is repeated",
      ["serializationFailures"],
      async () => {
        const { prepareSerialization, serializationLevel } = context.target;
        const deferred = context.target.server === undefined;
        const engine = context.engine(deferred ? { connection: { options: { transaction: "deferred" } } } : {});
        const [first, second] = [await engine.connect(), await engine.connect()];
        await prepareSerialization?.(first);
        const how = serializationLevel === undefined ? {} : { isolationLevel: serializationLevel };
        const attempt = (interfere: () => Promise<void>): Promise<void> =>
          first.transaction(async () => {
            expect(await balanceOf(first, 3)).toBeDefined();
            await interfere();
            await transfer(first, 3, 4, 1n);
          }, how);
        const interfere = (): Promise<void> => second.transaction(() => transfer(second, 3, 5, 1n));
        const error = await failureOf(attempt(interfere));
        expect(error).toBeInstanceOf(SerializationError);
        expect(error).toMatchObject({ disconnected: false });
        expect(first.inTransaction).toBe(false);
        await attempt(async () => undefined);
        await Promise.all([first.close(), second.close()]);
      },
    );
  },
};
