import { UnmappedError } from "../errors.js";
import type { Mapper } from "../mapping/mapper.js";
import { inspectEntity, plainEntity } from "./appearance.js";
import { EntityState } from "./state.js";

/** Under which an entity class knows its mapper. */
export const MAPPER: unique symbol = Symbol("acme.mapper");

/** A class that is mapped, as the toolkit sees it. */
export interface MappedConstructor {
  readonly [MAPPER]: Mapper;
  readonly prototype: object;
  readonly name: string;
  new (init: unknown): object;
}

/** What a constructor is called with for a row: hand it on to `super()`, and read nothing from it. */
export const LOADING: object = Object.freeze(Object.create(null) as object);

/**
 * How values reach the fields of a generated class: its constructor is called with LOADING, and each field reads its value
 * from here. Construction is synchronous, so one object serves all.
 */
export const handoff: { state: EntityState | undefined; values: readonly unknown[] } = { state: undefined, values: [] };

/** The root of all entities. Its one field is private, so that an entity looks like its columns to everybody else. */
export class EntityRoot {
  readonly #state: EntityState;

  constructor(init?: unknown) {
    const { state } = handoff;
    if (init === LOADING && state !== undefined) {
      handoff.state = undefined;
      state.entity = this;
      this.#state = state;
      handoff.values = state.snapshot as readonly unknown[];
      return;
    }
    const { mapper } = mapperOf(new.target);
    const made = new EntityState(mapper, undefined, undefined, undefined);
    made.entity = this;
    this.#state = made;
    handoff.values = mapper.initialValues(made, init);
  }

  /** The state of an entity; undefined for anything else. */
  static stateOf(entity: unknown): EntityState | undefined {
    return typeof entity === "object" && entity !== null && #state in entity ? entity.#state : undefined;
  }

  /** The columns and what is loaded of the relationships, as a plain object; an entity within itself is left out. */
  toJSON(): Record<string, unknown> {
    return plainEntity(this.#state, EntityRoot.stateOf, []);
  }

  /** Node's `inspect` shows columns and loaded relationships. */
  [Symbol.for("nodejs.util.inspect.custom")](
    depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    return inspectEntity(this.#state, depth, options, inspect);
  }
}

/** The state of an entity; undefined for anything else. */
export const findState: (entity: unknown) => EntityState | undefined = EntityRoot.stateOf;

/** The state of an entity. Throws UnmappedError for anything else. */
export function stateOf(entity: unknown): EntityState {
  const state = EntityRoot.stateOf(entity);
  if (state !== undefined) return state;
  throw new UnmappedError(`${describe(entity)} is not an entity.`, {
    code: "NOT_AN_ENTITY",
    remedy: "Entities are instances of classes made by Base.define() or mapped().",
  });
}

/** The mapper of an entity class, and the class as it is mapped. Throws UnmappedError for anything else. */
export function mapperOf(entityClass: unknown): { readonly mapper: Mapper; readonly entityClass: MappedConstructor } {
  const mapper = typeof entityClass === "function" ? (entityClass as Partial<MappedConstructor>)[MAPPER] : undefined;
  if (mapper !== undefined) return { mapper, entityClass: mapper.classSeen(entityClass as MappedConstructor) };
  throw new UnmappedError(`${describe(entityClass)} is not an entity class.`, {
    code: "NOT_AN_ENTITY_CLASS",
    remedy: "Entity classes extend what Base.define() or mapped() gives.",
  });
}

/** A short name of anything, for messages. */
export function describe(value: unknown): string {
  if (typeof value === "function") return `"${value.name}"`;
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  return `An object of class ${value.constructor?.name ?? "Object"}`;
}
