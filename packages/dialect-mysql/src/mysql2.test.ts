import { DriverMissingError } from "@acme/core";
import { beforeAll, describe, expect, test } from "vitest";
import { DecimalValue } from "./index.js";
import { loadMysql2, type Mysql2 } from "./mysql2.js";
import { encode } from "./parameters.js";

describe("loading the driver", () => {
  test("a driver that is not installed: the message holds the command, and the next attempt looks again", async () => {
    const missing = async (): Promise<unknown> => {
      throw Object.assign(new Error("Cannot find package 'mysql2'"), { code: "ERR_MODULE_NOT_FOUND" });
    };
    await expect(loadMysql2(missing)).rejects.toBeInstanceOf(DriverMissingError);
    await expect(loadMysql2(missing)).rejects.toThrow("The driver mysql2 is not installed. Run `npm install mysql2`.");
  });

  test("a driver that cannot say the type of a parameter is too old", async () => {
    await expect(loadMysql2(async () => ({ default: { createConnection: () => undefined } }))).rejects.toMatchObject({
      code: "DRIVER_TOO_OLD",
      message: expect.stringContaining("Run `npm install mysql2@latest`; 3.24 or later is needed."),
    });
  });

  test("the installed driver is loaded once", async () => {
    expect(await loadMysql2()).toBe(await loadMysql2());
  });
});

describe("parameters on their way to the driver", () => {
  let mysql2: Mysql2;
  beforeAll(async () => {
    mysql2 = await loadMysql2();
  });
  /** Typed parameters as the number of their type, everything else as it is. */
  const shown = (values: readonly unknown[], sql = "SELECT ?"): unknown[] =>
    encode(values, sql, mysql2).map((value) => {
      const { type, unsigned } = (value ?? {}) as { readonly type?: number; readonly unsigned?: boolean };
      return type === undefined ? value : `${type}${unsigned ? "u" : ""}`;
    });

  test("few numbers say what they are: 3 is INT, 8 BIGINT, 246 DECIMAL", () => {
    expect(shown([1, -(2 ** 31), 2 ** 31, 1.5, 5n, 2n ** 63n, 2n ** 64n, new DecimalValue("1.50")])).toEqual([
      "3",
      "3",
      "8",
      1.5,
      "8",
      "8u",
      "18446744073709551616",
      "246",
    ]);
  });

  test("many numbers are sent as floating point, bigints and decimals to be stored as text", () => {
    const many = Array.from({ length: 65 }, (_, i) => i);
    expect(shown(many)).toEqual(many);
    expect(shown([...many, 5n, new DecimalValue("1.50")]).slice(-2)).toEqual(["8", "246"]);
    expect(shown([...many, 5n, new DecimalValue("1.50")], "INSERT INTO t VALUES (?)").slice(-2)).toEqual(["5", "1.50"]);
  });

  test("bytes are a Buffer on the same memory, a Date is UTC, anything else is refused", () => {
    const bytes = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    const [buffer, date] = encode([bytes, new Date("2024-02-29T13:00:00.123Z")], "SELECT ?", mysql2) as [
      Buffer,
      string,
    ];
    expect([Buffer.isBuffer(buffer), [...buffer], buffer.buffer === bytes.buffer]).toEqual([true, [2, 3], true]);
    expect(date).toBe("2024-02-29 13:00:00.123");
    expect(shown(["x", true, null])).toEqual(["x", true, null]);
    for (const value of [undefined, {}, [1], new Date(Number.NaN), () => 1])
      expect(() => shown([value])).toThrow(/cannot be sent to the server/);
  });
});
