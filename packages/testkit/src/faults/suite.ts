import { afterAll, beforeAll, describe, test } from "vitest";
import type { ProvisionedDatabase } from "../target.js";
import { conflictChapter } from "./conflicts.js";
import { FaultRun } from "./context.js";
import { hookChapter } from "./hooks.js";
import { killChapter } from "./kills.js";
import { limitChapter } from "./limits.js";
import { networkChapter } from "./network.js";
import { restartChapter } from "./restarts.js";
import { soakChapter } from "./soaks.js";
import type { FaultTarget } from "./target.js";

const CHAPTERS = [killChapter, networkChapter, limitChapter, conflictChapter, hookChapter, restartChapter, soakChapter];

/**
 * Declares the fault suite for one database; call it in a vitest file of a dialect's package. It breaks connections, networks,
 * servers and listeners, and checks each time that the error has the right class, that the next caller is served, that pool and
 * server have lost nothing, and that no transaction is half-done.
 *
 * @example
 * ```ts
 * faults({
 *   name: "postgresql",
 *   provision: () => provisionDatabase(serverUrl),
 *   createEngine: (url, options) => createEngine(url, options),
 *   server: { sessionId: "SELECT pg_backend_pid()", kill: (id) => `SELECT pg_terminate_backend(${id})`, ... },
 *   optOut: { restarts: "no binaries of the server at hand" },
 * });
 * ```
 */
export function faults(target: FaultTarget): void {
  if (target.unavailable !== undefined) {
    describe.skip(`[${target.name}] faults`, () => {
      test(`left out: ${target.unavailable}`, () => {});
    });
    return;
  }
  describe(`[${target.name}] faults`, () => {
    let database: ProvisionedDatabase | undefined;
    const run = new FaultRun(target, () => (database as ProvisionedDatabase).url);

    beforeAll(async () => {
      database = await target.provision();
      await run.open();
    });

    afterAll(async () => {
      await run.close();
      await database?.drop();
      console.info(`faults ${run.tally}`);
    });

    for (const chapter of CHAPTERS) run.declare(chapter);
  });
}
