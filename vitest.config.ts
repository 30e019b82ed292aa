import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const packages = readdirSync(path("./packages"));

/** Tests read the sources, not dist/: nothing has to be built before `vitest`. */
const alias = [
  { find: /^@acme\/core\/dialect$/, replacement: path("./packages/core/src/dialect.ts") },
  { find: /^@acme\/testkit\/testing$/, replacement: path("./packages/testkit/src/testing/index.ts") },
  { find: /^@acme\/([a-z-]+)$/, replacement: path("./packages/$1/src/index.ts") },
];

export default defineConfig({
  resolve: { alias },
  test: {
    globalSetup: [path("./scripts/test-databases/global-setup.ts")],
    // Databases are slow to start with on a busy machine; no test asserts a time.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      ...packages.map((name) => [name, `./packages/${name}`] as const),
      ["examples", "./examples"] as const,
    ].map(([name, root]) => ({
      extends: true as const,
      test: { name, root: path(root), include: ["src/**/*.test.ts", "test/**/*.test.ts"] },
    })),
  },
});
