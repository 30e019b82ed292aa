import { createEngine } from "@acme/core";
import { describe, expect, inject, it } from "vitest";
import "../index.js";

const { postgresql } = inject("databases");

describe.skipIf(!postgresql.available)("[postgresql] several hosts", () => {
  const { username, password, host, pathname } = new URL(postgresql.available ? postgresql.url : "postgresql://x");
  const login = `${username}${password === "" ? "" : `:${password}`}@`;
  // Port 1 of this machine refuses connections.
  const asking = async (query: string) => {
    await using engine = createEngine(`postgresql://${login}${pathname}?${query}`);
    await using conn = await engine.connect();
    return conn.executeDriverSql("SELECT 1").scalar();
  };

  it("[PG7] are tried in order until one answers", async () => {
    expect(await asking(`host=127.0.0.1:1&host=${host}`)).toBe(1);
    await expect(asking("host=127.0.0.1:1&host=127.0.0.1:2")).rejects.toMatchObject({
      name: "ConnectError",
      nativeCode: "ECONNREFUSED",
    });
  });

  it("[PG7] are asked whether they are what target_session_attrs wants", async () => {
    const on = (target: string, more = "") => asking(`host=${host}&target_session_attrs=${target}${more}`);
    expect(await on("read-write")).toBe(1);
    expect(await on("primary")).toBe(1);
    expect(await on("prefer-standby")).toBe(1);
    await expect(on("standby")).rejects.toMatchObject({ name: "ConnectError", code: "WRONG_SERVER" });
    await expect(on("read-only")).rejects.toThrow(/target_session_attrs asks for: read-only/);
    expect(await on("read-only", "&options=-c%20default_transaction_read_only%3Don")).toBe(1);
  });

  it("[PG7] a server that refuses the login is not passed over", async () => {
    await expect(
      createEngine(`postgresql://nobody_of_that_name@${pathname}?host=${host}&host=127.0.0.1:1`).connect(),
    ).rejects.toMatchObject({ name: "ConnectError", nativeCode: expect.stringMatching(/^28/) });
  });
});
