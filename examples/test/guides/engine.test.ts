import { createEngine, type Engine } from "@acme/core";
import "@acme/dialect-mysql";
import "@acme/dialect-postgres";
import "@acme/dialect-sqlite";
import { provisionDatabase } from "@acme/testkit";
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { fill, type GuideModule, importGuide, typeErrors } from "./guide-module.js";
import { sections } from "./recorder.js";

let module: GuideModule;

beforeAll(async () => {
  module = await importGuide("engine", { blocksApart: true });
});

test("the guide to the engine type-checks", { timeout: 240_000 }, async () => {
  expect(await typeErrors("engine")).toBe("");
});

const { sqlite, postgresql, mariadb } = inject("databases");
for (const [name, found] of Object.entries({ sqlite, postgresql, mariadb })) {
  describe.skipIf(!found.available)(`[${name}] the guide to the engine`, () => {
    let engine: Engine;
    let drop: (() => Promise<void>) | undefined;

    beforeEach(async () => {
      const database = name === "sqlite" ? undefined : await provisionDatabase(found.available ? found.url : "");
      drop = database?.drop;
      engine = createEngine(database?.url ?? "sqlite://");
      await fill(module, engine);
    });

    afterEach(async () => {
      await engine.dispose();
      await drop?.();
    });

    test("does what it says, section by section", async () => {
      expect(sections.size).toBeGreaterThan(0);
      for (const run of sections.values()) await run(undefined as never, engine);
    });
  });
}
