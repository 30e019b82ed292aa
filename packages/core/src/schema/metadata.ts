import { InvalidRequestError, NoSuchTableError } from "../errors/index.js";
import type { AnyTable } from "./table.js";

/**
 * How constraints and indexes without a name are called. Placeholders: `%(table)s`, `%(columns)s` (column names joined by
 * `_`), `%(column_0)s`, `%(target)s` (the referred table), `%(constraint)s` (the name as given).
 */
export interface NamingConvention {
  readonly pk?: string;
  readonly uq?: string;
  readonly fk?: string;
  readonly ck?: string;
  readonly ix?: string;
}

/** Options of a MetaData. */
export interface MetaDataOptions {
  /** The schema of tables that name none. */
  readonly schema?: string;
  readonly namingConvention?: NamingConvention;
}

/** Indexes need a name on every database, so there is a convention for them by default. */
const DEFAULT_CONVENTION: NamingConvention = { ix: "ix_%(table)s_%(columns)s" };

/**
 * A collection of tables that belong together: foreign keys are looked up in it, and it is created and dropped as a whole.
 */
export class MetaData {
  readonly schema: string | undefined;
  readonly namingConvention: NamingConvention;
  private readonly byName = new Map<string, AnyTable>();

  constructor(options: MetaDataOptions = {}) {
    this.schema = options.schema;
    this.namingConvention = { ...DEFAULT_CONVENTION, ...options.namingConvention };
  }

  /** The tables by name (`schema.name` where they have a schema), in the order of their making. */
  get tables(): ReadonlyMap<string, AnyTable> {
    return this.byName;
  }

  /** A table by name. */
  table(name: string): AnyTable {
    const found = this.byName.get(name) ?? (this.schema === undefined ? undefined : this.byName.get(`${this.schema}.${name}`));
    if (found) return found;
    const known = [...this.byName.keys()].join(", ");
    throw new NoSuchTableError(`The MetaData has no table "${name}".`, { remedy: known === "" ? "It is empty." : `It has: ${known}.` });
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
