import { createEngine } from "@acme/core";
import { conformance } from "@acme/testkit";
import "./index.js";

conformance({
  name: "pglite",
  provision: async () => ({ url: "postgresql+pglite://", drop: async () => {} }),
  createEngine: (url, options) => createEngine(url, options),
});
