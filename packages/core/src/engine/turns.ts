import type { MaybePromise } from "../dialect/driver.js";
import { isPromise } from "./maybe.js";

/**
 * Lets one thing happen at a time on a connection, in the order of asking. When nothing is under way, work starts at once, and
 * work that answers at once never waits for anything.
 */
export class Turns {
  /** Whether something is under way. */
  busy = false;
  private readonly waiting: (() => void)[] = [];

  /** Does the work when its turn comes. */
  run<T>(work: () => MaybePromise<T>): MaybePromise<T> {
    if (this.busy) return new Promise<void>((resolve) => this.waiting.push(resolve)).then(() => this.hold(work));
    return this.hold(work);
  }

  /** Does the work and passes the turn on. A turn that was waited for is handed over while `busy` stays true. */
  private hold<T>(work: () => MaybePromise<T>): MaybePromise<T> {
    this.busy = true;
    let answer: MaybePromise<T>;
    try {
      answer = work();
    } catch (error) {
      this.pass();
      throw error;
    }
    if (!isPromise(answer)) {
      this.pass();
      return answer;
    }
    return answer.then(
      (value) => {
        this.pass();
        return value;
      },
      (error: unknown) => {
        this.pass();
        throw error;
      },
    );
  }

  private pass(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.busy = false;
    else next();
  }
}
