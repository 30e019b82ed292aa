import type { TracingChannel } from "node:diagnostics_channel";
import type { MaybePromise } from "../dialect/driver.js";
import { isPromise } from "./maybe.js";
import type { CheckoutTrace, ConnectTrace, ExecuteTrace, TraceMessage, TransactionTrace } from "./trace-messages.js";

type Channel<M extends TraceMessage> = TracingChannel<unknown, M>;

/** Node.js where there is one. Programs that only compile statements run without it. */
const node = (globalThis as { readonly process?: Partial<Pick<NodeJS.Process, "getBuiltinModule">> }).process;
const diagnostics = node?.getBuiltinModule?.("node:diagnostics_channel");

function channel<M extends TraceMessage>(name: string): Channel<M> | undefined {
  return diagnostics?.tracingChannel<unknown, M>(name);
}

/** The channels of the toolkit; undefined without Node.js. */
export const traces = {
  connect: channel<ConnectTrace>("acme:connect"),
  checkout: channel<CheckoutTrace>("acme:checkout"),
  execute: channel<ExecuteTrace>("acme:execute"),
  transaction: channel<TransactionTrace>("acme:transaction"),
} as const;

/** Whether anybody subscribed to a channel: all that is asked when nobody did. */
export function isTraced(name: keyof typeof traces): boolean {
  return traces[name]?.hasSubscribers === true;
}

/**
 * Does work between the messages of a tracing channel. `start` and `end` stand around the call, `asyncStart` and `asyncEnd`
 * around its outcome, also where that is there at once: a subscriber need not care whether a database is embedded. An error
 * is told on `error` before.
 */
export function traced<M extends TraceMessage, T>(
  to: Channel<M> | undefined,
  message: M,
  work: () => MaybePromise<T>,
  done: (value: T, message: M) => void = () => undefined,
): MaybePromise<T> {
  if (to === undefined || !to.hasSubscribers) return work();
  const close = (): void => {
    to.asyncStart.publish(message);
    to.asyncEnd.publish(message);
  };
  const succeed = (value: T): T => {
    done(value, message);
    close();
    return value;
  };
  const fail = (error: unknown): never => {
    message.error = error;
    to.error.publish(message);
    close();
    throw error;
  };
  return to.start.runStores(message, () => {
    let answer: MaybePromise<T>;
    try {
      answer = work();
    } catch (error) {
      to.end.publish(message);
      return fail(error);
    }
    to.end.publish(message);
    return isPromise(answer) ? answer.then(succeed, fail) : succeed(answer);
  });
}

/**
 * Tells of a stream that begins; what it returns tells of its end. It stays open across turns of the caller's, so that stores
 * bound to `start` hold for its opening only.
 */
export function traceOpen(message: ExecuteTrace): ((rowCount: number, error: unknown) => void) | undefined {
  const to = traces.execute;
  if (to === undefined || !to.hasSubscribers) return undefined;
  to.start.runStores(message, () => to.end.publish(message));
  return (rowCount, error) => {
    message.rowCount = rowCount;
    if (error !== undefined) {
      message.error = error;
      to.error.publish(message);
    }
    to.asyncStart.publish(message);
    to.asyncEnd.publish(message);
  };
}
