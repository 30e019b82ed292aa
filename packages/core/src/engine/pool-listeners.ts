import type { PoolListeners } from "@acme/pool";
import type { DriverConnection } from "../dialect/driver.js";
import type { EngineEventHub } from "./events.js";

/** Passes the events of a pool on to the listeners of its engine. */
export function poolListeners(events: EngineEventHub): PoolListeners<DriverConnection> {
  const pass =
    (name: "checkout" | "checkin" | "close" | "detach") =>
    ({ resource }: { readonly resource: DriverConnection }): void => {
      if (events.hears(name)) events.emit(name, { connection: resource });
    };
  return {
    checkout: pass("checkout"),
    checkin: pass("checkin"),
    close: pass("close"),
    detach: pass("detach"),
    reset: ({ resource }) =>
      events.hears("reset") ? events.emitAwaited("reset", { connection: resource }) : undefined,
    invalidate: ({ resource, error }) => {
      if (events.hears("invalidate")) events.emit("invalidate", { connection: resource, error });
    },
    softInvalidate: ({ resource, error }) => {
      if (events.hears("softInvalidate")) events.emit("softInvalidate", { connection: resource, error });
    },
  };
}
