import type { ReflectedColumn, ReflectedTable } from "../dialect/reflector.js";
import type { ValueType } from "../types/value-type.js";
import type { SchemaHost } from "./host.js";
import type { MetaData } from "./metadata.js";
import type { AnyTable, Defs } from "./table.js";

/** What is to be different from what the database says of a column. */
export interface ColumnChange {
  /** The property under which `.c` and rows know it. */
  readonly key?: string;
  readonly type?: ValueType<unknown, unknown>;
}

/** Options of all reflection into a MetaData. */
export interface ReflectOptions {
  /** The schema to look in; without it the MetaData's, and without that the connection's default schema. */
  readonly schema?: string;
  /** Loads the tables that foreign keys refer to as well. Default true; else such keys are left out. */
  readonly resolveForeignKeys?: boolean;
  /** Called for each column: gives it another key or type. */
  readonly onColumn?: (column: ReflectedColumn, table: ReflectedTable) => ColumnChange | undefined;
}

/** Options of `metadata.reflect`. */
export interface MetaDataReflectOptions extends ReflectOptions {
  /** Only these tables, or those for whose name the function returns true. Default: all. */
  readonly only?: readonly string[] | ((name: string) => boolean);
  /** Views as well. Default false. */
  readonly views?: boolean;
}

/** Options of `Table.reflect`. */
export interface TableReflectOptions<D extends Defs = Defs> extends ReflectOptions {
  /** Columns that are declared rather than reflected, by key: they are typed and take the place of what was found. */
  readonly columns?: D;
}

/**
 * Reading tables from a database. It needs what tables are made of, so tables cannot import it: `reflect/install.ts` fills
 * this record when it loads.
 */
export interface Reflection {
  reflectAll(metadata: MetaData, host: SchemaHost, options: MetaDataReflectOptions): Promise<void>;
  reflectTable(
    name: string,
    metadata: MetaData,
    host: SchemaHost,
    options: Partial<TableReflectOptions>,
  ): Promise<AnyTable>;
}

/** Filled by `reflect/install.ts`. */
export const reflection: Reflection = {} as Reflection;
