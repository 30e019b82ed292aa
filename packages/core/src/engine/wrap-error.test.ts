import { describe, expect, test } from "vitest";
import type { ErrorKind } from "../dialect/driver.js";
import {
  AcmeError,
  ConnectError,
  DatabaseError,
  DataError,
  IntegrityError,
  InterfaceError,
  InternalError,
  integer,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
  sql,
} from "../index.js";
import { FakeError, fakeEngine } from "./test-driver.js";
import { wrapError } from "./wrap-error.js";

const CLASSES: Readonly<Record<ErrorKind, readonly [parent: new (message: string) => Error, code: string]>> = {
  unique: [IntegrityError, "UNIQUE_VIOLATION"],
  foreignKey: [IntegrityError, "FOREIGN_KEY_VIOLATION"],
  notNull: [IntegrityError, "NOT_NULL_VIOLATION"],
  check: [IntegrityError, "CHECK_VIOLATION"],
  integrity: [IntegrityError, "INTEGRITY_ERROR"],
  deadlock: [OperationalError, "DEADLOCK"],
  serialization: [OperationalError, "SERIALIZATION_FAILURE"],
  lockTimeout: [OperationalError, "LOCK_TIMEOUT"],
  statementTimeout: [OperationalError, "STATEMENT_TIMEOUT"],
  cancelled: [OperationalError, "CANCELLED"],
  connectionLost: [OperationalError, "CONNECTION_LOST"],
  connect: [OperationalError, "CONNECT_FAILED"],
  data: [DataError, "DATA_ERROR"],
  programming: [ProgrammingError, "PROGRAMMING_ERROR"],
  notSupported: [NotSupportedError, "NOT_SUPPORTED"],
  operational: [OperationalError, "OPERATIONAL_ERROR"],
  internal: [InternalError, "INTERNAL_ERROR"],
  interface: [InterfaceError, "INTERFACE_ERROR"],
};

describe("[ENG72] [ENG75] each kind of failure has its class and its code", () => {
  test.each(Object.entries(CLASSES))("%s", async (kind, [parent, code]) => {
    const { engine, driver } = fakeEngine();
    const conn = await engine.connect();
    driver.script = () => {
      throw new FakeError(kind as ErrorKind);
    };
    const error = await conn.execute(sql`A`).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(parent);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ code, name: (error as Error).constructor.name });
  });
});

test("[ENG73] [ENG74] an error carries statement, parameters, native code and the driver's own error", async () => {
  const { engine, driver } = fakeEngine();
  const conn = await engine.connect();
  const cause = new FakeError("unique", "duplicate key");
  driver.script = () => {
    throw cause;
  };
  const error = (await conn
    .execute(sql`INSERT INTO t VALUES (${1}, ${"x".repeat(100)})`)
    .catch((caught: unknown) => caught)) as DatabaseError;
  expect(error.statement).toBe("INSERT INTO t VALUES (?, ?)");
  expect(error.parameters).toEqual([1, "x".repeat(100)]);
  expect([error.nativeCode, error.cause]).toEqual(["F-unique", cause]);
  const lines = error.message.split("\n");
  expect(lines[0]).toMatch(/^duplicate key\. A row with the same key/);
  expect(lines[1]).toBe("[SQL: INSERT INTO t VALUES (?, ?)]");
  expect(lines[2]).toMatch(/^\[parameters: 1, "x{57}\.\.\."\]$/);
});

test("[ENG31] hideParameters keeps values out of errors", async () => {
  const { engine, driver } = fakeEngine({ hideParameters: true });
  const conn = await engine.connect();
  driver.script = () => {
    throw new FakeError("unique", "duplicate key");
  };
  const error = (await conn
    .execute(sql`INSERT INTO t VALUES (${"secret"})`)
    .catch((caught: unknown) => caught)) as DatabaseError;
  expect(error.parameters).toBeUndefined();
  expect(error.message).not.toContain("secret");
  expect(error.statement).toContain("INSERT");
});

test("the toolkit's own errors pass as they are", () => {
  const own = new AcmeError("mine");
  expect(wrapError(own, () => ({ kind: "internal" }), {})).toBe(own);
});

test("an error without a message still says something", () => {
  const classify = () => ({ kind: "connect" }) as const;
  expect(
    wrapError(new AggregateError([new TypeError("connect ECONNREFUSED ::1:5432")]), classify, {}).message,
  ).toContain("ECONNREFUSED ::1:5432.");
  expect(wrapError(new TypeError(""), classify, {}).message).toContain("The driver failed without a message.");
  expect(wrapError("just text", classify, {}).message).toContain("just text.");
});

test("a connection that cannot be made says where, without the password", async () => {
  const { FakeDialect, FakeDriver } = await import("./test-driver.js");
  const { Engine } = await import("./engine.js");
  const driver = new FakeDriver(false);
  driver.script = () => {
    throw new FakeError("operational", "password authentication failed");
  };
  const engine = new Engine({ url: "fake://app:s3cret@db:1/shop", dialect: new FakeDialect(), driver });
  const error = await engine.connect().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ConnectError);
  expect((error as Error).message).toMatch(
    /^Cannot connect to fake:\/\/app:\*\*\*@db:1\/shop: password authentication failed\. Check/,
  );
  expect((error as Error).message).not.toContain("s3cret");
});

test("a value that its type refuses is named before the database is asked", async () => {
  const { engine } = fakeEngine();
  const conn = await engine.connect();
  const { literal } = await import("../index.js");
  await expect(conn.execute(sql`SELECT ${literal(1.5, integer())}`)).rejects.toThrow(DataError);
});
