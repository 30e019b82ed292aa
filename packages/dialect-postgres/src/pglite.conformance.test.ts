import { createEngine } from "@acme/core";
import type { Driver } from "@acme/core/dialect";
import { conformance } from "@acme/testkit";
import { PGlite } from "@electric-sql/pglite";
import { vi } from "vitest";
import { pgliteDriver } from "./index.js";

// PGlite starts in seconds, and in more of them on a busy machine; some tests make engines of their own.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

/** A new database, kept as a file: an engine begins with it in a sixth of the time that making it anew takes. */
let fresh: Blob | undefined;

async function makeFresh(): Promise<Blob> {
  const pglite = await PGlite.create();
  const dump = await pglite.dumpDataDir("none");
  await pglite.close();
  return dump;
}

const driver: Driver = {
  ...pgliteDriver,
  connect: (options) => pgliteDriver.connect({ ...options, options: { client: { loadDataDir: fresh } } }),
};

conformance({
  name: "pglite",
  // That nodes can be copied was shown on the server.
  once: true,
  provision: async () => {
    fresh ??= await makeFresh();
    return { url: "postgresql+pglite://", drop: async () => {} };
  },
  createEngine: (url, options) => createEngine(url, { ...options, driver }),
  optOut: { sessions: "PGlite has one session" },
  // What is left out is the same text on the same wire, and most of the time.
  withoutChapters: {
    "types on every road": "values travel as through pg, whose run covers every road",
    batches: "statements of batches are pg's, whose run covers them",
  },
});
