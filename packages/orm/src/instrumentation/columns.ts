import { NotLoadedError } from "../errors.js";
import { findState, stateOf } from "./entity-root.js";
import { type EntityState, EXPIRED, WATCHED } from "./state.js";

type Values = Record<string, unknown>;

/** Writes a column's value as the database has it: no change in the sense of the unit of work. */
export function writeColumn(state: EntityState, index: number, value: unknown): void {
  if (state.flags & WATCHED) (state.values as unknown[])[index] = value;
  else (state.entity as Values)[state.mapper.keys[index] as string] = value;
}

/** Writes all columns as the database has them. */
export function writeColumns(state: EntityState, values: readonly unknown[]): void {
  for (let i = 0; i < values.length; i++) writeColumn(state, i, values[i]);
}

/** Reads a column's present value; undefined when it is expired, and while the constructor of a new entity runs. */
export function readColumn(state: EntityState, index: number): unknown {
  const key = state.mapper.keys[index] as string;
  if ((state.snapshot === undefined || state.flags & EXPIRED) && !Object.hasOwn(state.entity, key)) return undefined;
  return (state.entity as Values)[key];
}

/** Tells the session of an entity that the entity is changed. */
function noteChange(state: EntityState): void {
  if (state.scope?.live) state.scope.access.changed(state);
}

/**
 * The accessors on the prototype of an entity class. Own properties hide them; they are met by an entity whose columns are
 * expired, and keep its identity readable.
 */
export function columnFallback(key: string): PropertyDescriptor {
  return {
    configurable: true,
    get(this: object): unknown {
      const state = findState(this);
      // The prototype itself, which is asked by inspectors.
      if (state === undefined) return undefined;
      throw new NotLoadedError(`${state.mapper.name}.${key} is expired.`, {
        code: "EXPIRED",
        remedy: "Read the row again: await session.refresh(entity).",
      });
    },
    set(this: object, value: unknown) {
      Object.defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
      const state = findState(this);
      if (state !== undefined) noteChange(state);
    },
  };
}

/** The accessors of a watched entity, by column key: they are the same for all entities of a class. */
export function watchers(keys: readonly string[]): PropertyDescriptorMap {
  const made: PropertyDescriptorMap = {};
  keys.forEach((key, i) => {
    made[key] = {
      enumerable: true,
      configurable: true,
      get(this: object): unknown {
        return (stateOf(this).values as unknown[])[i];
      },
      set(this: object, value: unknown) {
        const state = stateOf(this);
        (state.values as unknown[])[i] = value;
        noteChange(state);
      },
    };
  });
  return made;
}

/**
 * Makes the columns of an entity accessors that tell the session of a change, so that the session need not hold it to
 * find out. It costs about as much as loading two entities; a session does it to entities that outlive a transaction or
 * many flushes.
 */
export function watch(state: EntityState): void {
  if (state.flags & (WATCHED | EXPIRED)) return;
  const { mapper, entity } = state;
  state.values = mapper.keys.map((key) => (entity as Values)[key]);
  Object.defineProperties(entity, mapper.watchers);
  state.flags |= WATCHED;
}

/** Takes the values away, so that reading them is refused until the row has been read again. The identity stays readable. */
export function expireColumns(state: EntityState): void {
  const { mapper, entity, snapshot } = state;
  mapper.keys.forEach((key, i) => {
    if (mapper.isKey[i])
      Object.defineProperty(entity, key, {
        value: snapshot?.[i],
        writable: true,
        enumerable: true,
        configurable: true,
      });
    else delete (entity as Values)[key];
  });
  state.flags = (state.flags & ~WATCHED) | EXPIRED;
  state.values = undefined;
}
