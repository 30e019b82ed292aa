/** One resource with what the pool must remember about it. */
export class Slot<T> {
  readonly resource: T;
  /** The pool's generation when `create` began; an older one than the pool's present one is not handed out again. */
  readonly generation: number;
  /** Monotonic milliseconds, for `recycle`. */
  readonly createdAt: number;
  /** Monotonic milliseconds of the last return; kept only where pre-ping depends on it. */
  parkedAt = 0;
  /** The reaper's tick at the last return. */
  parkedTick = 0;
  /** True when the resource must not be handed out again, though its lease may still be in use. */
  doomed = false;
  /** True from the moment at which it is handed over for destruction. */
  gone = false;
  /** Why it was doomed, if anybody said. */
  doomedBy: unknown = undefined;

  constructor(resource: T, generation: number, createdAt: number) {
    this.resource = resource;
    this.generation = generation;
    this.createdAt = createdAt;
  }

  /** The resource is not handed out again; the first reason counts. */
  doom(error: unknown): void {
    if (this.doomed) return;
    this.doomed = true;
    this.doomedBy = error;
  }
}
