import type { Mapper } from "../mapping/mapper.js";
import type { Relationship } from "../relationship/relationship.js";
import type { SessionScope } from "../session/scope.js";

/** Flags of an entity's state. */
export const NEW = 1;
/** A DELETE was flushed for the entity in the open transaction. */
export const DELETED = 2;
/** The columns are accessors that tell the session of changes, and the session holds the entity weakly. */
export const WATCHED = 4;
/** The columns were expired: they are read anew before they can be read. */
export const EXPIRED = 8;
/** The entity is in the session's list of changed entities. */
export const HELD = 16;

/** The session has inserted the row, so that what nobody has put into its relationships is not there. */
export const INSERTED = 32;

/** The life of an entity, in SQLAlchemy's terms. */
export type Lifecycle = "transient" | "pending" | "persistent" | "deleted" | "detached";

/**
 * What the toolkit knows of one entity beside its properties. It is a private field of the instance: nothing that lists or
 * compares properties sees it.
 */
export class EntityState {
  readonly mapper: Mapper;
  /** The entity itself. */
  entity: object = UNBORN;
  /** The session that it belongs to, or belonged to: a scope that has ended makes the entity detached. */
  scope: SessionScope | undefined;
  /** The values as the database has them, by column position: the driver's own row, converted. Undefined when never saved. */
  snapshot: unknown[] | undefined;
  /** The identity: what the identity map knows the entity by. Undefined when never saved. */
  key: unknown;
  /** Related entities by relationship position; undefined where not loaded. */
  related: unknown[] | undefined = undefined;
  /** Relationships changed since the last flush, with what they held before. */
  changes: Map<Relationship, unknown> | undefined = undefined;
  /** Delete-orphan relationships from whose collection the entity was taken. */
  orphanOf: Set<Relationship> | undefined = undefined;
  /** The current values of a watched entity, by column position. */
  values: unknown[] | undefined = undefined;
  flags = 0;
  /** How many flushes have found the entity unchanged. */
  scans = 0;

  constructor(mapper: Mapper, scope: SessionScope | undefined, snapshot: unknown[] | undefined, key: unknown) {
    this.mapper = mapper;
    this.scope = scope;
    this.snapshot = snapshot;
    this.key = key;
  }

  /** The scope, as long as it has not ended. */
  get liveScope(): SessionScope | undefined {
    return this.scope?.live === true ? this.scope : undefined;
  }

  /** Where the entity is in its life. */
  get lifecycle(): Lifecycle {
    const attached = this.scope?.live === true;
    if (attached) return this.flags & NEW ? "pending" : this.flags & DELETED ? "deleted" : "persistent";
    return this.key === undefined ? "transient" : "detached";
  }

  /** Whether there is a row for it, as far as the session knows. */
  get hasRow(): boolean {
    return this.key !== undefined && (this.flags & DELETED) === 0;
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
}

const UNBORN = {};
