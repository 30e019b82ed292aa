import type { MaybePromise } from "../dialect/driver.js";

/** Whether a driver's answer has still to be waited for. */
export function isPromise<T>(answer: MaybePromise<T>): answer is Promise<T> {
  return typeof (answer as { readonly then?: unknown } | null | undefined)?.then === "function";
}

/** Work of several steps of which each may answer at once or later. Run it with {@link drive}. */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>;

/** One step: `const result = yield* wait(driver.execute(...))`. It suspends only when there is a promise. */
export function* wait<T>(answer: MaybePromise<T>): Steps<T> {
  // What `drive` sends back is what the yielded promise fulfilled with: the one place where that type is asserted.
  return isPromise(answer) ? ((yield answer) as T) : answer;
}

/**
 * Runs steps to their end. As long as every step answers at once this is an ordinary synchronous call, so that an embedded
 * database pays no turn of the event loop; the same steps written as an `async` function would pay one for each `await`.
 */
export function drive<T>(steps: Steps<T>): MaybePromise<T> {
  const first = steps.next();
  return first.done ? first.value : resume(steps, first.value);
}

async function resume<T>(steps: Steps<T>, pending: Promise<unknown>): Promise<T> {
  let waiting = pending;
  for (;;) {
    let step: IteratorResult<Promise<unknown>, T>;
    try {
      const answer = await waiting;
      step = steps.next(answer);
    } catch (error) {
      step = steps.throw(error);
    }
    if (step.done) return step.value;
    waiting = step.value;
  }
}

/** Starts work and gives its outcome as a promise, also what it throws at once. */
export function promised<T>(work: () => MaybePromise<T>): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(error);
  }
}
