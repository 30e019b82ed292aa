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
import { configuration } from "./options.js";

/** The driver's module. */
export type Tedious = typeof import("tedious");

/** The adapter of the npm package `tedious`. */
export class MssqlDriver implements Driver {
  readonly name = "tedious";

  async connect(options: ConnectOptions): Promise<DriverConnection> {
    const driver = await load();
    const native = new driver.Connection(configuration(options));
    await opened(native);
    return new MssqlConnection(driver, native);
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

function opened(native: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    native.connect((error) => {
      if (error === undefined || error === null) return resolve();
      native.close();
      reject(error);
    });
  });
}
