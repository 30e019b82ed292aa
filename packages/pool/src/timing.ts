/** The longest delay that timers can take; a longer one would fire at once. */
export const LONGEST_DELAY = 2_147_483_647;

/** Whether a value is a promise, whoever made it. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/**
 * The outcome of `work`, or a rejection with `late()` when it takes longer than `ms`. The timer never outlives `work`,
 * and a late rejection of `work` is not left unhandled.
 */
export async function within<V>(work: PromiseLike<V>, ms: number, late: () => Error): Promise<V> {
  if (ms > LONGEST_DELAY) return work;
  let timer: NodeJS.Timeout | undefined;
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, alarm]);
  } finally {
    clearTimeout(timer);
  }
}
