import { boolean, double, insert, integer, MetaData, param, string, Table, update } from "@acme/core";
import * as tedious from "tedious";
import { describe, expect, test } from "vitest";
import "../index.js";
import { TypedValue } from "../typed-value.js";
import { commonParameters } from "./prepared.js";
import { type Scripted, scripted } from "./test-server.js";

const things = new Table("things", new MetaData(), {
  id: integer().primaryKey({ autoincrement: false }),
  name: string(50).nullable(),
  ratio: double().nullable(),
  open: boolean().nullable(),
});
const rename = update(things)
  .set({ name: param("name", string()), ratio: param("ratio", double()) })
  .where(things.c.id.eq(param("id", integer())));

/** The requests about the statement, without those of the transaction around them. */
const steps = (server: Scripted) => server.asked().filter(({ way }) => way !== "transaction");

describe("a statement for many sets of values", () => {
  // https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-prepare-transact-sql
  test("[MS3] is prepared once and executed by its handle, with one type for each parameter and no TEXT", async () => {
    await using server = await scripted();
    await using connection = await server.engine.connect();
    server.answer(({ way }) => (way === "execute" ? { results: [{ rowCount: 1 }] } : {}));
    const sets = [
      { id: 1, name: null, ratio: 1 },
      { id: 2 ** 40, name: "né", ratio: null },
    ];
    const result = await connection.execute(rename, sets as never);
    expect(result.rowCount).toBe(2);
    const text = "UPDATE things SET name = @p1, ratio = @p2 WHERE things.id = @p3";
    expect(steps(server).map(({ way, sql }) => [way, sql])).toEqual([
      ["prepare", text],
      ["execute", text],
      ["execute", text],
      ["unprepare", text],
    ]);
    const [prepared, first, second] = steps(server);
    expect(prepared?.parameters[0]?.value).toBe("@p1 nvarchar(4000), @p2 float, @p3 bigint");
    const shown = (list: typeof first) => list?.parameters.map(({ type, value }) => [type, value]);
    expect(shown(first)).toEqual([
      ["nvarchar(4000)", null],
      ["float", 1],
      ["bigint", 1n],
    ]);
    expect(shown(second)).toEqual([
      ["nvarchar(4000)", "né"],
      ["float", null],
      ["bigint", 1099511627776n],
    ]);
  });

  test("an error ends it, gives the handle back and leaves the connection usable", async () => {
    await using server = await scripted();
    await using connection = await server.engine.connect();
    let executed = 0;
    server.answer(({ way }) => {
      if (way !== "execute") return {};
      executed += 1;
      return executed === 2 ? { error: { number: 2627, message: "Violation of UNIQUE KEY constraint 'uq'." } } : {};
    });
    const sets = [1, 2, 3].map((id) => ({ id, name: "x", ratio: 1 }));
    await expect(connection.execute(rename, sets as never)).rejects.toMatchObject({
      name: "UniqueViolationError",
      constraint: "uq",
    });
    expect(steps(server).map(({ way }) => way)).toEqual(["prepare", "execute", "execute", "unprepare"]);
    expect((await connection.execute(insert(things).values({ id: 1 }))).rowCount).toBe(0);
  });

  test("one that cannot be prepared fails with the error of the server", async () => {
    await using server = await scripted();
    await using connection = await server.engine.connect();
    server.answer(({ way }) => (way === "prepare" ? { error: { number: 208, message: "Invalid object name." } } : {}));
    const sets = [1, 2].map((id) => ({ id, name: "x", ratio: 1 }));
    await expect(connection.execute(rename, sets as never)).rejects.toMatchObject({ name: "ProgrammingError" });
    expect(steps(server).map(({ way }) => way)).toEqual(["prepare"]);
  });

  test("a signal cancels the execution that is under way, and no further one is sent", async () => {
    await using server = await scripted();
    await using connection = await server.engine.connect();
    const controller = new AbortController();
    server.answer(async ({ way, cancelled }) => {
      if (way === "execute") {
        controller.abort();
        await cancelled;
      }
      return {};
    });
    const sets = [1, 2, 3].map((id) => ({ id, name: "x", ratio: 1 }));
    await expect(connection.execute(rename, sets as never, { signal: controller.signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    expect(steps(server).filter(({ way }) => way === "execute")).toHaveLength(1);
  });

  test("values whose types do not go together are sent one by one, each as what it is", () => {
    const common = (...values: unknown[]) =>
      commonParameters(
        tedious,
        values.map((value) => [value]),
      )?.map(([parameter]) => parameter?.type.name);
    expect(common(1, null, 2)).toEqual(["Int", "Int", "Int"]);
    expect(common(null, null)).toEqual(["NVarChar", "NVarChar"]);
    expect(common(1, 2 ** 40)).toEqual(["BigInt", "BigInt"]);
    expect(common(1.5, 1)).toEqual(["Float", "Float"]);
    expect(common(1, "x")).toBeUndefined();
    expect(common(true, 1)).toBeUndefined();
    expect(common(2 ** 53, 1.5)).toBeUndefined();
    const decimal = (value: string) => new TypedValue("decimal", value);
    expect(common(decimal("1.50"), decimal("2.25"))).toEqual(["Decimal", "Decimal"]);
    expect(common(decimal("1.5"), decimal("2.25"))).toBeUndefined();
    const lengths = commonParameters(tedious, [["x"], ["y".repeat(5000)]])?.map(([text]) => text?.options?.length);
    expect(lengths).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});
