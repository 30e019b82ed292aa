import { createAll, dropAll, type SchemaWorkOptions } from "../ddl/create.js";
import { ArgumentError, NoSuchColumnError } from "../errors/index.js";
import type { ListenOptions } from "../events/listeners.js";
import { Column, type ColumnFacts } from "../sql/column.js";
import { Alias } from "../sql/derived.js";
import { type Columns, FromClause } from "../sql/from-clause.js";
import type { ins, t } from "../sql/protocols.js";
import type { ColumnDef, ColumnOptions, flags, Reference } from "../types/column-def.js";
import { uniqueShape } from "../visit/intern.js";
import { declareNode } from "../visit/node.js";
import {
  type Constraint,
  type DialectOptions,
  ForeignKeyConstraint,
  Index,
  PrimaryKeyConstraint,
  UniqueConstraint,
} from "./constraint.js";
import type { SchemaHost } from "./host.js";
import type { MetaData } from "./metadata.js";
import { reflection, type TableReflectOptions } from "./reflection.js";
import { type TableEvents, type TableListener, tableEvents } from "./schema-events.js";
import type { TablePart } from "./table-parts.js";

/** What a column definition must have for typing: value, input and flags. */
export interface Def {
  readonly [t]: unknown;
  readonly [ins]: unknown;
  readonly [flags]: string;
}

/** The columns of a table as written. */
export type Defs = { readonly [key: string]: Def };

type Optional = "o" | "g";
/** Keys that an INSERT must give. */
export type RequiredKeys<D> = {
  [K in keyof D]: D[K] extends { readonly [flags]: infer F }
    ? [Extract<F, Optional>] extends [never]
      ? K
      : never
    : never;
}[keyof D];
/** Keys that an INSERT may give. */
export type OptionalKeys<D> = {
  [K in keyof D]: D[K] extends { readonly [flags]: infer F }
    ? "g" extends F
      ? never
      : "o" extends F
        ? K
        : never
    : never;
}[keyof D];

/** What is known of a table's column beside its type. */
export interface TableColumnFacts extends ColumnFacts {
  readonly options: ColumnOptions;
}

/** Options of a table. */
export interface TableOptions<S extends string, R> {
  readonly schema?: string;
  readonly comment?: string;
  /** Constraints and indexes over the table's columns: `(c) => [unique([c.a, c.b]), index(c.name)]`. */
  readonly constraints?: (c: Columns<S, R>) => readonly TablePart[];
  /** Options for one dialect, by its name: `{ mysql: { engine: "InnoDB" }, sqlite: { strict: true } }`. */
  readonly dialectOptions?: DialectOptions;
}

/**
 * A table of the schema. `S` is its name, `R` its row, `I` what INSERT takes. Its constructor is typed in `new-table.ts`.
 */
export class Table<out S extends string, out R, out I> extends FromClause<S, R> {
  declare readonly [ins]: I;
  readonly name: S;
  readonly metadata: MetaData;
  readonly schema: string | undefined;
  readonly comment: string | undefined;
  readonly dialectOptions: DialectOptions;
  /** All constraints: primary key, foreign keys, unique, check. */
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  readonly primaryKey: PrimaryKeyConstraint;
  readonly foreignKeys: readonly ForeignKeyConstraint[];

  constructor(name: S, metadata: MetaData, defs: Defs, options: TableOptions<S, R> = {}) {
    super();
    if (typeof name !== "string" || name === "") throw new ArgumentError("A table needs a name.", { code: "NO_NAME" });
    this.name = name;
    this.metadata = metadata;
    this.schema = options.schema ?? metadata.schema;
    this.comment = options.comment;
    this.dialectOptions = options.dialectOptions ?? {};
    this.definitions = defs;
    checkNames(name, defs);
    const constraints: Constraint[] = [];
    const indexes: Index[] = [];
    const parts = options.constraints?.(this.c) ?? [];
    this.primaryKey = this.choosePrimaryKey(parts);
    if (this.primaryKey.columns.length > 0) constraints.push(this.primaryKey);
    for (const column of this.columns) this.addColumnParts(column, constraints, indexes);
    for (const part of parts) {
      if (part instanceof Index) indexes.push(part);
      else if (part !== this.primaryKey) constraints.push(part);
    }
    for (const part of [...constraints, ...indexes]) part.attach(this as unknown as AnyTable);
    this.constraints = constraints;
    this.indexes = indexes;
    this.foreignKeys = constraints.filter((constraint) => constraint instanceof ForeignKeyConstraint);
    metadata.add(this as unknown as AnyTable);
  }

  private readonly definitions: Defs;

  static {
    declareNode(Table, "table", {});
  }

  /** A table is what it is by identity. */
  override get isIdentity(): boolean {
    return true;
  }

  protected override computeShape(): number {
    return uniqueShape();
  }

  /** `schema.name`, or the name alone. */
  get fullName(): string {
    return this.schema === undefined ? this.name : `${this.schema}.${this.name}`;
  }

  protected override makeColumns(): readonly Column[] {
    return Object.entries(this.definitions).map(([key, def]) => {
      const { type, options } = def as unknown as ColumnDef<unknown, unknown, string>;
      const facts: TableColumnFacts = {
        name: options.name ?? key,
        type,
        nullable: (options.nullable ?? false) && !options.primaryKey,
        primaryKey: options.primaryKey ?? false,
        options,
      };
      return new Column(this, key, facts);
    });
  }

  /** The primary key: the columns marked so, under the name and in the order that the options give. */
  private choosePrimaryKey(parts: readonly TablePart[]): PrimaryKeyConstraint {
    const marked = this.columns.filter((column) => column.primaryKey);
    const given = parts.filter((part) => part instanceof PrimaryKeyConstraint);
    const [only, second] = given;
    if (only === undefined) return new PrimaryKeyConstraint(marked, undefined);
    if (second || only.columns.length !== marked.length || !marked.every((column) => only.columns.includes(column))) {
      throw new ArgumentError(`The primary key of "${this.name}" does not consist of the columns marked as such.`, {
        code: "BAD_PRIMARY_KEY",
        remedy: "Mark each of its columns with primaryKey().",
      });
    }
    return only;
  }

  private addColumnParts(column: Column, constraints: Constraint[], indexes: Index[]): void {
    const { options } = factsOf(column);
    for (const reference of options.references ?? []) {
      constraints.push(new ForeignKeyConstraint([column], () => [this.findTarget(reference)], reference.options));
    }
    if (options.unique)
      constraints.push(new UniqueConstraint([column], options.unique === true ? undefined : options.unique));
    if (options.index) indexes.push(new Index([column], options.index === true ? {} : { name: options.index }));
  }

  private findTarget(reference: Reference): Column {
    const target =
      typeof reference.target === "string" ? this.findByName(reference.target) : (reference.target() as unknown);
    if (target instanceof Column) return target;
    throw new ArgumentError(`A foreign key of "${this.name}" does not refer to a column.`, {
      code: "BAD_FOREIGN_KEY",
      remedy: 'Write references(() => users.c.id) or references("users.id").',
    });
  }

  private findByName(path: string): Column {
    const at = path.lastIndexOf(".");
    const table = this.metadata.table(path.slice(0, at));
    const name = path.slice(at + 1);
    const found =
      table.columns.find((column) => column.name === name) ?? table.columns.find((column) => column.key === name);
    if (found) return found;
    throw new NoSuchColumnError(
      `"${table.name}" has no column "${name}", to which a foreign key of "${this.name}" refers.`,
    );
  }

  /** The column whose value the database makes when an INSERT gives none: a primary key of one integer column. */
  get autoincrementColumn(): Column | undefined {
    const [column, second] = this.primaryKey.columns;
    if (column === undefined || second !== undefined) return undefined;
    const { options } = factsOf(column);
    if (options.autoincrement === false || options.default !== undefined || options.serverDefault !== undefined)
      return undefined;
    if (!["integer", "smallInteger", "bigInteger"].includes(column.type.name)) return undefined;
    return options.references === undefined || options.autoincrement ? column : undefined;
  }

  /**
   * The table under another name, for joining it to itself. Without a name it gets one that no other alias has, `users_1`: make
   * such an alias once, since a statement with a new name is compiled anew.
   *
   * @example
   * ```ts
   * const boss = employees.alias("boss");
   * select(employees.c.name, boss.c.name.label("boss")).outerJoin(boss, boss.c.id.eq(employees.c.managerId))
   * ```
   */
  alias<const A extends string = `${S}_alias`>(name?: A): Alias<A, R> {
    return new Alias<A, R>(this, name ?? (anonymousAlias(this.name) as A));
  }

  /** See {@link TableConstructor.reflect}, where it is typed. */
  static async reflect(
    name: string,
    metadata: MetaData,
    host: SchemaHost,
    options: Partial<TableReflectOptions> = {},
  ): Promise<AnyTable> {
    return reflection.reflectTable(name, metadata, host, options);
  }

  /** A column by its key, for tables whose columns TypeScript does not know: reflected ones. */
  column(key: string): Column<unknown, S, string> {
    return (this.c as Readonly<Record<string, unknown>>)[key] as Column<unknown, S, string>;
  }

  /** Creates the table with its indexes; with `checkFirst` (the default) only where it is missing. */
  async create(host: SchemaHost, options: Omit<SchemaWorkOptions, "tables"> = {}): Promise<void> {
    await createAll(host, [this as unknown as AnyTable], options);
  }

  /** Drops the table; with `checkFirst` (the default) only where it is there. */
  async drop(host: SchemaHost, options: Omit<SchemaWorkOptions, "tables"> = {}): Promise<void> {
    await dropAll(host, [this as unknown as AnyTable], options);
  }

  /**
   * Listens to the creating and dropping of the table; see {@link TableEvents}. The returned function ends it.
   *
   * @example
   * ```ts
   * users.on("afterCreate", ({ connection }) => connection.execute(sql`CREATE TRIGGER ...`));
   * ```
   */
  on<K extends keyof TableEvents>(event: K, listener: TableListener<K>, options?: ListenOptions): () => void {
    return tableEvents(this).on(event, listener, options);
  }

  /** Takes a listener away; says whether it was there. */
  off<K extends keyof TableEvents>(event: K, listener: TableListener<K>): boolean {
    return tableEvents(this).off(event, listener);
  }

  override toString(): string {
    return this.fullName;
  }
}

const aliases = new Map<string, number>();

/** A name for an alias that was given none: two aliases of one table must not be one FROM item. */
function anonymousAlias(table: string): string {
  const count = (aliases.get(table) ?? 0) + 1;
  aliases.set(table, count);
  return `${table}_${count}`;
}

function checkNames(table: string, defs: Defs): void {
  const seen = new Map<string, string>();
  for (const [key, def] of Object.entries(defs)) {
    const name = (def as unknown as ColumnDef<unknown>).options.name ?? key;
    const before = seen.get(name);
    if (before !== undefined) {
      throw new ArgumentError(`Table "${table}" has two columns named "${name}": "${before}" and "${key}".`, {
        code: "DUPLICATE_COLUMN",
      });
    }
    seen.set(name, key);
  }
}

/** What a table said about a column, also when reached through an alias. */
export function factsOf(column: Column): TableColumnFacts {
  return column.facts as TableColumnFacts;
}

/** Any table. */
export type AnyTable = Table<string, Record<string, unknown>, Record<string, unknown>>;
