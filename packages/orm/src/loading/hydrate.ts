import type { Conversion, ResultColumn } from "@acme/core";
import { MappingError } from "../errors.js";
import { writeColumns } from "../instrumentation/columns.js";
import { handoff, LOADING } from "../instrumentation/entity-root.js";
import { EntityState, EXPIRED } from "../instrumentation/state.js";
import { keyPart } from "../mapping/identity-key.js";
import type { Mapper } from "../mapping/mapper.js";
import type { SessionContext } from "../session/context.js";

/** Where the columns of an entity stand in a row, and how they are converted. */
export interface EntityColumns {
  readonly mapper: Mapper;
  /** The position of the first column; the others follow. */
  readonly at: number;
  /** Converters by position within the entity; most columns have none. */
  readonly conversions: readonly (readonly [index: number, convert: Conversion])[];
}

/** Where an entity's columns begin in a result. */
export function entityColumns(mapper: Mapper, at: number, columns: readonly ResultColumn[]): EntityColumns {
  const conversions: (readonly [number, Conversion])[] = [];
  mapper.keys.forEach((_key, i) => {
    const convert = columns[at + i]?.convert;
    if (convert !== undefined) conversions.push([i, convert]);
  });
  return { mapper, at, conversions };
}

const checkedClasses = new WeakSet<object>();

/** A class that is used for the first time: its fields must not hide the columns. */
function checkClass(mapper: Mapper, state: EntityState): void {
  const { entity } = state;
  const values = state.snapshot as unknown[];
  const hidden = mapper.keys.find((key, i) => (entity as Record<string, unknown>)[key] !== values[i]);
  if (hidden === undefined) return;
  throw new MappingError(`Class "${entity.constructor.name}" has a field "${hidden}" that hides the column.`, {
    code: "HIDDEN_COLUMN",
    remedy: `Leave it out, or write "declare ${hidden}" to narrow its type.`,
  });
}

/** Makes the entity of a row. */
function construct(mapper: Mapper, state: EntityState): void {
  const entityClass = mapper.fixedClass;
  handoff.state = state;
  new entityClass(LOADING);
  if (handoff.state !== undefined) {
    handoff.state = undefined;
    throw new MappingError(`The constructor of "${entityClass.name}" does not hand its argument on to super().`, {
      code: "BAD_CONSTRUCTOR",
      remedy: "It is called for rows as well: write super(init) with what it was given.",
    });
  }
  if (!checkedClasses.has(entityClass)) {
    checkClass(mapper, state);
    checkedClasses.add(entityClass);
  }
}

/**
 * Overwrites the columns of an entity with what the database has now. What was set after the entity was expired is a
 * change that is still to be flushed: it stays, unless `force` is given.
 */
function overwrite(context: SessionContext, state: EntityState, values: unknown[], force: boolean): void {
  const { mapper, entity } = state;
  if (context.inTransaction && state.snapshot !== undefined) context.memory.record(state);
  state.snapshot = values;
  if (state.flags & EXPIRED) {
    mapper.keys.forEach((key, i) => {
      const set = !mapper.isKey[i] && Object.hasOwn(entity, key);
      if (force || !set)
        Object.defineProperty(entity, key, { value: values[i], writable: true, enumerable: true, configurable: true });
    });
    state.flags &= ~EXPIRED;
  } else {
    writeColumns(state, values);
  }
}

/** How rows become entities. */
export interface HydrateOptions {
  /** Overwrites entities that are in the session already. */
  readonly populateExisting: boolean;
}

/** What a list of rows gave, row by row. */
export interface Hydrated {
  /** The entities; null where the row has none (an outer join). */
  readonly states: readonly (EntityState | null)[];
  /** The entity's columns, converted. */
  readonly values: readonly (readonly unknown[])[];
}

/**
 * The entities of a list of rows: those of the session where it has them, new ones otherwise. A row that holds
 * nothing but the entity becomes its snapshot: it is converted in place and belongs to the entity from here on.
 */
export function hydrate(
  context: SessionContext,
  columns: EntityColumns,
  rows: readonly (readonly unknown[])[],
  options: HydrateOptions,
): Hydrated {
  const { mapper, at, conversions } = columns;
  const { populateExisting } = options;
  const { scope } = context;
  const width = mapper.keys.length;
  const identities = context.identities.of(mapper);
  const { strong } = identities;
  const keyAt = mapper.singleKeyPosition;
  const whole = at === 0 && rows[0]?.length === width;
  const made = new Array<EntityState | null>(rows.length);
  const converted = whole ? rows : new Array<readonly unknown[]>(rows.length);
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n] as unknown[];
    let values = row;
    if (!whole) {
      values = row.slice(at, at + width);
      (converted as (readonly unknown[])[])[n] = values;
    }
    for (let c = 0; c < conversions.length; c++) {
      const [index, convert] = conversions[c] as readonly [number, Conversion];
      const value = values[index];
      if (value !== null) values[index] = convert(value);
    }
    const raw = values[keyAt];
    const key = keyAt === -1 ? mapper.keyOf(values) : typeof raw === "number" ? raw : keyPart(raw);
    if (key === undefined) {
      made[n] = null;
      continue;
    }
    let state = strong.get(key) ?? identities.get(key);
    if (state === undefined) {
      state = new EntityState(mapper, scope, values, key);
      construct(mapper, state);
      strong.set(key, state);
    } else if (populateExisting || state.flags & EXPIRED) {
      overwrite(context, state, values, populateExisting);
    }
    made[n] = state;
  }
  context.identities.bound(mapper);
  return { states: made, values: converted };
}
