import type { ins, Typed, t } from "../sql/protocols.js";
import type { SchemaHost } from "./host.js";
import type { MetaData } from "./metadata.js";
import type { TableReflectOptions } from "./reflection.js";
import {
  type AnyTable,
  type Def,
  type Defs,
  type OptionalKeys,
  type RequiredKeys,
  Table as TableClass,
  type TableOptions,
} from "./table.js";

/**
 * A table of the schema. `S` is its name, `R` its row, `I` what INSERT takes.
 *
 * An interface of its own instead of another name for the class: the compiler can then name it in the declarations of a
 * project that exports tables (the class has the same name but is not exported by the package).
 */
export interface Table<out S extends string = string, out R = unknown, out I = unknown> extends TableClass<S, R, I> {}

/** How a table is made: see {@link Table}. */
export interface TableConstructor {
  new <const S extends string, D extends Defs>(
    name: S,
    metadata: MetaData,
    columns: D,
    options?: TableOptions<S, { [K in keyof D]: D[K][typeof t] }>,
  ): Table<
    S,
    { [K in keyof D]: D[K][typeof t] },
    { [K in RequiredKeys<D>]: D[K][typeof ins] | Typed<D[K][typeof t]> } & {
      [K in OptionalKeys<D>]?: D[K][typeof ins] | Typed<D[K][typeof t]>;
    }
  >;
  /**
   * Makes a table of what the database has under a name, and loads the tables that it refers to. Columns of the option
   * `columns` are taken as declared there, and typed; all others hold values of unknown type.
   *
   * @example
   * ```ts
   * const invoice = await Table.reflect("invoice", metadata, engine, { columns: { total: numeric(10, 2) } });
   * select(invoice.c.total, invoice.column("billing_city"))
   * ```
   * Throws NoSuchTableError, which names tables of like names, and NoSuchColumnError for a declared column that is not there.
   */
  reflect<const S extends string, D extends Defs = Record<never, Def>>(
    name: S,
    metadata: MetaData,
    host: SchemaHost,
    options?: TableReflectOptions<D>,
  ): Promise<TableClass<S, Record<string, unknown> & { [K in keyof D]: D[K][typeof t] }, Record<string, unknown>>>;
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
