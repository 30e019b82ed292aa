import { describe, expect, test } from "vitest";
import { classify } from "./classify.js";

const ora = (errorNum: number, message = "") =>
  classify({ errorNum, code: `ORA-${String(errorNum).padStart(5, "0")}`, message });

describe("errors of oracledb", () => {
  test("constraint violations say which kind, and which constraint", () => {
    expect(ora(1, "ORA-00001: unique constraint (SCOTT.UQ_NAME) violated")).toEqual({
      kind: "unique",
      nativeCode: "ORA-00001",
      constraint: "uq_name",
      disconnected: false,
    });
    expect(
      ora(2291, "ORA-02291: integrity constraint (SCOTT.fk_authorId) violated - parent key not found"),
    ).toMatchObject({
      kind: "foreignKey",
      constraint: "fk_authorId",
    });
    expect(ora(2290, "ORA-02290: check constraint (SCOTT.POSITIVE) violated")).toMatchObject({
      kind: "check",
      constraint: "positive",
    });
    expect(ora(1400, 'ORA-01400: cannot insert NULL into ("SCOTT"."T"."A")')).toMatchObject({
      kind: "notNull",
      constraint: undefined,
    });
  });

  test("each number has its kind", () => {
    const kinds = [
      60, 8177, 54, 1013, 1017, 12541, 3113, 1476, 1722, 1858, 12899, 942, 904, 955, 600, 1555, 20001, 99999,
    ].map((number) => ora(number).kind);
    expect(kinds).toEqual([
      "deadlock",
      "serialization",
      "lockTimeout",
      "cancelled",
      "connect",
      "connect",
      "connectionLost",
      "data",
      "data",
      "data",
      "data",
      "programming",
      "programming",
      "programming",
      "internal",
      "operational",
      "operational",
      "operational",
    ]);
  });

  test("the driver's own errors: a lost connection, a time limit, misuse", () => {
    expect(classify({ code: "NJS-500", message: "connection to the Oracle Database was broken" })).toMatchObject({
      kind: "connectionLost",
      disconnected: true,
    });
    expect(classify({ code: "NJS-123", message: "call timeout" })).toMatchObject({
      kind: "statementTimeout",
      disconnected: false,
    });
    expect(classify({ code: "NJS-098", message: "2 positional bind values are required" })).toMatchObject({
      kind: "interface",
    });
    expect(classify(new TypeError("x"))).toMatchObject({ kind: "interface", nativeCode: undefined });
  });
});
