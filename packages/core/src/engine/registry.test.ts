import { expect, test } from "vitest";
import { NoSuchDialectError } from "../errors/index.js";
import { createEngine } from "./create-engine.js";
import { dialectByName, registerDialect, registeredDialects } from "./registry.js";
import { FakeDialect, FakeDriver } from "./test-driver.js";

test("[ENG15] a dialect that was registered is found by its name and its aliases, whatever their case", () => {
  registerDialect("Testing", () => new FakeDialect(), { aliases: ["testing2"] });
  expect(registeredDialects()).toEqual(expect.arrayContaining(["testing", "testing2"]));
  expect(dialectByName("TESTING")).toBeInstanceOf(FakeDialect);
  expect(createEngine("testing2://", { driver: new FakeDriver(true) }).dialect.name).toBe("fake");
});

test.each([
  ["postgres://localhost/db", "npm install @acme/dialect-postgres pg", 'import "@acme/dialect-postgres";'],
  ["mariadb://localhost/db", "npm install @acme/dialect-mysql mysql2", 'import "@acme/dialect-mysql";'],
  ["oracle://localhost/db", "npm install @acme/dialect-oracle oracledb", 'import "@acme/dialect-oracle";'],
])("an unknown dialect in %s is an error that says what to install and what to import", (url, install, line) => {
  const error = errorOf(() => createEngine(url));
  expect(error).toBeInstanceOf(NoSuchDialectError);
  expect(error.code).toBe("NO_SUCH_DIALECT");
  expect(error.remedy).toContain(install);
  expect(error.remedy).toContain(line);
});

test("a dialect that nobody knows is an error that lists those there are", () => {
  registerDialect("testing", () => new FakeDialect());
  expect(errorOf(() => createEngine("nosuchdb://localhost/db")).message).toMatch(/"nosuchdb".*testing.*Check the name/);
});

function errorOf(action: () => unknown): NoSuchDialectError {
  try {
    action();
  } catch (error) {
    return error as NoSuchDialectError;
  }
  throw new TypeError("nothing was thrown");
}
