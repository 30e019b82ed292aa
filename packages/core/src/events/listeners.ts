/** How a listener is added. */
export interface ListenOptions {
  /** It hears one event and is then taken away. Default false. */
  readonly once?: boolean;
  /** It is called before the listeners that are there, instead of after them. Default false. */
  readonly first?: boolean;
}

interface Entry {
  readonly listener: (event: never) => unknown;
  readonly once: boolean;
}

const NOBODY: readonly Entry[] = [];

/**
 * The listeners of one object (an engine, a connection, a table), by the name of the event. `Events` says what each event
 * carries, `Replies` what the listeners of some may answer. A hub may have a parent, whose listeners are called first: all
 * engines, then this engine, then this connection.
 */
export class ListenerHub<Events extends object, Replies extends object = Record<never, never>> {
  private readonly parent: ListenerHub<Events, Replies> | undefined;
  private readonly lists = new Map<keyof Events, readonly Entry[]>();

  constructor(parent?: ListenerHub<Events, Replies>) {
    this.parent = parent;
  }

  /** Adds a listener; the returned function takes it away. Adding one twice makes it hear twice. */
  on<K extends keyof Events>(
    name: K,
    listener: (event: Events[K]) => ReplyOf<Replies, K>,
    { once = false, first = false }: ListenOptions = {},
  ): () => void {
    const entry: Entry = { listener, once };
    const before = this.own(name);
    this.put(name, first ? [entry, ...before] : [...before, entry]);
    return () => this.drop(name, entry);
  }

  /** Takes a listener away, the one added last if it was added twice; says whether it was there. */
  off<K extends keyof Events>(name: K, listener: (event: Events[K]) => ReplyOf<Replies, K>): boolean {
    const entry = this.own(name).findLast((each) => each.listener === listener);
    if (entry !== undefined) this.drop(name, entry);
    return entry !== undefined;
  }

  /** Whether a listener was added here. */
  has<K extends keyof Events>(name: K, listener: (event: Events[K]) => ReplyOf<Replies, K>): boolean {
    return this.own(name).some((each) => each.listener === listener);
  }

  /** Whether anybody hears an event, here or above. */
  hears(name: keyof Events): boolean {
    return this.hearsHere(name) || (this.parent?.hears(name) ?? false);
  }

  /** Whether anybody who was added here hears an event. */
  protected hearsHere(name: keyof Events): boolean {
    return this.own(name).length > 0;
  }

  /** Calls the listeners one after another. What one throws goes to whoever caused the event; the others are not called. */
  emit<K extends keyof Events>(name: K, event: Events[K]): void {
    for (const call of this.calls(name)) call(event);
  }

  /** As {@link emit}, awaiting each. */
  async emitAwaited<K extends keyof Events>(name: K, event: Events[K]): Promise<void> {
    for (const call of this.calls(name)) await call(event);
  }

  /** The listeners as functions, for events whose answers are used. */
  *calls<K extends keyof Events>(name: K): Generator<(event: Events[K]) => ReplyOf<Replies, K>, void> {
    if (this.parent !== undefined) yield* this.parent.calls(name);
    for (const entry of this.own(name)) {
      if (entry.once) {
        // A listener that causes its own event must not be called by it again.
        if (!this.own(name).includes(entry)) continue;
        this.drop(name, entry);
      }
      yield entry.listener as (event: Events[K]) => ReplyOf<Replies, K>;
    }
  }

  /** Called when listeners of this hub came or went. */
  protected changed(): void {
    // For hubs that keep flags.
  }

  private own(name: keyof Events): readonly Entry[] {
    return this.lists.get(name) ?? NOBODY;
  }

  private drop(name: keyof Events, entry: Entry): void {
    this.put(
      name,
      this.own(name).filter((other) => other !== entry),
    );
  }

  private put(name: keyof Events, entries: readonly Entry[]): void {
    this.lists.set(name, entries);
    this.changed();
  }
}

/** What a listener may answer. Where nothing is asked, whatever it gives is ignored. */
export type ReplyOf<Replies, K> = K extends keyof Replies ? Replies[K] : unknown;
