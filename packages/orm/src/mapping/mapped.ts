import type { AnyTable, Table } from "@acme/core";
import { makeClass } from "./base.js";
import { Mapper } from "./mapper.js";
import type { MappedClass, RelationshipDefs } from "./types.js";

/**
 * Maps a class to a table that exists already: declared for Core, or reflected from a database.
 *
 * @example
 * ```ts
 * const users = new Table("users", metadata, { id: integer().primaryKey(), name: string(50) });
 * class User extends mapped("User", users, { posts: () => many(Post) }) {}
 * ```
 * A reflected table has columns that TypeScript does not know: their properties are `unknown`.
 */
// biome-ignore lint/complexity/noBannedTypes: what is inferred when no relationships are given; RelationshipDefs itself has an index signature
export function mapped<const S extends string, R, V, const L extends RelationshipDefs = {}>(
  name: S,
  table: Table<string, R, V>,
  relationships: L = {} as L,
): MappedClass<S, R, V, L> {
  const thunks = new Map<string, () => unknown>(Object.entries(relationships));
  // The phantom side of the class is what the table's type says; its run-time side is generated from the columns.
  return makeClass(new Mapper(name, table as unknown as AnyTable, thunks)) as unknown as MappedClass<S, R, V, L>;
}
