import { ArgumentError, parseUrl } from "@acme/core";
import { describe, expect, test } from "vitest";
import { settingsOf } from "./connect-options.js";

const of = (url: string): ReturnType<typeof settingsOf> => settingsOf(parseUrl(url).connectOptions);

describe("connect options", () => {
  test("[ENG17] the URL's parts and the options of the driver", () => {
    const { config } = of("mysql://app:p%40ss@db.example:3307/shop?connectTimeout=500&compress=true&socketPath=/tmp/s");
    expect(config).toMatchObject({
      user: "app",
      password: "p@ss",
      host: "db.example",
      port: 3307,
      database: "shop",
      connectTimeout: 500,
      compress: true,
      socketPath: "/tmp/s",
    });
  });

  test("what the adapter needs cannot be changed, and is set", () => {
    expect(of("mysql://h/d").config).toMatchObject({
      rowsAsArray: true,
      dateStrings: true,
      jsonStrings: true,
      multipleStatements: false,
      maxPreparedStatements: 256,
    });
    expect(() => of("mysql://h/d?rowsAsArray=false")).toThrow(
      /The connect option "rowsAsArray" is unknown. There are: authPlugins, /,
    );
    expect(() => of("mysql://h/d?multipleStatements=true")).toThrow("Several statements in one text are not allowed");
  });

  test("the patience with a silent server; vanished ones are found out by keep-alive", () => {
    expect(of("mysql://h/d")).toMatchObject({
      cancelTimeout: 5000,
      socketTimeout: 0,
      config: { keepAliveInitialDelay: 30_000 },
    });
    expect(of("mysql://h/d?cancelTimeout=300&socketTimeout=60000&keepAliveInitialDelay=5")).toMatchObject({
      cancelTimeout: 300,
      socketTimeout: 60_000,
      config: { keepAliveInitialDelay: 5 },
    });
    expect(() => of("mysql://h/d?socketTimeout=soon")).toThrow(/socketTimeout.*number/);
  });

  test("[MY7] TLS: checked, unchecked, or as mysql2 has it", () => {
    expect(of("mysql://h/d").config).not.toHaveProperty("ssl");
    expect(of("mysql://h/d?ssl=false").config).not.toHaveProperty("ssl");
    expect(of("mysql://h/d?ssl=true").config.ssl).toEqual({ verifyIdentity: true });
    expect(of("mysql://h/d?ssl=no-verify").config.ssl).toEqual({ rejectUnauthorized: false });
    expect(of("mysql://h/d?ssl=Amazon%20RDS").config.ssl).toBe("Amazon RDS");
    const ca = { ca: "pem" };
    expect(settingsOf({ options: { ssl: ca } }).config.ssl).toBe(ca);
  });

  test("[MY5] the session's first words", () => {
    expect(of("mysql://h/d").setup).toMatch(
      /^SET NAMES utf8mb4, time_zone = '\+00:00', group_concat_max_len = 4294967295, sql_mode = CASE WHEN FIND_IN_SET\('STRICT_TRANS_TABLES', @@sql_mode\)/,
    );
    expect(of("mysql://h/d?sqlMode=ANSI,STRICT_ALL_TABLES").setup).toBe(
      "SET NAMES utf8mb4, time_zone = '+00:00', group_concat_max_len = 4294967295, sql_mode = 'ANSI,STRICT_ALL_TABLES'",
    );
    expect(of("mysql://h/d?sqlMode=false").setup).toBe(
      "SET NAMES utf8mb4, time_zone = '+00:00', group_concat_max_len = 4294967295",
    );
    expect(() => of("mysql://h/d?sqlMode=%27%3B")).toThrow(ArgumentError);
  });

  test("values that cannot be read are refused", () => {
    expect(() => of("mysql://h/d?connectTimeout=soon")).toThrow(
      'The connect option "connectTimeout" takes a number, not "soon".',
    );
    expect(() => of("mysql://h/d?compress=perhaps")).toThrow(
      'The connect option "compress" takes a boolean, not "perhaps".',
    );
  });
});
