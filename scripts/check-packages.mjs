// Packs every package and looks at the tarballs as npm and TypeScript will: publint (manifest, exports, files), then
// are-the-types-wrong (do the declarations resolve; ESM only).
import { forEachPackage, packAll } from "./published.mjs";

const packed = await packAll();
const linted = packed && (await forEachPackage("publint", (one) => ["run", one.tarball, "--strict"]));
const typed =
  linted && (await forEachPackage("attw", (one) => [one.tarball, "--profile", "esm-only", "--format", "ascii"]));
process.exitCode = typed ? 0 : 1;
