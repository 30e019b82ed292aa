import { describe, expect, test } from "vitest";
import { classify } from "./classify.js";

const server = (number: number, message = "", severity = 16) =>
  classify({ name: "RequestError", code: "EREQUEST", number, class: severity, message });

describe("errors of tedious", () => {
  test("constraint violations say which kind, and which constraint", () => {
    expect(
      server(2627, "Violation of UNIQUE KEY constraint 'uq_name'. Cannot insert duplicate key in object 'dbo.t'."),
    ).toEqual({
      kind: "unique",
      nativeCode: "2627",
      constraint: "uq_name",
      disconnected: false,
    });
    expect(
      server(2601, "Cannot insert duplicate key row in object 'dbo.t' with unique index 'ix_name'."),
    ).toMatchObject({ kind: "unique", constraint: "ix_name" });
    expect(server(547, 'The INSERT statement conflicted with the FOREIGN KEY constraint "fk_author".')).toMatchObject({
      kind: "foreignKey",
      constraint: "fk_author",
    });
    expect(server(547, 'The DELETE statement conflicted with the REFERENCE constraint "fk_author".').kind).toBe(
      "foreignKey",
    );
    expect(server(547, 'The INSERT statement conflicted with the CHECK constraint "positive".')).toMatchObject({
      kind: "check",
      constraint: "positive",
    });
    expect(server(515, "Cannot insert the value NULL into column 'a', table 'db.dbo.t'").kind).toBe("notNull");
  });

  test("each number has its kind", () => {
    const kinds = [1205, 3960, 1222, 18456, 4060, 10054, 245, 8134, 8152, 102, 208, 2714, 9002, 50000].map(
      (number) => server(number).kind,
    );
    expect(kinds).toEqual([
      "deadlock",
      "serialization",
      "lockTimeout",
      "connect",
      "connect",
      "connectionLost",
      "data",
      "data",
      "data",
      "programming",
      "programming",
      "programming",
      "operational",
      "operational",
    ]);
  });

  test("an unknown number is judged by its severity", () => {
    expect(server(99, "", 15).kind).toBe("programming");
    expect(server(99, "", 17).kind).toBe("operational");
    expect(server(99, "", 21)).toMatchObject({ kind: "connectionLost", disconnected: true });
  });

  test("the driver's own errors: cancelled, timed out, lost, refused", () => {
    expect(classify({ code: "ECANCEL" }).kind).toBe("cancelled");
    expect(classify({ name: "RequestError", code: "ETIMEOUT" }).kind).toBe("statementTimeout");
    expect(classify({ name: "ConnectionError", code: "ETIMEOUT" }).kind).toBe("connect");
    expect(classify({ code: "ESOCKET" })).toMatchObject({ kind: "connectionLost", disconnected: true });
    expect(classify({ code: "EPARAM", message: "Validation failed for parameter 'p1'." }).kind).toBe("data");
    expect(classify(undefined)).toMatchObject({ kind: "interface", disconnected: false });
  });

  test("of several errors the first one counts", () => {
    const all = new AggregateError([
      Object.assign(new Error("duplicate"), { number: 2627, class: 14 }),
      new Error("other"),
    ]);
    expect(classify(all)).toMatchObject({ kind: "unique", nativeCode: "2627" });
  });
});
