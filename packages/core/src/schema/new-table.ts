import type { Typed, ins, t } from "../sql/protocols.js";
import type { MetaData } from "./metadata.js";
import { type AnyTable, type Defs, type OptionalKeys, type RequiredKeys, Table as TableClass, type TableOptions } from "./table.js";

/** A table of the schema. `S` is its name, `R` its row, `I` what INSERT takes. */
export type Table<S extends string = string, R = unknown, I = never> = TableClass<S, R, I>;

/** How a table is made: see {@link Table}. */
export interface TableConstructor {
  new <const S extends string, D extends Defs>(
    name: S,
    metadata: MetaData,
    columns: D,
    options?: TableOptions<S, { [K in keyof D]: D[K][typeof t] }>,
  ): TableClass<
    S,
    { [K in keyof D]: D[K][typeof t] },
    { [K in RequiredKeys<D>]: D[K][typeof ins] | Typed<D[K][typeof t]> } & { [K in OptionalKeys<D>]?: D[K][typeof ins] | Typed<D[K][typeof t]> }
  >;
  readonly prototype: AnyTable;
}

/**
 * Declares a table.
 *
 * @example
 * ```ts
 * const users = new Table("users", metadata, {
 *   id: integer().primaryKey(),
 *   name: string(50),                        // NOT NULL unless .nullable()
 *   nick: string(50).nullable(),
 * });
 * ```
 * SQL of `metadata.createAll`: `CREATE TABLE users (id INTEGER NOT NULL, name VARCHAR(50) NOT NULL, nick VARCHAR(50),
 * PRIMARY KEY (id))`
 */
export const Table: TableConstructor = TableClass as unknown as TableConstructor;
