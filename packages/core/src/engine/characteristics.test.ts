import { describe, expect, test } from "vitest";
import type { ConnectionCharacteristic } from "../index.js";
import { sql } from "../index.js";
import { FakeError, fakeEngine } from "./test-driver.js";

const role = (value: string, name = "role"): ConnectionCharacteristic => ({
  name,
  apply: (driver) => driver.execute(`SET ${name} ${value}`, [], {}),
  restore: (driver) => driver.execute(`RESET ${name}`, [], {}),
});

describe("characteristics of connections", () => {
  test("[ENG30] are set before use and taken back, in the other order, when the connection is given back", async () => {
    const { engine, driver } = fakeEngine({ characteristics: [role("reader")] });
    const part = engine.withOptions({ characteristics: [role("b", "path")] });
    {
      await using conn = await part.connect();
      await conn.begin();
      await conn.execute(sql`SELECT 1`);
    }
    expect(driver.log).toEqual([
      "connect",
      "execute SET role reader",
      "execute SET path b",
      "begin",
      "execute SELECT 1",
      "rollback",
      "execute RESET path",
      "execute RESET role",
    ]);
  });

  test("[ENG30] of one name the nearest counts", async () => {
    const { engine, driver } = fakeEngine({ characteristics: [role("reader")] });
    await (await engine.withOptions({ characteristics: [role("writer")] }).connect()).close();
    await (await engine.connect({ characteristics: [role("owner")] })).close();
    expect(driver.log).toEqual([
      "connect",
      "execute SET role writer",
      "execute RESET role",
      "execute SET role owner",
      "execute RESET role",
    ]);
  });

  test("[ENG30] where one cannot be set nobody gets the connection; where it cannot be taken back it is closed", async () => {
    const { engine, driver } = fakeEngine({ characteristics: [role("reader")] });
    driver.script = (_word, text) => {
      if (text === "SET role reader") throw new FakeError("programming", "no such role");
      return undefined;
    };
    await expect(engine.connect()).rejects.toThrow("no such role");
    expect(engine.poolStatus()).toMatchObject({ used: 0, idle: 1 });
    driver.script = (_word, text) => {
      if (text === "RESET role") throw new FakeError("programming", "not now");
      return undefined;
    };
    await (await engine.connect()).close();
    expect(driver.log.at(-1)).toBe("close");
    expect(engine.poolStatus()).toMatchObject({ used: 0, size: 0 });
  });
});
