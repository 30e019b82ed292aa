import { createAll, dropAll, type SchemaWorkOptions } from "../ddl/create.js";
import { sortTables } from "../ddl/sort.js";
import { InvalidRequestError, NoSuchTableError } from "../errors/index.js";
import type { ListenOptions } from "../events/listeners.js";
import type { SchemaHost } from "./host.js";
import { DEFAULT_CONVENTION, type NamingConvention } from "./naming.js";
import { type MetaDataReflectOptions, reflection } from "./reflection.js";
import { MetaDataEventHub, type MetaDataEvents, type MetaDataListener } from "./schema-events.js";
import type { AnyTable } from "./table.js";

/** Options of a MetaData. */
export interface MetaDataOptions {
  /** The schema of tables that name none. */
  readonly schema?: string;
  readonly namingConvention?: NamingConvention;
}

/**
 * A collection of tables that belong together: foreign keys are looked up in it, and it is created and dropped as a whole.
 */
export class MetaData {
  readonly schema: string | undefined;
  readonly namingConvention: NamingConvention;
  /** Who listens; see `on`. */
  readonly events = new MetaDataEventHub();
  private readonly byName = new Map<string, AnyTable>();

  constructor(options: MetaDataOptions = {}) {
    this.schema = options.schema;
    this.namingConvention = { ...DEFAULT_CONVENTION, ...options.namingConvention };
  }

  /** The tables by name (`schema.name` where they have a schema), in the order of their making. */
  get tables(): ReadonlyMap<string, AnyTable> {
    return this.byName;
  }

  /** The tables, each after the ones that its foreign keys refer to. */
  get sortedTables(): readonly AnyTable[] {
    return sortTables([...this.byName.values()]).tables;
  }

  /**
   * Creates all tables that are missing, with their indexes, in the order of their foreign keys; in one transaction where
   * the database can. Tables that refer to each other in a circle get their last keys by ALTER TABLE.
   *
   * @example
   * ```ts
   * await metadata.createAll(engine);
   * await metadata.createAll(engine, { tables: [users, posts], checkFirst: false });
   * ```
   */
  async createAll(host: SchemaHost, options: SchemaWorkOptions = {}): Promise<void> {
    await createAll(host, [...this.byName.values()], options, this);
  }

  /** Drops all tables that are there, each before the ones that it refers to. */
  async dropAll(host: SchemaHost, options: SchemaWorkOptions = {}): Promise<void> {
    await dropAll(host, [...this.byName.values()], options, this);
  }

  /**
   * Reads tables from a database: columns, keys, constraints, indexes. Tables that are already there stay as they are;
   * tables that foreign keys refer to come along.
   *
   * @example
   * ```ts
   * await metadata.reflect(engine);
   * await metadata.reflect(engine, { only: ["invoice"], schema: "shop" });
   * ```
   */
  async reflect(host: SchemaHost, options: MetaDataReflectOptions = {}): Promise<void> {
    await reflection.reflectAll(this, host, options);
  }

  /**
   * Listens to the creating, dropping and reflecting of tables; see {@link MetaDataEvents}. The returned function ends it.
   *
   * @example
   * ```ts
   * metadata.on("afterCreate", ({ connection }) => connection.execute(sql`CREATE VIEW active AS SELECT ...`));
   * metadata.on("columnReflect", ({ column }) => ({ key: camelCase(column.name) }));
   * ```
   */
  on<K extends keyof MetaDataEvents>(event: K, listener: MetaDataListener<K>, options?: ListenOptions): () => void {
    return this.events.on(event, listener, options);
  }

  /** Takes a listener away; says whether it was there. */
  off<K extends keyof MetaDataEvents>(event: K, listener: MetaDataListener<K>): boolean {
    return this.events.off(event, listener);
  }

  /** A table by name. */
  table(name: string): AnyTable {
    const found =
      this.byName.get(name) ?? (this.schema === undefined ? undefined : this.byName.get(`${this.schema}.${name}`));
    if (found) return found;
    const known = [...this.byName.keys()].join(", ");
    throw new NoSuchTableError(`The MetaData has no table "${name}".`, {
      remedy: known === "" ? "It is empty." : `It has: ${known}.`,
    });
  }

  /** Takes a table in; called by Table. */
  add(table: AnyTable): void {
    if (this.byName.has(table.fullName)) {
      throw new InvalidRequestError(`The MetaData already has a table "${table.fullName}".`, {
        code: "DUPLICATE_TABLE",
        remedy: "Use another name, another schema or another MetaData.",
      });
    }
    this.byName.set(table.fullName, table);
  }

  /** Takes a table out; the database is not touched. */
  remove(table: AnyTable): void {
    this.byName.delete(table.fullName);
  }

  /** Forgets all tables; the database is not touched. */
  clear(): void {
    this.byName.clear();
  }
}
