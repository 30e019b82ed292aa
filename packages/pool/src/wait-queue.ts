import type { CheckoutSite } from "./leaks.js";
import { LONGEST_DELAY } from "./timing.js";

/** How long a caller waits, and what may end the wait. */
interface WaitRequest {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** Where the caller stands, when leaks are tracked. */
  readonly site: CheckoutSite | undefined;
  readonly timedOut: () => Error;
  readonly aborted: (reason: unknown) => Error;
}

/** One caller that waits. Whichever of its ends comes first takes it out of the queue; later ones do nothing. */
export class Waiter<R> {
  readonly site: CheckoutSite | undefined;
  readonly promise: Promise<R>;
  /** Neighbours in the queue, kept by the queue alone. */
  before: Waiter<R> | undefined;
  after: Waiter<R> | undefined;
  readonly #queue: WaitQueue<R>;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort: (() => void) | undefined;
  #fulfil!: (value: R) => void;
  #refuse!: (error: Error) => void;
  #waits = true;

  constructor(queue: WaitQueue<R>, request: WaitRequest) {
    const { timeout, signal } = request;
    this.#queue = queue;
    this.site = request.site;
    this.promise = new Promise<R>((resolve, reject) => {
      this.#fulfil = resolve;
      this.#refuse = reject;
    });
    // Not unref'd: a program that waits for a resource should hear of the timeout instead of ending silently.
    if (!(timeout > LONGEST_DELAY)) this.#timer = setTimeout(() => this.reject(request.timedOut()), timeout);
    if (signal === undefined) return;
    this.#signal = signal;
    this.#onAbort = () => this.reject(request.aborted(signal.reason));
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  resolve(value: R): void {
    if (this.#leave()) this.#fulfil(value);
  }

  reject(error: Error): void {
    if (this.#leave()) this.#refuse(error);
  }

  #leave(): boolean {
    if (!this.#waits) return false;
    this.#waits = false;
    this.#queue.remove(this);
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener("abort", this.#onAbort);
    return true;
  }
}

/** Callers in the order in which they came: a linked list, so that leaving from the middle costs no search. */
export class WaitQueue<R> {
  #first: Waiter<R> | undefined;
  #last: Waiter<R> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Who waits longest. */
  get first(): Waiter<R> | undefined {
    return this.#first;
  }

  /** Queues up; the promise is settled by `resolve` or `reject` of the waiter, by its timeout or by its signal. */
  join(request: WaitRequest): Promise<R> {
    const waiter = new Waiter<R>(this, request);
    waiter.before = this.#last;
    if (this.#last === undefined) this.#first = waiter;
    else this.#last.after = waiter;
    this.#last = waiter;
    this.#size++;
    return waiter.promise;
  }

  /** Called by the waiter itself, once. */
  remove(waiter: Waiter<R>): void {
    if (waiter.before === undefined) this.#first = waiter.after;
    else waiter.before.after = waiter.after;
    if (waiter.after === undefined) this.#last = waiter.before;
    else waiter.after.before = waiter.before;
    waiter.before = undefined;
    waiter.after = undefined;
    this.#size--;
  }

  rejectAll(error: () => Error): void {
    while (this.#first !== undefined) this.#first.reject(error());
  }
}
