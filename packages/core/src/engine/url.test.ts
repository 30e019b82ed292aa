import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ArgumentError } from "../errors/index.js";
import { DatabaseUrl, parseUrl } from "./url.js";

describe("parseUrl", () => {
  test("[ENG3] reads dialect, driver, login, place, database and options", () => {
    const url = parseUrl("postgresql+pg://app:s3cret@db.example.org:6432/shop?ssl=1&application_name=my%20app");
    expect({ ...url.connectOptions, dialect: url.dialect, driver: url.driver }).toEqual({
      dialect: "postgresql",
      driver: "pg",
      username: "app",
      password: "s3cret",
      host: "db.example.org",
      port: 6432,
      database: "shop",
      options: { ssl: "1", application_name: "my app" },
    });
  });

  test.each([
    ["sqlite://", undefined],
    ["sqlite:///", undefined],
    ["sqlite:///:memory:", ":memory:"],
    ["sqlite:///relative.db", "relative.db"],
    ["sqlite:///folder/relative.db?readonly=1", "folder/relative.db"],
    ["sqlite:////var/data/absolute.db", "/var/data/absolute.db"],
    ["sqlite:///C:/data/app.db", "C:/data/app.db"],
  ])("reads the path of %s", (text, database) => {
    expect(parseUrl(text).database).toBe(database);
    expect(parseUrl(text).host).toBeUndefined();
  });

  test("decodes what was escaped in the login, the host and the options", () => {
    const url = parseUrl("mysql://us%3Aer:p%40s%2Fs%3A1@[::1]:3307/db?note=a%26b");
    expect([url.username, url.password, url.host, url.port, url.query.note]).toEqual([
      "us:er",
      "p@s/s:1",
      "::1",
      3307,
      "a&b",
    ]);
  });

  test("takes an @ and a : in a password that were not escaped", () => {
    const url = parseUrl("mysql://root:a@b:c@localhost/db");
    expect([url.username, url.password, url.host]).toEqual(["root", "a@b:c", "localhost"]);
  });

  test("tells no password from an empty one", () => {
    expect(parseUrl("mysql://root@localhost/db").password).toBeUndefined();
    expect(parseUrl("mysql://root:@localhost/db").password).toBe("");
  });

  test("[ENG9] keeps special characters of a database name through printing and reading", () => {
    const url = new DatabaseUrl({ dialect: "postgresql", host: "db", database: "a?b #1%/é" });
    expect(parseUrl(url.render()).database).toBe("a?b #1%/é");
  });

  test("[ENG7] collects an option that is given several times", () => {
    expect(parseUrl("postgresql:///shop?host=a&host=b&port=1").query).toEqual({ host: ["a", "b"], port: "1" });
  });

  test("[ENG10] passes a DatabaseUrl through", () => {
    const url = parseUrl("sqlite://");
    expect(parseUrl(url)).toBe(url);
  });

  test.each([
    ["app.db", "is not a database URL"],
    ["", "is not a database URL"],
    ["://host/db", "is not a database URL"],
    ["postgresql:/host/db", "is not a database URL"],
    ["mysql://host:port/db", "host or port"],
    ["mysql://host:99999/db", "The port 99999"],
    ["mysql://user:100%@host/db", 'a "%" that begins no escape'],
  ])("refuses %j", (text, message) => {
    const error = thrownBy(() => parseUrl(text));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.code).toBe("BAD_URL");
    expect(error.message).toContain(message);
    expect(error.remedy).toContain("dialect://user:password@host:port/database");
  });

  test("refuses what is no string", () => {
    expect(() => parseUrl(undefined as never)).toThrow(ArgumentError);
  });

  test.each([
    "postgresql:/app:s3cret@host/db",
    "app:s3cret@host",
    "mysql://app:s3cret@host:port/db",
    "mysql://app:s3cret%@host/db",
  ])("does not show the password of %s in the error", (text) => {
    expect(thrownBy(() => parseUrl(text)).message).not.toContain("s3cret");
  });
});

describe("DatabaseUrl", () => {
  const url = new DatabaseUrl({
    dialect: "postgresql",
    driver: "pg",
    username: "ap/p",
    password: "p@ss",
    host: "db",
    port: 5432,
    database: "shop",
    query: { a: ["1", "2"] },
  });

  test("[ENG4] is built from parts without escaping by hand", () => {
    expect(url.render({ hidePassword: false })).toBe("postgresql+pg://ap%2Fp:p%40ss@db:5432/shop?a=1&a=2");
    expect(parseUrl(url.render({ hidePassword: false })).connectOptions).toEqual(url.connectOptions);
  });

  test("[ENG5] makes changed copies and stays as it is", () => {
    const other = url.with({ database: "test", port: undefined, query: {} });
    expect(other.render({ hidePassword: false })).toBe("postgresql+pg://ap%2Fp:p%40ss@db/test");
    expect(url.database).toBe("shop");
  });

  test("[ENG6] hides the password wherever it is printed", () => {
    const printed = [
      String(url),
      JSON.stringify({ url }),
      inspect(url),
      inspect({ url }, { showHidden: true, depth: 5 }),
      url.render(),
    ];
    for (const text of printed) {
      expect(text).toContain("***@db");
      expect(text).not.toContain("p@ss");
      expect(text).not.toContain("p%40ss");
    }
  });

  test("[ENG8] tells dialect and driver, and what a driver needs", () => {
    expect([url.dialect, url.driver]).toEqual(["postgresql", "pg"]);
    expect(url.connectOptions).toEqual({
      host: "db",
      port: 5432,
      username: "ap/p",
      password: "p@ss",
      database: "shop",
      options: { a: ["1", "2"] },
    });
  });

  test("writes an IPv6 address in brackets", () => {
    expect(String(new DatabaseUrl({ dialect: "mysql", host: "::1", port: 3306 }))).toBe("mysql://[::1]:3306");
  });
});

function thrownBy(action: () => unknown): ArgumentError {
  try {
    action();
  } catch (error) {
    return error as ArgumentError;
  }
  throw new TypeError("nothing was thrown");
}

describe("a URL with several servers", () => {
  test("hands each with its port to the dialect, beside what the query says", () => {
    const url = parseUrl("postgresql://app:p%40ss@db1:5432,[::1]:5433,db%2D3/shop?target_session_attrs=primary");
    expect(url.connectOptions).toEqual({
      host: undefined,
      port: undefined,
      username: "app",
      password: "p@ss",
      database: "shop",
      options: { host: ["db1:5432", "[::1]:5433", "db-3"], target_session_attrs: "primary" },
    });
    expect(parseUrl(url.render({ hidePassword: false })).connectOptions).toEqual(url.connectOptions);
  });

  test.each(["postgresql://a,,b/", "postgresql://a:x,b/", "postgresql://a:1:2,b/"])("%s is refused", (text) => {
    expect(() => parseUrl(text)).toThrow(expect.objectContaining({ code: "BAD_URL" }));
  });
});
