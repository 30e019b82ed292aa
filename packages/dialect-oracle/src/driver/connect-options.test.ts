import { ArgumentError, parseUrl } from "@acme/core";
import { describe, expect, test } from "vitest";
import { configurationOf } from "./connect-options.js";

const of = (url: string): ReturnType<typeof configurationOf> => configurationOf(parseUrl(url).connectOptions);

// Forms of connect strings: https://node-oracledb.readthedocs.io/en/latest/user_guide/connection_handling.html#connection-strings
describe("where to connect", () => {
  test("[ORA2] a service by its name, in the Easy Connect form", () => {
    expect(of("oracle://scott:ti%40ger@db.example:1522/sales.example.com")).toEqual({
      user: "scott",
      password: "ti@ger",
      connectString: "db.example:1522/sales.example.com",
    });
    expect(of("oracle://db/sales:pooled").connectString).toBe("db:1521/sales:pooled");
    expect(of("oracle://[::1]/sales").connectString).toBe("[::1]:1521/sales");
    expect(of("oracle://db").connectString).toBe("db:1521");
    expect(configurationOf({}).connectString).toBe("localhost:1521");
  });

  test("[ORA2] an instance by its SID", () => {
    expect(of("oracle://db:1530?sid=ORCL").connectString).toBe(
      "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db)(PORT=1530))(CONNECT_DATA=(SID=ORCL)))",
    );
    expect(of("oracle://db?sid=ORCL&protocol=tcps").connectString).toContain("(PROTOCOL=TCPS)(HOST=db)(PORT=2484)");
  });

  test("[ORA2] an alias of tnsnames.ora, and where the file is", () => {
    expect(of("oracle://scott:tiger@/sales_high?configDir=/opt/wallet")).toEqual({
      user: "scott",
      password: "tiger",
      configDir: "/opt/wallet",
      connectString: "sales_high",
    });
  });

  test("[ORA2] any other form is given as it is", () => {
    const connectString = "tcps://a,b:1522/sales?retry_count=3";
    expect(configurationOf({ host: "ignored", options: { connectString } }).connectString).toBe(connectString);
    expect(of(`oracle://scott@/?connectString=${encodeURIComponent(connectString)}`).connectString).toBe(connectString);
  });

  test("[ORA2] TLS with a wallet, as an Autonomous Database wants it", () => {
    expect(
      of(
        "oracle://admin:x@adb.example:1522/s_high.adb.oraclecloud.com?protocol=tcps&walletLocation=/w&walletPassword=secret&sslServerDNMatch=true&sslServerCertDN=CN%3Dadb",
      ),
    ).toEqual({
      user: "admin",
      password: "x",
      connectString: "tcps://adb.example:1522/s_high.adb.oraclecloud.com",
      walletLocation: "/w",
      walletPassword: "secret",
      sslServerDNMatch: true,
      sslServerCertDN: "CN=adb",
    });
  });

  test("nothing in a part is read as more than the part", () => {
    for (const options of [
      { host: "db)(PORT=1)", options: { sid: "X" } },
      { host: "db", options: { sid: "X)(SERVER=DEDICATED" } },
      { host: "db", database: "s?wallet_location=/tmp" },
      { host: "a,b", database: "s" },
    ])
      expect(() => configurationOf(options)).toThrow(ArgumentError);
  });
});

describe("options of the driver", () => {
  test("texts of the URL are read as what they are", () => {
    expect(
      of(
        "oracle://db/s?stmtCacheSize=100&connectTimeout=5&retryCount=2&expireTime=1&sdu=65535&useSNI=false&edition=e1",
      ),
    ).toEqual({
      connectString: "db:1521/s",
      stmtCacheSize: 100,
      connectTimeout: 5,
      retryCount: 2,
      expireTime: 1,
      sdu: 65_535,
      useSNI: false,
      edition: "e1",
    });
    const appContext = [["ns", "a", "b"]];
    expect(configurationOf({ options: { appContext } }).appContext).toBe(appContext);
  });

  test("an option that is unknown or has a wrong value is refused", () => {
    expect(() => of("oracle://db/s?stmtCache=5")).toThrow(
      'The connect option "stmtCache" is unknown. There are: accessToken,',
    );
    expect(() => of("oracle://db/s?stmtCacheSize=many")).toThrow(
      'The connect option "stmtCacheSize" takes a number, not "many".',
    );
    expect(() => of("oracle://db/s?sslServerDNMatch=1")).toThrow(ArgumentError);
    expect(() => of("oracle://db/s?protocol=http")).toThrow(
      'The connect option "protocol" is tcp or tcps, not "http".',
    );
  });
});
