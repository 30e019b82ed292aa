// Shared by the tests of this package; not part of what it exports.
import type { Lease } from "./lease.js";
import type { Pool } from "./pool.js";

/** A resource that knows its number, and what was done to it. */
export interface Thing {
  readonly id: number;
  destroyed: boolean;
  resets: number;
  /** What `validate` of the workshop answers for it. */
  healthy: boolean;
}

/** Makes things, and remembers all that were made. */
interface Workshop {
  readonly made: Thing[];
  /** The ids in the order of their destruction. */
  readonly destroyed: number[];
  readonly options: { readonly create: () => Thing; readonly destroy: (thing: Thing) => void };
}

export function workshop(): Workshop {
  const made: Thing[] = [];
  const destroyed: number[] = [];
  const create = (): Thing => {
    const thing: Thing = { id: made.length + 1, destroyed: false, resets: 0, healthy: true };
    made.push(thing);
    return thing;
  };
  const destroy = (thing: Thing): void => {
    thing.destroyed = true;
    destroyed.push(thing.id);
  };
  return { made, destroyed, options: { create, destroy } };
}

/** Lets everything run that is ready to run, some turns of the event loop long. */
export async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A promise with its handles outside. */
interface Deferred<V> {
  readonly promise: Promise<V>;
  resolve(value: V): void;
  reject(error: unknown): void;
}

export function deferred<V>(): Deferred<V> {
  let resolve: (value: V) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<V>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}

/** The error that `promise` rejects with; fails when it does not reject. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new TypeError(`expected a rejection, got ${String(value)}`);
    },
    (error: unknown) => error,
  );
}

/** Leases taken one after the other, so that the first has the first resource. */
export async function take<T>(pool: Pool<T>, count: number): Promise<Lease<T>[]> {
  const leases: Lease<T>[] = [];
  for (let i = 0; i < count; i++) leases.push(await pool.acquire());
  return leases;
}

/** The one at `index`, which must be there. */
export function at<V>(list: readonly V[], index: number): V {
  const value = list[index];
  if (value === undefined) throw new TypeError(`nothing at ${index}`);
  return value;
}
