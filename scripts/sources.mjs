// `node --import ./scripts/sources.mjs program.ts` runs a program on the sources of the packages, as the tests do: nothing has to be
// built. Node.js strips the types itself; what it lacks is the way from "@acme/core" and from "./x.js" to a .ts file.
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const packages = new URL("../packages/", import.meta.url);

function source(specifier, parent) {
  if (specifier === "@acme/core/dialect") return new URL("core/src/dialect.ts", packages);
  const [, name] = /^@acme\/([a-z-]+)$/.exec(specifier) ?? [];
  if (name !== undefined) return new URL(`${name}/src/index.ts`, packages);
  if (!/^\.\.?\/.*\.js$/.test(specifier) || parent === undefined) return undefined;
  const url = new URL(specifier.replace(/js$/, "ts"), parent);
  return existsSync(fileURLToPath(url)) ? url : undefined;
}

registerHooks({
  resolve(specifier, context, next) {
    const url = source(specifier, context.parentURL);
    return url === undefined ? next(specifier, context) : { url: url.href, shortCircuit: true };
  },
});
