import { ArgumentError } from "../errors/index.js";
import type { Engine } from "./engine.js";
import type { EngineOptions } from "./options.js";
import type { DatabaseUrl } from "./url.js";

/**
 * Changes engines while they are made: their options (URL, pool, driver), and the engine once it is there (listeners). Given as
 * an option, or named in the URL (`?plugin=audit`) after {@link registerEnginePlugin}.
 *
 * @example
 * ```ts
 * const audit: EnginePlugin = {
 *   configure: (options) => ({ ...options, name: "audited" }),
 *   engineCreated: (engine) => void engine.on("commit", record),
 * };
 * createEngine(url, { plugins: [audit] });
 * ```
 */
export interface EnginePlugin {
  /** The options to make the engine with; nothing leaves them as they are. */
  readonly configure?: (options: EngineOptions) => EngineOptions | undefined;
  /** Called with the engine before anybody uses it. */
  readonly engineCreated?: (engine: Engine) => void;
}

const registered = new Map<string, () => EnginePlugin>();

/** Makes a plugin known under a name for URLs: `postgresql://db/shop?plugin=audit`. Registering a name again replaces it. */
export function registerEnginePlugin(name: string, make: () => EnginePlugin): void {
  registered.set(name, make);
}

/** The plugins that an engine is made with, those of the URL first; and the URL without their names. */
export function pluginsOf(
  url: DatabaseUrl | undefined,
  given: readonly EnginePlugin[],
): { readonly plugins: readonly EnginePlugin[]; readonly url: DatabaseUrl | undefined } {
  const named = url?.query.plugin;
  if (url === undefined || named === undefined) return { plugins: given, url };
  const names = typeof named === "string" ? named.split(",") : named;
  return { plugins: [...names.map(pluginByName), ...given], url: url.updateQuery({ plugin: undefined }) };
}

function pluginByName(name: string): EnginePlugin {
  const make = registered.get(name);
  if (make !== undefined) return make();
  const known = [...registered.keys()];
  throw new ArgumentError(`The URL names the engine plugin "${name}", which is not registered.`, {
    code: "NO_SUCH_PLUGIN",
    remedy: `Call registerEnginePlugin("${name}", ...) before createEngine(). Registered: ${known.join(", ") || "none"}.`,
  });
}
