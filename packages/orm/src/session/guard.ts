import { ConcurrentSessionError } from "../errors.js";

/**
 * Lets one operation of a session happen at a time. A second one that is started meanwhile is an error of the program: its
 * order would be chance. Lazy loads are the exception: they wait for their turn.
 */
export class Guard {
  private running: string | undefined = undefined;
  private loading: Promise<void> | undefined = undefined;
  private waiting: (() => void)[] = [];

  /** Runs an operation. Rejects with ConcurrentSessionError when one is under way. */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.running !== undefined) {
      throw new ConcurrentSessionError(`session.${name} was called while session.${this.running} was under way.`, {
        remedy: "Await one call before the next, or use a session for each task.",
      });
    }
    this.running = name;
    try {
      if (this.loading !== undefined) await this.loading;
      return await work();
    } finally {
      this.running = undefined;
      const { waiting } = this;
      this.waiting = [];
      for (const go of waiting) go();
    }
  }

  /** Runs a batch of lazy loads, after whatever is under way. */
  async load(work: () => Promise<void>): Promise<void> {
    while (this.running !== undefined || this.loading !== undefined) {
      await (this.loading ?? new Promise<void>((resolve) => this.waiting.push(resolve)));
    }
    this.loading = work().finally(() => {
      this.loading = undefined;
    });
    await this.loading;
  }
}
