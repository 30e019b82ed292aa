import { describe, expect, test } from "vitest";
import {
  CompileError,
  integer,
  MetaData,
  PoolTimeoutError,
  ResourceClosedError,
  select,
  sql,
  Table,
} from "../index.js";
import { fakeEngine } from "./test-driver.js";

const metadata = new MetaData();
const a = new Table("a", metadata, { id: integer().primaryKey() });
const b = new Table("b", metadata, { id: integer().primaryKey() });
const product = select(a.c.id, b.c.id.label("other"));

describe("what an engine is told", () => {
  test("[ENG34] of products that no condition connects: a warning, an error, or nothing", async () => {
    const warnings: string[] = [];
    const heard = (warning: Error): void => void warnings.push(`${warning.name}: ${warning.message}`);
    process.on("warning", heard);
    const run = async (lint?: "warn" | "error" | false): Promise<void> => {
      await using conn = await fakeEngine(lint === undefined ? {} : { lint }).engine.connect();
      await conn.execute(product);
      await conn.execute(product.where(a.c.id.eq(b.c.id)));
      await new Promise((resolve) => setImmediate(resolve));
    };
    try {
      await run(false);
      expect(warnings).toEqual([]);
      await run();
      expect(warnings.splice(0)).toEqual([expect.stringMatching(/^CartesianProductWarning: .*\ba\b.*\bb\b/s)]);
      await run("warn");
      expect(warnings.splice(0)).toHaveLength(1);
      await expect(run("error")).rejects.toThrow(CompileError);
      await expect(run("error")).rejects.toMatchObject({ code: "CARTESIAN_PRODUCT" });
    } finally {
      process.off("warning", heard);
    }
  });

  test("[ENG37] of its pool: sizes, and how long to wait", async () => {
    const { engine, driver } = fakeEngine({ pool: { max: 1, overflow: 1, acquireTimeout: 5, order: "fifo" } });
    expect(engine.poolStatus()).toMatchObject({ max: 1, limit: 2 });
    await using _first = await engine.connect();
    await using _second = await engine.connect();
    await expect(engine.connect()).rejects.toThrow(PoolTimeoutError);
    expect(driver.connections).toHaveLength(2);
    const without = fakeEngine({ pool: false });
    for (let n = 0; n < 2; n++) await (await without.engine.connect()).close();
    expect(without.driver.connections).toHaveLength(2);
  });

  test("[ENG37] of its log: statements, rows, its pool, its name", async () => {
    const lines = async (options: Parameters<typeof fakeEngine>[0]): Promise<readonly string[]> => {
      const found: string[] = [];
      const script = () => ({ columns: ["n"], rows: [[7]] });
      const { engine } = fakeEngine({ script, echoTo: (line) => found.push(line), ...options });
      {
        await using conn = await engine.connect();
        await conn.execute(sql`SELECT 7 AS n`);
      }
      return found;
    };
    expect(await lines({})).toEqual([]);
    const figures = expect.stringContaining("1 row, ");
    expect(await lines({ echo: true, name: "shop" })).toEqual(["[shop] SELECT 7 AS n", figures]);
    expect(await lines({ echo: "debug" })).toEqual(["SELECT 7 AS n", figures, "  -> 7"]);
    expect(await lines({ echoPool: true, name: "shop" })).toEqual(["[shop] connection 1 opened"]);
    expect(await lines({ echoPool: "debug" })).toEqual(
      expect.arrayContaining(["connection 1 lent", "connection 1 returned"]),
    );
  });
});

describe("what a connection or a transaction says that is asked for what its state forbids", () => {
  const refused = async (work: Promise<unknown>): Promise<string> => {
    const error = (await work.then(
      () => undefined,
      (cause: unknown) => cause,
    )) as { readonly code?: string; readonly remedy?: string } | undefined;
    expect(error?.remedy).toMatch(/\w/);
    return String(error?.code);
  };

  test("[ENG78] names the state and the way out of it", async () => {
    const { engine } = fakeEngine();
    const conn = await engine.connect();
    expect(await refused(conn.beginNested())).toBe("NO_TRANSACTION");
    const outer = await conn.begin();
    expect(await refused(conn.begin())).toBe("TRANSACTION_OPEN");
    const inner = await conn.beginNested();
    expect(await refused(outer.commit())).toBe("NESTED_TRANSACTION_OPEN");
    await inner.rollback();
    await outer.commit();
    expect(await refused(outer.commit())).toBe("TRANSACTION_ENDED");
    const rows = conn.stream(select(a.c.id))[Symbol.asyncIterator]();
    await rows.next();
    await rows.return?.(undefined);
    conn.invalidate();
    expect(await refused(conn.execute(select(a.c.id)).all())).toBe("CONNECTION_INVALIDATED");
    await conn.close();
    await expect(conn.execute(select(a.c.id)).all()).rejects.toThrow(ResourceClosedError);
    await engine.dispose();
    expect(await refused(engine.connect())).toBe("ENGINE_DISPOSED");
  });
});
