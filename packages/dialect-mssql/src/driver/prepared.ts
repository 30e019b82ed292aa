import type { DriverResult, ExecuteOptions } from "@acme/core/dialect";
import type { Connection } from "tedious";
import type { Tedious } from "./driver.js";
import { type Parameter, parameterOf } from "./parameters.js";
import { type ColumnMetadata, type Read, readersOf, readRow } from "./rows.js";

/** A statement prepared once (sp_prepare) and executed by its handle: neither its text nor its declarations travel again. */
export async function runPrepared(
  driver: Tedious,
  connection: Connection,
  sql: string,
  sets: readonly (readonly Parameter[])[],
  options: ExecuteOptions,
): Promise<DriverResult> {
  let columns: readonly string[] = [];
  let readers: readonly (Read | undefined)[] = [];
  const rows: (readonly unknown[])[] = [];
  let failure: unknown;
  let settle: (error: unknown, rowCount: number) => void = () => undefined;
  const request = new driver.Request(sql, (error, count) => settle(failure ?? error ?? undefined, count ?? 0));
  request.on("columnMetadata", (given) => {
    const list = given as unknown as readonly ColumnMetadata[];
    readers = readersOf(list);
    columns = list.map(({ colName }) => colName);
  });
  request.on("row", (values: readonly { readonly value: unknown }[]) => {
    if (failure !== undefined) return;
    try {
      rows.push(readRow(values, readers));
    } catch (error) {
      failure = error;
    }
  });
  request.on("prepared", () => settle(undefined, 0));
  request.on("error", (error) => settle(error, 0));
  if (options.timeout !== undefined) request.setTimeout(Math.max(1, Math.ceil(options.timeout)));
  for (const [i, { type, options: sizes }] of (sets[0] as readonly Parameter[]).entries())
    request.addParameter(`p${i + 1}`, type, null, sizes);
  const step = (send: () => void): Promise<number> =>
    new Promise((resolve, reject) => {
      settle = (error, count) => (error === undefined ? resolve(count) : reject(error));
      send();
    });
  const abort = (): void => void connection.cancel();
  options.signal?.addEventListener("abort", abort, { once: true });
  let rowCount = 0;
  try {
    await step(() => connection.prepare(request));
    for (const set of sets) {
      options.signal?.throwIfAborted();
      const values = Object.fromEntries(set.map(({ value }, i) => [`p${i + 1}`, value]));
      rowCount += await step(() => connection.execute(request, values));
    }
  } finally {
    options.signal?.removeEventListener("abort", abort);
    await released(connection, request, step);
  }
  return { columns, rows, rowCount };
}

/** Gives the handle back, where there is one and the connection can still say so; it ends with the connection anyway. */
async function released(
  connection: Connection,
  request: InstanceType<Tedious["Request"]>,
  step: (send: () => void) => Promise<number>,
): Promise<void> {
  const { handle, canceled } = request as unknown as { readonly handle?: number; readonly canceled?: boolean };
  if (handle === undefined || canceled) return;
  await step(() => connection.unprepare(request)).catch(() => undefined);
}

/**
 * The values of many sets as parameters of one type for each position; undefined where a position has values of types that do not go
 * together without loss, or sizes that differ in digits.
 */
export function commonParameters(
  driver: Tedious,
  sets: readonly (readonly unknown[])[],
): readonly (readonly Parameter[])[] | undefined {
  const width = sets[0]?.length ?? 0;
  const given = sets.map((set) => set.map((value) => parameterOf(driver, value)));
  const common: Parameter[] = [];
  for (let i = 0; i < width; i++) {
    let chosen: Parameter | undefined;
    for (const set of given) {
      const parameter = set[i] as Parameter;
      if (parameter.value === null) continue;
      chosen = chosen === undefined ? parameter : wider(driver, chosen, parameter);
      if (chosen === undefined) return undefined;
    }
    common.push(chosen ?? (given[0]?.[i] as Parameter));
  }
  return given.map((set) =>
    set.map(({ value }, i) => {
      const { type, options } = common[i] as Parameter;
      return { type, value, options };
    }),
  );
}

/** What takes the values of both. */
function wider({ TYPES }: Tedious, a: Parameter, b: Parameter): Parameter | undefined {
  const one = (...types: Parameter["type"][]): boolean => types.includes(a.type) && types.includes(b.type);
  if (a.type === b.type) {
    if (a.options?.scale !== b.options?.scale || a.options?.precision !== b.options?.precision) return undefined;
    return (a.options?.length ?? 0) >= (b.options?.length ?? 0) ? a : b;
  }
  if (one(TYPES.Int, TYPES.BigInt)) return a.type === TYPES.BigInt ? a : b;
  if (one(TYPES.Int, TYPES.Float)) return a.type === TYPES.Float ? a : b;
  return undefined;
}
