import { createEngine } from "@acme/core";
import { conformance } from "@acme/testkit";
import "./index.js";

conformance({
  name: "sqlite",
  provision: async () => ({ url: "sqlite://", drop: async () => {} }),
  createEngine: (url, options) => createEngine(url, options),
  optOut: {
    lateral: "SQLite has no LATERAL",
    rowLocks: "SQLite locks the whole database",
    exactNumerics: "SQLite keeps decimals as 64-bit floats: 15 digits are exact, more are refused",
    stringLength: "SQLite ignores the length of VARCHAR",
    integerRange: "SQLite's integers have 64 bits",
  },
});
