import {
  type ConnectOptions,
  type Driver,
  type DriverConnection,
  DriverMissingError,
  type ErrorClassification,
} from "@acme/core/dialect";
import type { Connection } from "tedious";
import { classify } from "./classify.js";
import { MssqlConnection } from "./connection.js";
import { type Settings, settingsOf } from "./options.js";

/** The driver's module. */
export type Tedious = typeof import("tedious");

/** The adapter of the npm package `tedious`. */
export class MssqlDriver implements Driver {
  readonly name = "tedious";

  async connect(options: ConnectOptions): Promise<DriverConnection> {
    const settings = settingsOf(options);
    const driver = await load();
    const native = await made(driver, settings, options);
    await opened(native);
    return new MssqlConnection(driver, native, settings);
  }

  classify(error: unknown): ErrorClassification {
    return classify(error);
  }
}

async function load(): Promise<Tedious> {
  try {
    return await import("tedious");
  } catch (cause) {
    throw new DriverMissingError('The npm package "tedious" is not installed.', {
      remedy: "Run `npm install tedious`.",
      cause,
    });
  }
}

/** The driver's connection, or what the caller's own function made in its place. */
async function made(driver: Tedious, { config }: Settings, { connect }: ConnectOptions): Promise<Connection> {
  if (connect === undefined) return new driver.Connection(config);
  return (await connect(config as unknown as Readonly<Record<string, unknown>>)) as Connection;
}

/** Connects; a connection that somebody has connected already stays as it is. */
function opened(native: Connection): Promise<void> {
  const { state } = native as unknown as { readonly state?: { readonly name?: string } };
  if (state?.name !== undefined && state.name !== "Initialized") return Promise.resolve();
  return new Promise((resolve, reject) => {
    native.connect((error) => {
      if (error === undefined || error === null) return resolve();
      native.close();
      reject(error);
    });
  });
}
