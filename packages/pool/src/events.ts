import process from "node:process";
import { type PoolError, PoolHookError } from "./errors.js";
import { isThenable } from "./timing.js";

/** What each event of a pool carries. The names are those of SQLAlchemy's pool events. */
export interface PoolEvents<T> {
  /**
   * A resource was created. The one event whose listeners are awaited: they may prepare the resource (`SET ...`,
   * `PRAGMA ...`); when one throws, the resource is destroyed and the caller gets a {@link PoolCreateError}.
   */
  readonly connect: { readonly resource: T };
  /** A resource was handed to a caller. */
  readonly checkout: { readonly resource: T };
  /**
   * A resource came back and the pool's `reset` was done with it: the place for cleaning of your own (`DISCARD ALL`). Like those
   * of `connect`, listeners are awaited; when one throws, the resource is destroyed. Not told of a resource that is not kept.
   */
  readonly reset: { readonly resource: T };
  /** A resource came back and was reset. (Above `max` it is destroyed next, otherwise it may be handed out again.) */
  readonly checkin: { readonly resource: T };
  /** A resource is dropped because it is broken, or because its whole generation was invalidated. */
  readonly invalidate: { readonly resource: T; readonly error: unknown };
  /** A resource that is still in use is not to be lent again: it is destroyed when it comes back. */
  readonly softInvalidate: { readonly resource: T; readonly error: unknown };
  /** A resource left the pool for good: whoever has it ends it. */
  readonly detach: { readonly resource: T };
  /** A resource is about to be destroyed, for whatever reason. */
  readonly close: { readonly resource: T };
  /** Something failed that concerns no caller: `destroy`, a listener, a leaked lease. Unheard, it is a process warning. */
  readonly error: { readonly error: PoolError };
}

/** The name of an event of a pool. */
export type PoolEventName = keyof PoolEvents<unknown>;

/** A function that hears one kind of event. Only `connect` and `reset` await the promise that it may return. */
export type PoolListener<T, K extends PoolEventName> = (event: PoolEvents<T>[K]) => unknown;

/** One listener per event, as the option `on` takes them. */
export type PoolListeners<T> = { readonly [K in PoolEventName]?: PoolListener<T, K> | undefined };

type ListenerLists<T> = { [K in PoolEventName]: readonly PoolListener<T, K>[] };

/** Keeps the listeners of one pool and calls them. A listener that throws harms neither the pool nor other listeners. */
export class EventHub<T> {
  readonly #lists: ListenerLists<T> = {
    connect: [],
    checkout: [],
    reset: [],
    checkin: [],
    invalidate: [],
    softInvalidate: [],
    detach: [],
    close: [],
    error: [],
  };

  /** Adds a listener; the returned function removes it. */
  on<K extends PoolEventName>(name: K, listener: PoolListener<T, K>): () => void {
    const lists: { [N in K]: readonly PoolListener<T, N>[] } = this.#lists;
    // Each addition is an entry of its own, so that removing one never removes another's.
    const entry: PoolListener<T, K> = (event) => listener(event);
    lists[name] = [...lists[name], entry];
    return () => {
      lists[name] = lists[name].filter((other) => other !== entry);
    };
  }

  /** Whether anybody listens; spares the hot path the event object. */
  hears(name: PoolEventName): boolean {
    return this.#lists[name].length > 0;
  }

  emit<K extends PoolEventName>(name: K, event: PoolEvents<T>[K]): void {
    const lists: { [N in K]: readonly PoolListener<T, N>[] } = this.#lists;
    for (const listener of lists[name]) {
      try {
        const answer = listener(event);
        if (isThenable(answer)) answer.then(undefined, (error: unknown) => this.#listenerFailed(name, error));
      } catch (error) {
        this.#listenerFailed(name, error);
      }
    }
  }

  /**
   * Calls the listeners of an event that may refuse the resource, one after the other. A promise only where one of them returned
   * a promise; those behind it then wait for it.
   */
  ask(name: "connect" | "reset", resource: T): Promise<void> | undefined {
    const listeners = this.#lists[name];
    for (const [index, listener] of listeners.entries()) {
      const answer = listener({ resource });
      if (isThenable(answer)) return askRest(answer, listeners.slice(index + 1), resource);
    }
    return undefined;
  }

  /** Tells an error that no caller will get. */
  report(error: PoolError): void {
    if (this.hears("error")) this.emit("error", { error });
    else process.emitWarning(error);
  }

  #listenerFailed(name: PoolEventName, cause: unknown): void {
    const error = new PoolHookError(`A listener of the pool's \`${name}\` event threw.`, {
      code: "POOL_LISTENER_FAILED",
      remedy: "Catch errors inside the listener.",
      cause,
    });
    // A failing `error` listener would be told about its own failure, for ever.
    if (name === "error") process.emitWarning(error);
    else this.report(error);
  }
}

async function askRest<T>(
  first: PromiseLike<unknown>,
  rest: readonly ((event: { readonly resource: T }) => unknown)[],
  resource: T,
): Promise<void> {
  await first;
  for (const listener of rest) await listener({ resource });
}
