import type { ExecutionOptions, SharedOptions } from "./options.js";

/**
 * The options of an execution, each from the nearest place that says it: the engine, the connection, the statement, the call.
 * `data` is put together from all of them.
 */
export function layerOptions(...layers: readonly (ExecutionOptions | undefined)[]): ExecutionOptions | undefined {
  let merged: ExecutionOptions | undefined;
  for (const layer of layers) {
    if (layer === undefined) continue;
    merged = merged === undefined ? layer : over(merged, layer);
  }
  return merged;
}

function over(below: ExecutionOptions, above: ExecutionOptions): ExecutionOptions {
  const said = Object.entries(above).filter(([, value]) => value !== undefined);
  const data = below.data === undefined || above.data === undefined ? undefined : { ...below.data, ...above.data };
  return { ...below, ...Object.fromEntries(said), ...(data === undefined ? {} : { data }) };
}

/** Those of some options that hold for executions; undefined when there are none. */
export function sharedOptions({
  timeout,
  pageRows,
  schemaTranslateMap,
  data,
}: SharedOptions): SharedOptions | undefined {
  if (timeout === undefined && pageRows === undefined && schemaTranslateMap === undefined && data === undefined)
    return undefined;
  return { timeout, pageRows, schemaTranslateMap, data };
}
