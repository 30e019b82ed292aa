import type { Column } from "@acme/core";
import { loadedRelationships } from "../instrumentation/appearance.js";
import { readColumn } from "../instrumentation/columns.js";
import { mapperOf, stateOf } from "../instrumentation/entity-root.js";
import type { EntityState, Lifecycle } from "../instrumentation/state.js";
import type { Mapper } from "../mapping/mapper.js";
import type { EntityLike } from "../relationship/definition.js";
import { changedPositions } from "../unit-of-work/updates.js";

/** A change of a column that is not flushed. */
export interface ColumnChange {
  readonly from: unknown;
  readonly to: unknown;
}

/** What the toolkit knows of an entity; made by {@link inspect}. It shows the state at each reading. */
export class EntityInspection {
  private readonly state: EntityState;

  constructor(state: EntityState) {
    this.state = state;
  }

  /** Where the entity is in its life: `"transient"`, `"pending"`, `"persistent"`, `"deleted"` or `"detached"`. */
  get lifecycle(): Lifecycle {
    return this.state.lifecycle;
  }

  /** New, and of no session. */
  get transient(): boolean {
    return this.state.lifecycle === "transient";
  }

  /** New, and to be inserted by the next flush. */
  get pending(): boolean {
    return this.state.lifecycle === "pending";
  }

  /** Has a row, and belongs to a session. */
  get persistent(): boolean {
    return this.state.lifecycle === "persistent";
  }

  /** Its DELETE was flushed in the open transaction. */
  get deleted(): boolean {
    return this.state.lifecycle === "deleted";
  }

  /** Has a row (or had one), and belongs to no session. */
  get detached(): boolean {
    return this.state.lifecycle === "detached";
  }

  /** The name of the entity. */
  get entityName(): string {
    return this.state.mapper.name;
  }

  /** The session that it belongs to. */
  get session(): object | undefined {
    return this.state.liveScope?.access.session;
  }

  /** The values of the primary key, in order; undefined for an entity without a row. */
  get identity(): readonly unknown[] | undefined {
    const { mapper, snapshot } = this.state;
    return snapshot === undefined ? undefined : mapper.keyPositions.map((position) => snapshot[position]);
  }

  /** Columns that differ from what the database has, as far as the session knows. */
  get changes(): Readonly<Record<string, ColumnChange>> {
    const { state } = this;
    const changed = changedPositions(state).map(
      (at) => [state.mapper.keys[at], { from: state.snapshot?.[at], to: readColumn(state, at) }] as const,
    );
    return Object.fromEntries(changed);
  }

  /** Whether there is anything to flush. */
  get modified(): boolean {
    return this.state.changes !== undefined || changedPositions(this.state).length > 0;
  }

  /** The relationships that are loaded. */
  get loaded(): readonly string[] {
    return [...loadedRelationships(this.state)].map(([key]) => key);
  }

  /** The relationships that are not loaded. */
  get unloaded(): readonly string[] {
    const loaded = new Set(this.loaded);
    return this.state.mapper.relationships.map((relationship) => relationship.key).filter((key) => !loaded.has(key));
  }
}

/**
 * What the toolkit knows of an entity: where it is in its life, what is changed, what is loaded. It costs no query.
 *
 * @example
 * ```ts
 * inspect(user).persistent;
 * inspect(user).changes;          // { name: { from: "ann", to: "anna" } }
 * ```
 * Throws UnmappedError for anything that is no entity.
 */
export function inspect(entity: object): EntityInspection {
  return new EntityInspection(stateOf(entity));
}

/** A relationship as {@link inspectClass} tells it. */
export interface RelationshipInspection {
  readonly key: string;
  readonly target: string;
  readonly direction: "manyToOne" | "oneToMany" | "manyToMany";
  readonly collection: boolean;
  readonly backPopulates: string | undefined;
}

/** How an entity class is mapped. */
export interface ClassInspection {
  readonly name: string;
  readonly table: Mapper["table"];
  readonly columns: readonly Column[];
  readonly primaryKey: readonly Column[];
  readonly relationships: readonly RelationshipInspection[];
}

/**
 * How an entity class is mapped: table, columns, key, relationships.
 *
 * @example
 * ```ts
 * inspectClass(User).relationships.map((each) => `${each.key} -> ${each.target}`);
 * ```
 */
export function inspectClass(entityClass: EntityLike): ClassInspection {
  const { mapper } = mapperOf(entityClass);
  return {
    name: mapper.name,
    table: mapper.table,
    columns: mapper.columns,
    primaryKey: mapper.keyPositions.map((position) => mapper.columns[position] as Column),
    relationships: mapper.relationships.map((relationship) => ({
      key: relationship.key,
      target: relationship.target.name,
      direction: relationship.direction,
      collection: relationship.isCollection,
      backPopulates: relationship.options.backPopulates,
    })),
  };
}
