import { CancelledError, ConnectError, PoolTimeoutError, parseUrl, StatementTimeoutError } from "@acme/core";
import { expect } from "vitest";
import { type FaultChapter, failureOf, uniqueName } from "./context.js";
import { balanceOf, manyRows, transfer } from "./ledger.js";

/** Too much is asked for, or it takes too long. */
export const limitChapter: FaultChapter = {
  title: "a limit:",
  declare(context) {
    const { test } = context;

    test("[POOL10] the pool's: whoever waits too long is told, and the next is served", [], async () => {
      const engine = context.engine({ pool: { max: 1 } });
      const held = await engine.connect();
      const error = await failureOf(engine.connect({ acquireTimeout: 30 }));
      expect(error).toBeInstanceOf(PoolTimeoutError);
      expect(error).toMatchObject({ code: "POOL_TIMEOUT" });
      const waiting = engine.begin((connection) => balanceOf(connection, 1));
      await held.close();
      expect(await waiting).toBeDefined();
    });

    test(
      "the pool's queue: more callers than it takes are refused at once, those in it are served in order",
      [],
      async () => {
        const engine = context.engine({ pool: { max: 1, maxQueue: 2 } });
        const held = await engine.connect();
        const served: number[] = [];
        const queue = [1, 2].map((n) => engine.begin(async () => void served.push(n)));
        expect(await failureOf(engine.connect())).toMatchObject({ code: "POOL_QUEUE_FULL" });
        await held.close();
        await Promise.all(queue);
        expect(served).toEqual([1, 2]);
      },
    );

    test("the caller's patience: a wait that he gives up leaves the queue", [], async () => {
      const engine = context.engine({ pool: { max: 1 } });
      const held = await engine.connect();
      const controller = new AbortController();
      const waiting = failureOf(engine.connect({ signal: controller.signal }));
      controller.abort(new RangeError("enough"));
      expect(await waiting).toMatchObject({ code: "CANCELLED", cause: { message: "enough" } });
      expect(await waiting).toBeInstanceOf(CancelledError);
      expect(engine.poolStatus().pending).toBe(0);
      await held.close();
    });

    test(
      "a statement's time: the server stops it, and the connection goes on",
      ["sessions", "statementTimeout"],
      async () => {
        const engine = context.engine();
        await using connection = await engine.connect();
        const session = await context.sessionOf(connection);
        const error = await failureOf(connection.executeDriverSql(context.server.sleep(60), [], { timeout: 30 }).all());
        expect(error).toBeInstanceOf(StatementTimeoutError);
        expect(error).toMatchObject({ disconnected: false, statement: context.server.sleep(60) });
        await context.executing(session, false);
        expect(await context.sessionOf(connection)).toBe(session);
      },
    );

    test(
      "a statement's time in a transaction: what was done before it can be rolled back",
      ["statementTimeout"],
      async () => {
        const engine = context.engine();
        const error = await failureOf(
          engine.begin(async (connection) => {
            await transfer(connection, 1, 2, 3n);
            await connection.executeDriverSql(context.server.sleep(60), [], { timeout: 30 });
          }),
        );
        expect(error).toBeInstanceOf(StatementTimeoutError);
        expect(engine.poolStatus()).toMatchObject({ size: 1, idle: 1 });
      },
    );

    test("the caller's signal while the server works", ["sessions", "statementTimeout"], async () => {
      const engine = context.engine();
      await using connection = await engine.connect();
      const session = await context.sessionOf(connection);
      const controller = new AbortController();
      const failed = failureOf(
        connection.executeDriverSql(context.server.sleep(60), [], { signal: controller.signal }).all(),
      );
      await context.executing(session, true);
      controller.abort();
      expect(await failed).toBeInstanceOf(CancelledError);
      await context.executing(session, false);
      expect(await context.sessionOf(connection)).toBe(session);
    });

    test("the caller's signal in the middle of a stream: the connection is free and good afterwards", [], async () => {
      const engine = context.engine();
      await using connection = await engine.connect();
      const controller = new AbortController();
      let rows = 0;
      const read = async (): Promise<void> => {
        for await (const _row of connection.stream(manyRows, undefined, { signal: controller.signal, batchSize: 10 })) {
          if (++rows === 25) controller.abort();
        }
      };
      expect(await failureOf(read())).toBeInstanceOf(CancelledError);
      expect(rows).toBeLessThan(1000);
      expect(connection.invalidated).toBe(false);
      expect(await balanceOf(connection, 1)).toBeDefined();
    });

    test("a stream that is left in the middle of a transaction leaves the transaction whole", [], async () => {
      const engine = context.engine();
      await engine.begin(async (connection) => {
        await transfer(connection, 1, 2, 3n);
        for await (const _row of connection.stream(manyRows, undefined, { batchSize: 10 })) break;
        await transfer(connection, 2, 3, 3n);
      });
    });

    test(
      "the server's on connections: the attempt fails as such, those who have one are not disturbed",
      ["connectionLimit"],
      async () => {
        const { server } = context;
        const name = uniqueName();
        const says = async (texts: readonly string[] | undefined): Promise<void> => {
          for (const text of texts ?? []) {
            await context.admin(async (connection) => void (await connection.executeDriverSql(text)));
          }
        };
        await says(server.limitedUser?.(name, "Acme_test_1", 2));
        try {
          const url = parseUrl(context.url()).with({ username: name, password: "Acme_test_1" });
          await using engine = context.target.createEngine(url.render({ hidePassword: false }), { pool: { max: 5 } });
          const held = [await engine.connect(), await engine.connect()];
          const error = await failureOf(engine.connect());
          expect(error).toBeInstanceOf(ConnectError);
          for (const connection of held) expect(await context.sessionOf(connection)).toBeGreaterThan(0);
          expect(engine.poolStatus()).toMatchObject({ size: 2, creating: 0, pending: 0 });
          await Promise.all(held.map((connection) => connection.close()));
          await using next = await engine.connect();
          expect(await context.sessionOf(next)).toBeGreaterThan(0);
        } finally {
          await says(server.dropUser?.(name));
        }
      },
    );
  },
};
