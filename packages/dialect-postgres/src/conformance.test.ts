import { randomBytes } from "node:crypto";
import { createEngine, sql } from "@acme/core";
import { Temporal } from "temporal-polyfill";
import "temporal-polyfill/global";
import { conformance, temporalRoads } from "@acme/testkit";
import { inject } from "vitest";
import { provisionExtensions } from "./native/test-extensions.js";
import { nativeRoads } from "./native/test-roads.js";
import "./index.js";

const { postgresql } = inject("databases");

conformance({
  name: "postgresql",
  ...(postgresql.available ? {} : { unavailable: postgresql.reason }),
  provision: async () => {
    if (!postgresql.available) throw new Error(postgresql.reason);
    const name = `acme_conformance_${randomBytes(5).toString("hex")}`;
    const admin = createEngine(postgresql.url);
    const run = (text: ReturnType<typeof sql>) =>
      admin.connect().then((conn) => conn.execute(text).finally(() => conn.close()));
    await run(sql`CREATE DATABASE ${sql.identifier(name)}`);
    const url = new URL(postgresql.url);
    url.pathname = `/${name}`;
    await provisionExtensions(url.href);
    return {
      url: url.href,
      drop: async () => {
        await run(sql`DROP DATABASE ${sql.identifier(name)} WITH (FORCE)`);
        await admin.dispose();
      },
    };
  },
  createEngine: (url, options) => createEngine(url, options),
  chapters: [nativeRoads, temporalRoads(Temporal)],
  sessionModes: { "standard_conforming_strings off": ["SET standard_conforming_strings = off"] },
});
