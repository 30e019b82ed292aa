import { createEngine, type Engine } from "@acme/core";
import { twoPhaseTests } from "@acme/testkit";
import { afterAll, beforeAll, describe } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../scripts/test-databases/embedded-postgres.js";
import "./index.js";

describe("[postgresql]", () => {
  let server: EmbeddedPostgres;
  let engine: Engine;
  beforeAll(async () => {
    server = await startEmbeddedPostgres({ settings: { max_prepared_transactions: "5" } });
    engine = createEngine(server.url);
  });
  afterAll(async () => {
    await engine.dispose();
    await server.stop();
  });
  twoPhaseTests(() => engine);
});
