import {
  AmbiguousForeignKeysError,
  type AnyTable,
  Column,
  type ForeignKeyConstraint,
  NoForeignKeysError,
  Table,
} from "@acme/core";
import { MappingError } from "../errors.js";
import type { Mapper } from "../mapping/mapper.js";
import type { DefinitionParts } from "./definition.js";

/** Which side has the foreign key. */
export type Direction = "manyToOne" | "oneToMany" | "manyToMany";

/** How the tables of a relationship hang together, as pairs of column positions. */
export interface JoinColumns {
  readonly direction: Direction;
  /** Positions of this entity's columns. */
  readonly local: readonly number[];
  /** Positions of the target's columns, in the same order; for many-to-many those that the association refers to. */
  readonly remote: readonly number[];
  /** The association table of a many-to-many relationship. */
  readonly secondary: Secondary | undefined;
}

/** An association table and the columns by which it refers to both sides. */
export interface Secondary {
  readonly table: AnyTable;
  /** The columns that refer to `local`, in its order. */
  readonly local: readonly Column[];
  /** The columns that refer to `remote`, in its order. */
  readonly remote: readonly Column[];
}

function asList(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function keysBetween(from: AnyTable, to: AnyTable): readonly ForeignKeyConstraint[] {
  return from.foreignKeys.filter((key) => (key.targetTable as unknown) === to);
}

/** Of several foreign keys those that consist of the columns that the option names. */
function chosen(keys: readonly ForeignKeyConstraint[], wanted: readonly Column[]): readonly ForeignKeyConstraint[] {
  if (wanted.length === 0) return keys;
  return keys.filter((key) => key.columns.every((column) => wanted.some((other) => other.shape === column.shape)));
}

function positions(mapper: Mapper, columns: readonly Column[]): readonly number[] {
  return columns.map((column) => mapper.position(column));
}

function describeKeys(keys: readonly ForeignKeyConstraint[]): string {
  return keys.map((key) => `(${key.columns.map((column) => column.key).join(", ")})`).join(", ");
}

function only(keys: readonly ForeignKeyConstraint[], name: string, between: string): ForeignKeyConstraint {
  const [key, second] = keys;
  if (key !== undefined && second === undefined) return key;
  if (key === undefined) {
    throw new NoForeignKeysError(`${name} finds no foreign key ${between}.`, {
      remedy: "Declare one with references(() => ...), or name the association table with secondary: () => table.",
    });
  }
  throw new AmbiguousForeignKeysError(`${name} finds ${keys.length} foreign keys ${between}: ${describeKeys(keys)}.`, {
    remedy: "Choose with foreignKeys: [Entity.c.column].",
  });
}

/** Finds out how a relationship joins. `name` is what messages call it. */
export function resolveJoin(mapper: Mapper, target: Mapper, parts: DefinitionParts, name: string): JoinColumns {
  const wanted = asList(parts.options.foreignKeys).map((item) => {
    if (item instanceof Column) return (item.origin ?? item) as Column;
    throw new MappingError(`foreignKeys of ${name} holds something that is no column.`, {
      remedy: "Write foreignKeys: [Entity.c.column].",
    });
  });
  if (parts.options.secondary !== undefined) return resolveSecondary(mapper, target, parts, name, wanted);
  const outgoing = chosen(keysBetween(mapper.table, target.table), wanted);
  const incoming = chosen(keysBetween(target.table, mapper.table), wanted);
  const between = `between "${mapper.table.name}" and "${target.table.name}"`;
  if (parts.kind !== "many" && outgoing.length > 0) {
    const key = only(outgoing, name, between);
    return {
      direction: "manyToOne",
      local: positions(mapper, key.columns),
      remote: positions(target, key.targets),
      secondary: undefined,
    };
  }
  const key = only(
    incoming,
    name,
    parts.kind === "many" ? `from "${target.table.name}" to "${mapper.table.name}"` : between,
  );
  return {
    direction: "oneToMany",
    local: positions(mapper, key.targets),
    remote: positions(target, key.columns),
    secondary: undefined,
  };
}

function resolveSecondary(
  mapper: Mapper,
  target: Mapper,
  parts: DefinitionParts,
  name: string,
  wanted: readonly Column[],
): JoinColumns {
  const table: unknown = parts.options.secondary?.();
  if (!(table instanceof Table))
    throw new MappingError(`secondary of ${name} gives no table.`, { remedy: "Write secondary: () => table." });
  if (parts.kind !== "many") {
    throw new MappingError(`${name} has an association table, but is to hold one entity.`, {
      remedy: "Use many(...).",
    });
  }
  const link = `from "${table.name}" to`;
  const toLocal = only(chosen(keysBetween(table, mapper.table), wanted), name, `${link} "${mapper.table.name}"`);
  const others = keysBetween(table, target.table).filter((key) => key !== toLocal);
  const toRemote = only(others, name, `${link} "${target.table.name}"`);
  return {
    direction: "manyToMany",
    local: positions(mapper, toLocal.targets),
    remote: positions(target, toRemote.targets),
    secondary: { table, local: toLocal.columns, remote: toRemote.columns },
  };
}
