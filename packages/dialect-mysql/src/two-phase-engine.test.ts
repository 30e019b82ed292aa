import { createEngine, type Engine } from "@acme/core";
import { twoPhaseTests } from "@acme/testkit";
import { afterAll, beforeAll, describe, inject } from "vitest";
import "./index.js";
import { provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");

describe.skipIf(!mariadb.available)("[mariadb]", () => {
  let database: TestDatabase;
  let engine: Engine;
  beforeAll(async () => {
    database = await provision(mariadb.available ? mariadb.url : "");
    engine = createEngine(database.url);
  });
  afterAll(async () => {
    await engine.dispose();
    await database.drop();
  });
  twoPhaseTests(() => engine);
});
