import { ArgumentError, DriverMissingError } from "@acme/core";
import { describe, expect, it } from "vitest";
import { readOptions } from "./options.js";
import { loadPg } from "./pg.js";

const read = (options: Readonly<Record<string, unknown>>) => readOptions({ host: "db", options });

describe("connection options", () => {
  it("hands the parts of the URL to pg", async () => {
    const { client, hosts, preparedStatements } = await readOptions({
      host: "db",
      port: 5433,
      username: "u",
      password: "p",
      database: "d",
    });
    expect(hosts).toEqual([{ host: "db", port: 5433 }]);
    expect(client).toMatchObject({
      user: "u",
      password: "p",
      database: "d",
      keepAlive: true,
      connectionTimeoutMillis: 30_000,
    });
    expect(client).not.toHaveProperty("ssl");
    expect(preparedStatements).toBe(256);
  });

  it("takes time limits, an application name and a socket directory from the query string", async () => {
    const { client, hosts } = await readOptions({
      options: {
        host: "/run/postgresql",
        port: "5433",
        application_name: "shop",
        statement_timeout: "1500",
        lock_timeout: "10",
        connect_timeout: "3",
      },
    });
    expect(hosts).toEqual([{ host: "/run/postgresql", port: 5433 }]);
    expect(client).toMatchObject({
      application_name: "shop",
      statement_timeout: 1500,
      lock_timeout: 10,
      connectionTimeoutMillis: 3000,
    });
  });

  it("takes the patience with a silent server, and finds out vanished ones by keep-alive", async () => {
    expect(await readOptions({})).toMatchObject({
      cancelTimeout: 5000,
      socketTimeout: 0,
      client: { keepAlive: true, keepAliveInitialDelayMillis: 30_000 },
    });
    const options = { cancelTimeout: "300", socketTimeout: 60_000 };
    expect(await readOptions({ options })).toMatchObject({ cancelTimeout: 300, socketTimeout: 60_000 });
    await expect(readOptions({ options: { socketTimeout: "soon" } })).rejects.toThrow(/socketTimeout/);
  });

  it("[PG7] takes several hosts, with ports in them or beside them", async () => {
    const hosts = async (options: Readonly<Record<string, unknown>>) => (await readOptions({ options })).hosts;
    expect(await hosts({ host: ["a:1", "b", "[::1]:3", "::1"] })).toEqual([
      { host: "a", port: 1 },
      { host: "b" },
      { host: "::1", port: 3 },
      { host: "::1" },
    ]);
    expect(await hosts({ host: "a, b", port: "1,2" })).toEqual([
      { host: "a", port: 1 },
      { host: "b", port: 2 },
    ]);
    expect(await hosts({ host: "a,b", port: "7" })).toEqual([
      { host: "a", port: 7 },
      { host: "b", port: 7 },
    ]);
    expect(await hosts({ port: 7 })).toEqual([{ port: 7 }]);
    expect(await hosts({})).toEqual([{}]);
    await expect(hosts({ host: "a,b,c", port: "1,2" })).rejects.toThrow(/as many as there are hosts \(3\)/);
    await expect(hosts({ host: "a", port: "x" })).rejects.toThrow(/whole number/);
    await expect(hosts({ target_session_attrs: "fast" })).rejects.toThrow(/one of any, read-write/);
  });

  it("[PG16] makes of search_path a setting that the session begins with", async () => {
    expect((await read({ search_path: "app, public" })).client).toMatchObject({
      options: "-c search_path=app,\\ public",
    });
    expect((await read({ search_path: "a", options: "-c geqo=off" })).client).toMatchObject({
      options: "-c geqo=off -c search_path=a",
    });
  });

  it("[PG9] prepares nothing when told so", async () => {
    expect((await read({ prepare: "false" })).preparedStatements).toBe(0);
    expect((await read({ preparedStatements: 10 })).preparedStatements).toBe(10);
  });

  it("knows libpq's sslmodes", async () => {
    expect(await read({ sslmode: "disable" })).toMatchObject({ client: { ssl: false }, sslIfPossible: false });
    expect(await read({ sslmode: "prefer" })).toMatchObject({
      client: { ssl: { rejectUnauthorized: false } },
      sslIfPossible: true,
    });
    expect(await read({ sslmode: "require" })).toMatchObject({
      client: { ssl: { rejectUnauthorized: false } },
      sslIfPossible: false,
    });
    expect((await read({ sslmode: "verify-full" })).client.ssl).toEqual({});
    const ca = (await read({ sslmode: "verify-ca" })).client.ssl as { readonly checkServerIdentity: () => unknown };
    expect(ca.checkServerIdentity()).toBeUndefined();
    expect(Object.keys(ca)).toEqual(["checkServerIdentity"]);
    expect((await read({ ssl: { ca: "x" } })).client.ssl).toEqual({ ca: "x" });
    expect((await read({ ssl: "true" })).client.ssl).toEqual({});
  });

  it("passes what it does not know of to pg through `client`", async () => {
    expect((await read({ client: { enableChannelBinding: true } })).client).toMatchObject({
      enableChannelBinding: true,
    });
  });

  it("refuses unknown options and wrong values, and says what there is", async () => {
    await expect(read({ aplication_name: "x" })).rejects.toThrow(/no option "aplication_name".*application_name/);
    await expect(read({ sslmode: "maybe" })).rejects.toThrow(/one of disable, prefer/);
    await expect(read({ statement_timeout: "soon" })).rejects.toThrow(ArgumentError);
    await expect(read({ prepare: "perhaps" })).rejects.toThrow(/true or false/);
    await expect(read({ sslmode: "verify-full", sslrootcert: "/nonexistent.pem" })).rejects.toThrow(
      /sslrootcert.*nonexistent/,
    );
  });

  it("names the install command when pg is missing", async () => {
    const missing = Object.assign(new Error("Cannot find package 'pg'"), { code: "ERR_MODULE_NOT_FOUND" });
    const failing = loadPg(() => Promise.reject(missing));
    await expect(failing).rejects.toThrow(DriverMissingError);
    await expect(failing).rejects.toThrow(/npm install pg/);
    const broken = new SyntaxError("pg is broken");
    await expect(loadPg(() => Promise.reject(broken))).rejects.toBe(broken);
  });
});
