import type { ReferentialAction } from "../types/column-def.js";
import type { AnyType } from "./type-rules.js";

/** What reflection asks of a connection: rows as objects by column name. */
export interface ReflectionConnection {
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** A column as found in a database. */
export interface ReflectedColumn {
  readonly name: string;
  readonly type: AnyType;
  /** The type as the database writes it: `varchar(50)`. */
  readonly typeText: string;
  readonly nullable: boolean;
  /** The SQL text of the default, quotes included; undefined for generated keys (their sequences) and computed columns. */
  readonly default: string | undefined;
  /** The database makes the value when an INSERT gives none. */
  readonly autoincrement: boolean;
  readonly computed: { readonly sqltext: string; readonly persisted: boolean } | undefined;
  readonly comment: string | undefined;
}

/** A primary key or unique constraint as found in a database. */
export interface ReflectedKey {
  readonly name: string | undefined;
  readonly columns: readonly string[];
}

/** A foreign key as found in a database. */
export interface ReflectedForeignKey {
  readonly name: string | undefined;
  readonly columns: readonly string[];
  /** Undefined where the target is in the connection's default schema. */
  readonly targetSchema: string | undefined;
  readonly targetTable: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: ReferentialAction | undefined;
  readonly onUpdate: ReferentialAction | undefined;
}

/** An index as found in a database; the ones behind primary keys and unique constraints are left out. */
export interface ReflectedIndex {
  readonly name: string;
  readonly unique: boolean;
  /** Column names; undefined for an element that is an expression. */
  readonly columns: readonly (string | undefined)[];
  /** The SQL text of each element, with its direction where it is not ascending: `name DESC`, `lower(name)`. */
  readonly expressions: readonly string[];
  readonly where: string | undefined;
}

/** A check constraint as found in a database. */
export interface ReflectedCheck {
  readonly name: string | undefined;
  /** The condition, without CHECK and its parentheses. */
  readonly sqltext: string;
}

/** A table or view as found in a database. */
export interface ReflectedTable {
  readonly name: string;
  readonly schema: string | undefined;
  readonly kind: "table" | "view";
  readonly comment: string | undefined;
  readonly columns: readonly ReflectedColumn[];
  readonly primaryKey: ReflectedKey | undefined;
  readonly foreignKeys: readonly ReflectedForeignKey[];
  readonly uniqueConstraints: readonly ReflectedKey[];
  readonly indexes: readonly ReflectedIndex[];
  readonly checks: readonly ReflectedCheck[];
}

/** How a dialect reads the schema of a database. */
export interface Reflector {
  /** The schema that unqualified names mean; undefined where the database has none. */
  defaultSchema(connection: ReflectionConnection): Promise<string | undefined>;
  schemaNames(connection: ReflectionConnection): Promise<readonly string[]>;
  /** Tables of the user's, not of the database's own. */
  tableNames(connection: ReflectionConnection, schema: string | undefined): Promise<readonly string[]>;
  viewNames(connection: ReflectionConnection, schema: string | undefined): Promise<readonly string[]>;
  /** Some tables or views, or all tables when no names are given, in as few queries as the database allows. Unknown names are left out. */
  tables(
    connection: ReflectionConnection,
    schema: string | undefined,
    names: readonly string[] | undefined,
  ): Promise<readonly ReflectedTable[]>;
}
