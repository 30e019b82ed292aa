import { type AnyTable, ArgumentError, type Column, factsOf } from "@acme/core";
import { DetachedInstanceError, MappingError } from "../errors.js";
import { watchers } from "../instrumentation/columns.js";
import {
  type DifferenceTest,
  type GeneratedClass,
  makeDifferenceTest,
  makeEntityClass,
} from "../instrumentation/entity-class.js";
import { describe, type MappedConstructor } from "../instrumentation/entity-root.js";
import type { EntityState } from "../instrumentation/state.js";
import type { DefinitionParts } from "../relationship/definition.js";
import { Relationship } from "../relationship/relationship.js";
import { assign } from "../relationship/sync.js";
import { compositeKey, keyPart } from "./identity-key.js";
import { EntitySource } from "./source.js";

/** Relationships as written, by key. */
export type RelationshipThunks = ReadonlyMap<string, () => unknown>;

/** How a class is mapped to a table: columns by property, key, relationships. */
export class Mapper {
  /** The entity's name. */
  readonly name: string;
  readonly table: AnyTable;
  /** The table's columns; their positions are the positions of snapshots. */
  readonly columns: readonly Column[];
  /** The properties, by position. */
  readonly keys: readonly string[];
  /** Positions of the primary key. */
  readonly keyPositions: readonly number[];
  /** Whether a position belongs to the primary key. */
  readonly isKey: readonly boolean[];
  /** The class that all entity classes of this mapping extend. */
  readonly generatedClass: GeneratedClass;
  /** Whether an entity differs from its snapshot anywhere, by identity of values. */
  readonly differs: DifferenceTest;
  /** The accessors of watched entities. */
  readonly watchers: PropertyDescriptorMap;
  /** The entity as it stands in statements under its own name. */
  readonly source: EntitySource;
  private readonly positionOf: ReadonlyMap<string, number>;
  private readonly thunks: RelationshipThunks;
  private readonly singleKey: number;
  private memoRelationships: readonly Relationship[] | undefined = undefined;
  private userClass: MappedConstructor | undefined = undefined;
  private classFixed = false;

  constructor(name: string, table: AnyTable, thunks: RelationshipThunks) {
    this.name = name;
    this.table = table;
    this.columns = table.columns;
    this.keys = this.columns.map((column) => column.key);
    this.thunks = thunks;
    this.positionOf = new Map(this.keys.map((key, i) => [key, i]));
    this.isKey = this.columns.map((column) => column.primaryKey);
    this.keyPositions = this.columns.flatMap((column, i) => (column.primaryKey ? [i] : []));
    this.singleKey = this.keyPositions.length === 1 ? (this.keyPositions[0] as number) : -1;
    this.check();
    this.generatedClass = makeEntityClass(name, this.keys);
    this.differs = makeDifferenceTest(this.keys);
    this.watchers = watchers(this.keys);
    this.source = new EntitySource(this, name, table);
  }

  private check(): void {
    if (this.keyPositions.length === 0) {
      throw new MappingError(
        `Table "${this.table.name}" has no primary key, so ${this.name} entities have no identity.`,
        {
          code: "NO_PRIMARY_KEY",
          remedy: "Give a column .primaryKey().",
        },
      );
    }
    for (const key of this.thunks.keys()) {
      if (this.positionOf.has(key)) {
        throw new MappingError(`${this.name}.${key} is a column and a relationship.`, { code: "DUPLICATE_PROPERTY" });
      }
    }
  }

  /** The relationships, in the order of their writing. The classes on the other side may still be missing. */
  get relationships(): readonly Relationship[] {
    this.memoRelationships ??= [...this.thunks].map(
      ([key, thunk], index) => new Relationship(this, key, index, this.definition(key, thunk)),
    );
    return this.memoRelationships;
  }

  private definition(key: string, thunk: () => unknown): DefinitionParts {
    const made = thunk() as DefinitionParts | undefined;
    if (made?.kind !== undefined) return made;
    throw new MappingError(`${this.name}.${key} is neither a column nor a relationship.`, {
      remedy: `Write ${key}: () => many(Target), one(Target) or optional(Target).`,
    });
  }

  /** A relationship by key. */
  relationship(key: string): Relationship | undefined {
    return this.relationships.find((relationship) => relationship.key === key);
  }

  /** The keys of the relationships; asking for them looks at no class. */
  get relationshipKeys(): Iterable<string> {
    return this.thunks.keys();
  }

  /** The position of a property; -1 when it is no column. */
  positionOfKey(key: string): number {
    return this.positionOf.get(key) ?? -1;
  }

  /** The position of a column of the table. */
  position(column: Column): number {
    const at = this.positionOfKey(column.key);
    if (at !== -1) return at;
    throw new MappingError(`"${column.key}" is no column of ${this.name}.`);
  }

  // ---- identity ------------------------------------------------------------------------------------------------------

  /** The identity of values by position; undefined when a part of the key is missing. */
  keyOf(values: readonly unknown[]): unknown {
    return this.singleKey !== -1
      ? keyPart(values[this.singleKey])
      : compositeKey(this.keyPositions.map((at) => values[at]));
  }

  /** The position of the primary key, if it is one column; -1 otherwise. */
  get singleKeyPosition(): number {
    return this.singleKey;
  }

  /**
   * The values of a primary key by position, from what a user gives: one value, a list in key order, or an object by
   * property.
   */
  keyValues(given: unknown): unknown[] {
    const values: unknown[] = [];
    const isObject = typeof given === "object" && given !== null && Object.getPrototypeOf(given) === Object.prototype;
    const list = Array.isArray(given)
      ? given
      : isObject
        ? this.keyPositions.map((at) => (given as Record<string, unknown>)[this.keys[at] as string])
        : [given];
    this.keyPositions.forEach((at, i) => {
      values[at] = list[i];
    });
    if (list.length === this.keyPositions.length && list.every((value) => value !== undefined && value !== null))
      return values;
    const names = this.keyPositions.map((at) => this.keys[at]).join(", ");
    throw new ArgumentError(`The primary key of ${this.name} is (${names}).`, {
      code: "BAD_KEY",
      remedy:
        this.keyPositions.length === 1
          ? "Give one value that is not null."
          : "Give a list of values in this order, or an object.",
    });
  }

  // ---- classes and instances -------------------------------------------------------------------------------------------

  /** The class of the entities. */
  get entityClass(): MappedConstructor {
    return this.userClass ?? (this.generatedClass as unknown as MappedConstructor);
  }

  /** The class of entities that are made now: from here on it is the class. */
  get fixedClass(): MappedConstructor {
    this.classFixed = true;
    return this.entityClass;
  }

  /** Learns which class the user has made of the mapping: the most derived one that is used. */
  classSeen(seen: MappedConstructor): MappedConstructor {
    const known = this.entityClass;
    if (seen === known || known.prototype instanceof seen) return known;
    if (seen.prototype instanceof known && (this.userClass === undefined || !this.classFixed)) {
      this.userClass = seen;
      return seen;
    }
    throw new MappingError(`"${seen.name}" and "${known.name}" are two classes of one mapping.`, {
      code: "TWO_CLASSES",
      remedy: "Map each entity class by its own Base.define() or mapped().",
    });
  }

  /** The column values that a new entity begins with; sets its relationships. */
  initialValues(state: EntityState, init: unknown): readonly unknown[] {
    this.classFixed = true;
    const given = (init ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof given !== "object") {
      throw new ArgumentError(`new ${this.name}() takes an object of properties, not ${describe(init)}.`, {
        code: "BAD_INIT",
      });
    }
    for (const key of Object.keys(given)) {
      if (this.positionOf.has(key)) continue;
      const relationship = this.relationship(key);
      if (relationship === undefined) throw this.unknownProperty(key);
      if (given[key] !== undefined) assign(state, relationship, given[key]);
    }
    return this.keys.map((key) => given[key]);
  }

  private unknownProperty(key: string): ArgumentError {
    const known = [...this.keys, ...this.thunks.keys()].join(", ");
    return new ArgumentError(`${this.name} has no property "${key}".`, {
      code: "UNKNOWN_PROPERTY",
      remedy: `It has: ${known}.`,
    });
  }

  /** The error of whoever wants to load something for an entity outside of a session. */
  detached(state: EntityState, what: string): DetachedInstanceError {
    return new DetachedInstanceError(`${this.name}.${what} cannot be loaded: the entity is ${state.lifecycle}.`, {
      remedy:
        state.lifecycle === "transient"
          ? "Add it to a session and flush first."
          : "Load it with the query, or before its session is closed.",
    });
  }

  /** The column that the database numbers by itself, by position; -1 when there is none. */
  get generatedKeyPosition(): number {
    const { autoincrementColumn } = this.table as { readonly autoincrementColumn?: Column | undefined };
    return autoincrementColumn === undefined ? -1 : this.position(autoincrementColumn);
  }

  /** What the table says about a column. */
  optionsAt(position: number): ReturnType<typeof factsOf>["options"] {
    return factsOf(this.columns[position] as Column).options;
  }

  toString(): string {
    return this.name;
  }
}
