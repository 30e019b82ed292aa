import type { EntityState } from "../instrumentation/state.js";
import type { Mapper } from "../mapping/mapper.js";
import type { Relationship } from "../relationship/relationship.js";

/** What an entity asks of its session. */
export interface SessionAccess {
  /** The entity was changed: it is held until the next flush has written the change. */
  changed(state: EntityState): void;
  /** A related entity was put in reach: it becomes pending where the relationship cascades save-update. */
  reach(entity: object): void;
  /** The entity of an identity, if it is in the session. */
  lookup(mapper: Mapper, key: unknown): object | undefined;
  /** Loads a relationship of an entity, together with all others asked for in this turn of the event loop. */
  loadRelated(state: EntityState, relationship: Relationship): Promise<unknown>;
  /** Refuses to load; loading is not allowed in the present state. */
  readonly session: object;
}

/**
 * What ties entities to a session. Ending it detaches all of them at once, however many there are: closing a session makes
 * a new scope.
 */
export class SessionScope {
  readonly access: SessionAccess;
  live = true;

  constructor(access: SessionAccess) {
    this.access = access;
  }

  /** Detaches all entities of the scope. */
  end(): void {
    this.live = false;
  }
}
