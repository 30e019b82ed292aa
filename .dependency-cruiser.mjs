// The arrows between packages and between core's rooms (docs: ARCHITECTURE.md). Type-only imports vanish when compiled: they
// count between packages, where they show up in declarations, but not in cycles and not between rooms.
const tests = "\\.test\\.ts$|/test/|/testing/|/test-[^/]+\\.ts$";
const otherThan = (...allowed) => `^packages/(?!(${allowed.join("|")}))`;
const compilePath = "^packages/core/src/(sql|visit|types|schema|ddl|compile|errors)/";

export default {
  forbidden: [
    {
      name: "pool-is-a-leaf",
      comment: "@acme/pool knows no SQL and no other package",
      severity: "error",
      from: { path: "^packages/pool/", pathNot: tests },
      to: { path: otherThan("pool/") },
    },
    {
      name: "core-stands-on-pool",
      comment: "@acme/core imports no package but @acme/pool",
      severity: "error",
      from: { path: "^packages/core/", pathNot: tests },
      to: { path: otherThan("core/", "pool/") },
    },
    {
      name: "dialects-stand-on-core",
      comment: "a dialect imports no package but @acme/core; two dialects share through core",
      severity: "error",
      from: { path: "^packages/(dialect-[^/]+)/", pathNot: tests },
      to: { path: otherThan("$1/", "core/") },
    },
    {
      name: "dialects-use-the-authors-entry-point",
      comment: "a dialect runs on @acme/core/dialect, as a third party's would; from @acme/core it takes types at most",
      severity: "error",
      from: { path: "^packages/dialect-[^/]+/", pathNot: tests },
      to: { path: "^packages/core/src/index\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "orm-stands-on-core",
      comment: "@acme/orm imports no package but @acme/core",
      severity: "error",
      from: { path: "^packages/orm/", pathNot: tests },
      to: { path: otherThan("orm/", "core/") },
    },
    {
      name: "testkit-stands-on-core-and-orm",
      comment: "@acme/testkit must work for a third party's dialect: it knows none of ours",
      severity: "error",
      from: { path: "^packages/testkit/", pathNot: tests },
      to: { path: otherThan("testkit/", "core/", "orm/") },
    },
    {
      name: "public-entry-points-only",
      comment: "another package is entered through its entry points, by tests, examples and benchmarks too",
      severity: "error",
      from: { path: "^(packages/[^/]+|examples|benchmarks)/" },
      to: {
        path: "^packages/",
        pathNot: [
          "^$1/",
          "^packages/[^/]+/src/index\\.ts$",
          "^packages/core/src/dialect\\.ts$",
          "^packages/testkit/src/testing/index\\.ts$",
        ],
      },
    },
    {
      name: "compile-path-knows-no-engine",
      comment: "what a statement is and how it compiles does not depend on how it is executed",
      severity: "error",
      from: { path: compilePath, pathNot: tests },
      to: { path: "^packages/core/src/(engine|reflect)/", dependencyTypesNot: ["type-only", "dynamic-import"] },
    },
    {
      name: "compile-path-runs-anywhere",
      comment: "statements compile in a browser or on an edge runtime: nothing of Node.js may be reached from there",
      severity: "error",
      from: { path: compilePath, pathNot: tests },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "errors-and-visit-stand-alone",
      comment: "the error tree and tree walking are used by every room and use none",
      severity: "error",
      from: { path: "^packages/core/src/(errors|visit)/", pathNot: tests },
      to: {
        path: "^packages/core/src/",
        pathNot: "^packages/core/src/(errors|visit)/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "no-cycles",
      comment: "modules that need each other while loading break as soon as somebody imports them in another order",
      severity: "error",
      from: { path: "^(packages|examples|benchmarks)/", pathNot: tests },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-unresolved",
      comment: "an import that does not resolve",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "tests-are-not-imported",
      comment: "what a test needs from another test belongs into a module of its own",
      severity: "error",
      from: {},
      to: { path: "\\.test(-d)?\\.ts$" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules/\\.cache)/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
