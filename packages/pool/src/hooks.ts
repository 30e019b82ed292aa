import { PoolCreateError, PoolHookError } from "./errors.js";
import type { EventHub } from "./events.js";
import type { PoolSettings } from "./settings.js";
import { Slot } from "./slot.js";
import { isThenable, within } from "./timing.js";

/** Calls the functions that the user gave to the pool: each within its time, and none able to harm the pool. */
export class Hooks<T> {
  readonly #settings: PoolSettings<T>;
  readonly #events: EventHub<T>;

  constructor(settings: PoolSettings<T>, events: EventHub<T>) {
    this.#settings = settings;
    this.#events = events;
  }

  /** Makes a resource and lets the `connect` listeners prepare it. What comes too late is destroyed. */
  async create(generation: number): Promise<Slot<T>> {
    const { createTimeout } = this.#settings;
    const making = this.#make(generation);
    try {
      return await within(making, createTimeout, () => createTimedOut(createTimeout));
    } catch (error) {
      making.then(
        (late) => this.destroy(late),
        () => undefined,
      );
      throw error;
    }
  }

  async #make(generation: number): Promise<Slot<T>> {
    const slot = new Slot(await this.#settings.create(), generation, performance.now());
    try {
      await this.#events.ask("connect", slot.resource);
    } catch (error) {
      await this.destroy(slot);
      throw error;
    }
    return slot;
  }

  /** Never rejects. A resource that was already known to be broken may fail to end without anybody being told. */
  async destroy(slot: Slot<T>): Promise<void> {
    if (this.#events.hears("close")) this.#events.emit("close", { resource: slot.resource });
    try {
      await this.#settings.destroy(slot.resource);
    } catch (error) {
      this.#destroyFailed(slot, "threw", error);
    }
  }

  destroyTimedOut(slot: Slot<T>): void {
    this.#destroyFailed(slot, `did not end within ${this.#settings.destroyTimeout} ms`, undefined);
  }

  #destroyFailed(slot: Slot<T>, what: string, cause: unknown): void {
    if (slot.doomed) return;
    this.#events.report(
      new PoolHookError(`The pool's \`destroy\` ${what}; the pool has given the resource up.`, {
        code: "POOL_DESTROY_FAILED",
        remedy: "Check on the other side whether it still exists.",
        cause,
      }),
    );
  }

  /** Whether the resource still works; dooms it if not. Never rejects. */
  async validate(slot: Slot<T>): Promise<boolean> {
    const { validate, validateTimeout } = this.#settings;
    if (validate === undefined) return true;
    try {
      const asked = Promise.resolve(validate(slot.resource));
      if (await within(asked, validateTimeout, () => hookTimedOut("validate", validateTimeout))) return true;
      slot.doom(undefined);
    } catch (error) {
      slot.doom(error);
    }
    return false;
  }

  /** Cleans the resource; dooms it if that fails. A promise only where `reset` or a listener returned one; it never rejects. */
  reset(slot: Slot<T>): Promise<void> | undefined {
    try {
      const answer = this.#settings.reset?.(slot.resource);
      if (isThenable(answer)) return this.#awaitReset(slot, this.#tellAfter(answer, slot));
      const told = this.#events.ask("reset", slot.resource);
      if (told !== undefined) return this.#awaitReset(slot, told);
    } catch (error) {
      slot.doom(error);
    }
    return undefined;
  }

  async #tellAfter(answer: PromiseLike<unknown>, slot: Slot<T>): Promise<void> {
    await answer;
    await this.#events.ask("reset", slot.resource);
  }

  async #awaitReset(slot: Slot<T>, answer: PromiseLike<unknown>): Promise<void> {
    const { resetTimeout } = this.#settings;
    try {
      await within(answer, resetTimeout, () => hookTimedOut("reset", resetTimeout));
    } catch (error) {
      slot.doom(error);
    }
  }
}

function createTimedOut(ms: number): PoolCreateError {
  return new PoolCreateError(`The pool's \`create\` did not answer within ${ms} ms.`, {
    code: "POOL_CREATE_FAILED",
    remedy: "Check that the other side can be reached, or raise `createTimeout`.",
  });
}

function hookTimedOut(name: "validate" | "reset", ms: number): PoolHookError {
  return new PoolHookError(`The pool's \`${name}\` did not answer within ${ms} ms.`, {
    code: name === "validate" ? "POOL_VALIDATE_FAILED" : "POOL_RESET_FAILED",
    remedy: `The resource was dropped. If it was only slow, raise \`${name}Timeout\`.`,
  });
}
