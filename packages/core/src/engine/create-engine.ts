import { Engine } from "./engine.js";
import type { EngineOptions } from "./options.js";
import { pluginsOf } from "./plugins.js";
import { type DatabaseUrl, parseUrl } from "./url.js";

/**
 * Makes an engine. Nothing is opened until the first use.
 *
 * Throws ArgumentError (`BAD_URL`) and NoSuchDialectError, which says what to install and import.
 *
 * @example
 * ```ts
 * const engine = createEngine("postgresql://app:secret@localhost/shop", { echo: true, pool: { max: 20 } });
 * const memory = createEngine("sqlite://");
 * const other = createEngine({ dialect: "mysql", connection: { host: "db", username: "app", database: "shop" } });
 * ```
 */
export function createEngine(target: string | DatabaseUrl | EngineOptions, options: EngineOptions = {}): Engine {
  const isUrl = typeof target === "string" || "render" in target;
  const told = isUrl ? { ...options, url: target } : { ...target, ...options };
  const { plugins, url } = pluginsOf(told.url === undefined ? undefined : parseUrl(told.url), told.plugins ?? []);
  const configured = plugins.reduce<EngineOptions>(
    (before, plugin) => plugin.configure?.(before) ?? before,
    url === undefined ? told : { ...told, url },
  );
  const engine = new Engine(configured);
  for (const plugin of plugins) plugin.engineCreated?.(engine);
  return engine;
}
