import { createEngine, NotSupportedError } from "@acme/core";
import { expect, test } from "vitest";
import "./index.js";

test("[sqlite] two-phase transactions are refused", async () => {
  await using engine = createEngine("sqlite://");
  await using conn = await engine.connect();
  await expect(conn.twoPhase.begin()).rejects.toThrow(NotSupportedError);
  await expect(conn.twoPhase.recover()).rejects.toMatchObject({ code: "NO_TWO_PHASE" });
  expect(conn.inTransaction).toBe(false);
});
