import type { ErrorKind } from "@acme/core/dialect";
import { describe, expect, inject, it } from "vitest";
import { ownDatabase } from "../test-support.js";
import { classify } from "./classify.js";

const { postgresql } = inject("databases");

describe("classification of errors", () => {
  const server = (code: string, severity = "ERROR") => Object.assign(new Error("message"), { code, severity });

  it.each<readonly [string, ErrorKind, boolean]>([
    ["08006", "connectionLost", true],
    ["08P01", "programming", false],
    ["0A000", "notSupported", false],
    ["22003", "data", false],
    ["22021", "data", false],
    ["23001", "foreignKey", false],
    ["23P01", "integrity", false],
    ["25P02", "operational", false],
    ["25P03", "connectionLost", true],
    ["40001", "serialization", false],
    ["40P01", "deadlock", false],
    ["42501", "programming", false],
    ["53100", "operational", false],
    ["53300", "connect", false],
    ["55P03", "lockTimeout", false],
    ["57014", "cancelled", false],
    ["57P01", "connectionLost", true],
    ["57P02", "connectionLost", true],
    ["57P04", "connectionLost", true],
    ["P0001", "operational", false],
    ["XX000", "internal", false],
  ])("SQLSTATE %s is %s", (code, kind, disconnected) => {
    expect(classify(server(code))).toEqual({ kind, nativeCode: code, disconnected });
  });

  it("counts everything fatal as the end of the connection", () => {
    expect(classify(server("22000", "FATAL"))).toMatchObject({ kind: "data", disconnected: true });
  });

  it.each(["ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ERR_STREAM_DESTROYED"])(
    "%s of a socket is a lost connection",
    (code) => {
      expect(classify(Object.assign(new Error("socket"), { code }))).toEqual({
        kind: "connectionLost",
        nativeCode: code,
        disconnected: true,
      });
    },
  );

  it("takes pg's own words for the end of a connection", () => {
    expect(classify(new Error("Connection terminated unexpectedly"))).toMatchObject({
      kind: "connectionLost",
      disconnected: true,
    });
    expect(classify(new Error("Client has encountered a connection error and is not queryable"))).toMatchObject({
      kind: "connectionLost",
    });
  });

  it("calls what it does not know a failure of the driver", () => {
    expect(classify(new TypeError("x is not a function"))).toEqual({ kind: "interface", nativeCode: undefined });
    expect(classify("a text")).toMatchObject({ kind: "interface" });
    expect(classify(undefined)).toMatchObject({ kind: "interface" });
  });
});

describe.skipIf(!postgresql.available)("[postgresql] errors of a server", () => {
  const database = ownDatabase();

  it("[ENG72] are told apart, with the names of violated constraints", async () => {
    const connection = await database.connect();
    await connection.execute(
      `CREATE TABLE parent (id int CONSTRAINT parent_pk PRIMARY KEY);
      CREATE TABLE child (id int CONSTRAINT child_unique UNIQUE, parent_id int CONSTRAINT child_fk REFERENCES parent, n int NOT NULL CONSTRAINT positive CHECK (n > 0));
      INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1, 1)`,
      [],
      {},
    );
    const of = async (sql: string) => {
      const error = await connection.execute(sql, [], {}).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const { kind, constraint } = classify(error);
      return constraint === undefined ? kind : [kind, constraint];
    };
    expect(await of("INSERT INTO child VALUES (1, 1, 1)")).toEqual(["unique", "child_unique"]);
    expect(await of("INSERT INTO parent VALUES (1)")).toEqual(["unique", "parent_pk"]);
    expect(await of("INSERT INTO child VALUES (2, 99, 1)")).toEqual(["foreignKey", "child_fk"]);
    expect(await of("DELETE FROM parent")).toEqual(["foreignKey", "child_fk"]);
    expect(await of("INSERT INTO child VALUES (2, 1, NULL)")).toBe("notNull");
    expect(await of("INSERT INTO child VALUES (2, 1, 0)")).toEqual(["check", "positive"]);
    expect(await of("SELECT 2147483647 + 1")).toBe("data");
    expect(await of("SELECT 1 / 0")).toBe("data");
    expect(await of("SELECT 'x'::int")).toBe("data");
    expect(await of("SELEC 1")).toBe("programming");
    expect(await of("SELECT * FROM nowhere")).toBe("programming");
    expect(await of("SELECT (SELECT generate_series(1, 2))")).toBe("programming");
    expect(await of("SELECT count(*) OVER (GROUPS 1 PRECEDING EXCLUDE TIES) FOR UPDATE")).toBe("programming");
    expect(await of("SELECT 1 FROM parent GROUP BY 1 FOR UPDATE")).toBe("notSupported");
  });

  it("[ENG72] tell a deadlock, a serialization failure and a lock that was not granted", async () => {
    const [a, b] = [await database.connect(), await database.connect()];
    await a.execute(
      "CREATE TABLE locked (id int PRIMARY KEY, n int); INSERT INTO locked VALUES (1, 0), (2, 0)",
      [],
      {},
    );
    const bump = (connection: typeof a, id: number) =>
      connection.execute("UPDATE locked SET n = n + 1 WHERE id = $1", [id], {});
    const kind = (work: Promise<unknown>) =>
      work.then(
        () => "none",
        (error: unknown) => classify(error).kind,
      );

    a.begin({});
    b.begin({});
    await bump(a, 1);
    await bump(b, 2);
    const outcomes = await Promise.all(
      [kind(bump(a, 2)), kind(bump(b, 1))].map(async (outcome, i) => {
        const found = await outcome;
        if (found !== "none") await [a, b][i]?.rollback();
        return found;
      }),
    );
    expect(outcomes.sort()).toEqual(["deadlock", "none"]);
    await a.rollback();
    await b.rollback();

    for (const connection of [a, b]) {
      connection.begin({ isolationLevel: "REPEATABLE READ" });
      await connection.execute("SELECT * FROM locked", [], {});
    }
    await bump(a, 1);
    await a.commit();
    expect(await kind(bump(b, 1))).toBe("serialization");
    await b.rollback();

    a.begin({});
    await bump(a, 1);
    expect(await kind(b.execute("SELECT * FROM locked WHERE id = 1 FOR UPDATE NOWAIT", [], {}))).toBe("lockTimeout");
    await b.execute("SET lock_timeout = 20", [], {});
    expect(await kind(bump(b, 1))).toBe("lockTimeout");
    await a.rollback();
  });
});
