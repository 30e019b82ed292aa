import type { CompileOptions } from "../compile/compiler.js";
import { CompileError } from "../errors/index.js";

/** What happens when a statement is found suspicious while it is compiled. */
export type LintLevel = "warn" | "error" | false;

/** How statements are compiled at a level: warnings go to Node's warnings, or to the console where there are none. */
export function lintOptions(level: LintLevel): CompileOptions {
  switch (level) {
    case "error":
      return {
        onCartesian: (message) => {
          throw new CompileError(message, { code: "CARTESIAN_PRODUCT" });
        },
      };
    case "warn":
      return { onCartesian: warn };
    default:
      return {};
  }
}

function warn(message: string): void {
  const { process } = globalThis as { readonly process?: { emitWarning?(message: string, type: string): void } };
  if (process?.emitWarning) process.emitWarning(message, "CartesianProductWarning");
  else console.warn(message);
}
