import { createEngine } from "@acme/core";
import * as tedious from "tedious";
import { describe, expect, test } from "vitest";
import "../index.js";
import { readConnectionString } from "./connection-string.js";
import { settingsOf } from "./options.js";
import { scripted } from "./test-server.js";

const loginOf = (options: Parameters<typeof settingsOf>[0]) => settingsOf(options).config.authentication;

describe("connect options", () => {
  test("[MS2] three ways: a URL, an object, a connection of one's own", async () => {
    await using server = await scripted();
    const { port } = server.server;
    let own = 0;
    const options = { host: "127.0.0.1", port, username: "sa", password: "secret", options: { encrypt: false } };
    const engines = [
      createEngine(server.url),
      createEngine("mssql://", { connection: options }),
      createEngine(server.url, {
        connection: {
          connect: (config) => {
            own += 1;
            return new tedious.Connection(config as never);
          },
        },
      }),
    ];
    for (const engine of engines) {
      await using connection = await engine.connect();
      expect((await connection.executeDriverSql("SET NOCOUNT OFF")).rowCount).toBe(0);
      await connection.close();
      await engine.dispose();
    }
    expect(own).toBe(1);
  });

  test("options of tedious pass as they are, what the types depend on is fixed", () => {
    const { config, resetConnection } = settingsOf({
      host: "db",
      database: "shop",
      options: {
        encrypt: "strict",
        trustServerCertificate: "true",
        connectTimeout: "500",
        useUTC: false,
        serverName: "x",
      },
    });
    expect(config.server).toBe("db");
    expect(config.options).toEqual({
      requestTimeout: 0,
      port: 1433,
      database: "shop",
      encrypt: "strict",
      trustServerCertificate: true,
      connectTimeout: 500,
      serverName: "x",
      useUTC: true,
      lowerCaseGuids: true,
      useColumnNames: false,
      rowCollectionOnRequestCompletion: false,
    });
    expect(resetConnection).toBe(false);
    expect(settingsOf({ options: { instanceName: "x" } }).config.options).not.toHaveProperty("port");
    expect(() => settingsOf({ options: { resetConnection: "often" } })).toThrow("takes true or false");
  });

  test("[MS2] ways to log in by name, with their parts beside them: tokens and Azure", () => {
    const user = { username: "u", password: "p" };
    expect(loginOf(user)).toEqual({ type: "default", options: { userName: "u", password: "p" } });
    expect(loginOf({ options: { token: "t" } })).toEqual({
      type: "azure-active-directory-access-token",
      options: { token: "t" },
    });
    expect(loginOf({ ...user, options: { authentication: "ntlm", domain: "D" } })).toEqual({
      type: "ntlm",
      options: { userName: "u", password: "p", domain: "D" },
    });
    expect(
      loginOf({
        ...user,
        options: { authentication: "azure-active-directory-password", clientId: "c", tenantId: "t" },
      }),
    ).toEqual({
      type: "azure-active-directory-password",
      options: { userName: "u", password: "p", clientId: "c", tenantId: "t" },
    });
    expect(
      loginOf({
        options: {
          authentication: "azure-active-directory-service-principal-secret",
          clientId: "c",
          clientSecret: "s",
          tenantId: "t",
        },
      }),
    ).toEqual({
      type: "azure-active-directory-service-principal-secret",
      options: { clientId: "c", clientSecret: "s", tenantId: "t" },
    });
    expect(loginOf({ options: { authentication: "azure-active-directory-default" } })).toEqual({
      type: "azure-active-directory-default",
      options: {},
    });
    const object = { type: "token-credential", options: { credential: {} } };
    expect(loginOf({ options: { authentication: object } })).toBe(object);
    expect(() => loginOf({ options: { authentication: "kerberos" } })).toThrow('There is no way "kerberos" to log in.');
  });

  test("[MS2] a connection string of ADO.NET or ODBC", () => {
    const text =
      "Driver={ODBC Driver 18 for SQL Server};Server=tcp:shop.example,1444;Initial Catalog=shop;User ID=sa;" +
      'Password="a;b""c";Encrypt=yes;TrustServerCertificate=No;Connection Timeout=30;ApplicationIntent=ReadOnly;';
    expect(readConnectionString(text)).toEqual({
      place: { host: "shop.example", port: 1444, database: "shop", username: "sa", password: 'a;b"c' },
      options: { encrypt: true, trustServerCertificate: false, connectTimeout: 30_000, readOnlyIntent: true },
    });
    expect(readConnectionString("Data Source=.\\SQLEXPRESS;PWD={x}}y}").place).toEqual({
      host: "localhost",
      password: "x}y",
    });
    expect(readConnectionString("Data Source=.\\SQLEXPRESS").options).toEqual({ instanceName: "SQLEXPRESS" });
    const { config } = settingsOf({ options: { connectionString: `${text}Authentication=Active Directory Default` } });
    expect(config.authentication?.type).toBe("azure-active-directory-default");
    expect(config.options).toMatchObject({ port: 1444, database: "shop", encrypt: true });
    expect(() => readConnectionString("Server=a;Data Source=b")).toThrow('says "Data Source" twice');
    expect(() => readConnectionString("Server=a;Colour=red")).toThrow('the key "Colour", which is unknown');
    expect(() => readConnectionString('Password="secret')).toThrow(/from its character 1 on\./);
    expect(() => readConnectionString("Encrypt=perhaps")).toThrow('cannot be "perhaps"');
    expect(() => readConnectionString("Authentication=Kerberos")).toThrow('the authentication "Kerberos"');
  });

  // https://learn.microsoft.com/sql/t-sql/functions/serverproperty-transact-sql: EngineEdition 5 and 8 are Azure.
  test("the version decides on the SQL; Azure SQL says 12 and has what the newest release has", async () => {
    for (const [version, edition, expected] of [
      ["16.0.1000.6", 3, 16],
      ["12.0.2000.8", 5, 17],
      ["12.0.2000.8", 8, 16],
    ] as const) {
      await using server = await scripted({ version, edition });
      await using connection = await server.engine.connect();
      expect(connection.dialect).toMatchObject({ name: "mssql", version: expected });
    }
  });

  test("[MS28] sp_reset_connection with every return to the pool, where that is asked for", async () => {
    await using server = await scripted();
    for (const reset of [false, true]) {
      const engine = createEngine(`${server.url}&resetConnection=${reset}`);
      await (await engine.connect()).close();
      await (await engine.connect()).close();
      await engine.dispose();
      expect(server.asked().filter(({ way }) => way === "reset")).toHaveLength(reset ? 2 : 0);
    }
  });
});
