import { ArgumentError, copyTree, type Engine } from "@acme/core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Chapter, contextFor } from "./chapter.js";
import { CHAPTERS } from "./chapters/index.js";
import { createStore, dropStore } from "./store.js";
import { Tally } from "./tally.js";
import type { ConformanceTarget, ProvisionedDatabase } from "./target.js";

/**
 * Declares the conformance suite for one database; call it in a vitest file of a dialect's package.
 *
 * The suite runs twice: as users run it, and once more with every statement copied node by node before it is compiled and
 * without the cache of compiled statements. The second run must not differ: it proves that each node class declares all
 * that it holds, and that the cache never serves a statement that is not its own.
 *
 * @example
 * ```ts
 * conformance({
 *   name: "sqlite",
 *   provision: async () => ({ url: "sqlite://", drop: async () => {} }),
 *   createEngine: (url, options) => createEngine(url, options),
 *   optOut: { rowLocks: "SQLite locks the whole database" },
 * });
 * ```
 */
export function conformance(target: ConformanceTarget): void {
  if (target.unavailable !== undefined) {
    describe.skip(titleOf(target), () => {
      test(`left out: ${target.unavailable}`, () => {});
    });
    return;
  }
  runSuite(target, "as users run it", {});
  if (target.once) return;
  runSuite(target, "copied node by node, without the compiled cache", {
    compiledCache: 0,
    transformStatement: copyTree,
  });
}

function titleOf({ name, driver }: ConformanceTarget): string {
  return `[${name}] conformance${driver === undefined ? "" : ` through ${driver}`}`;
}

/** The chapters that a target runs; one that it leaves out must be there to be left out. */
function chaptersOf({ chapters = [], withoutChapters = {} }: ConformanceTarget, tally: Tally): readonly Chapter[] {
  const all = [...CHAPTERS, ...chapters];
  for (const [title, reason] of Object.entries(withoutChapters)) {
    if (!all.some((chapter) => chapter.title === title)) {
      throw new ArgumentError(`The suite has no chapter "${title}".`, {
        code: "NO_SUCH_CHAPTER",
        remedy: `It has: ${all.map((chapter) => chapter.title).join(", ")}.`,
      });
    }
    tally.leaveOut(title, reason);
  }
  return all.filter(({ title }) => withoutChapters[title] === undefined);
}

function runSuite(
  target: ConformanceTarget,
  variant: string,
  options: Parameters<ConformanceTarget["createEngine"]>[1],
): void {
  describe(`${titleOf(target)}, ${variant}`, () => {
    const tally = new Tally(`${target.driver ?? target.name} (${variant})`);
    let database: ProvisionedDatabase | undefined;
    let engine: Engine | undefined;

    beforeAll(async () => {
      database = await target.provision();
      engine = target.createEngine(database.url, options);
      await createStore(engine);
    });

    afterAll(async () => {
      if (engine) {
        await dropStore(engine);
        await engine.dispose();
      }
      await database?.drop();
      console.info(`conformance ${tally}`);
    });

    const context = contextFor(() => engine as Engine, target, tally);
    for (const chapter of chaptersOf(target, tally)) {
      describe(chapter.title, () => {
        const before = context.declared();
        chapter.declare(context);
        // Vitest takes an empty suite for a mistake; the opt-outs say why each of its tests is left out.
        if (context.declared() === before) test.skip("left out whole, by the dialect's opt-outs", () => {});
      });
    }
  });
}
