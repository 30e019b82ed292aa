import type {
  ReflectedCheck,
  ReflectedColumn,
  ReflectedForeignKey,
  ReflectedIndex,
  ReflectedKey,
  ReflectedTable,
} from "../dialect/reflector.js";
import type { SchemaHost } from "../schema/host.js";
import { type ReflectionSession, requireAll, withReflector } from "./session.js";

/** Where an Inspector looks. */
export interface InspectOptions {
  /** The schema; without it the connection's default schema. */
  readonly schema?: string;
}

/**
 * Reads the schema of a database. Answers are kept, so that asking twice costs nothing; {@link clearCache} forgets them.
 * Made by {@link inspect}.
 */
export class Inspector {
  /** The schema that unqualified names mean; undefined where the database has none. */
  readonly defaultSchemaName: string | undefined;
  private readonly host: SchemaHost;
  private readonly known = new Map<string, Promise<unknown>>();

  constructor(host: SchemaHost, defaultSchemaName: string | undefined) {
    this.host = host;
    this.defaultSchemaName = defaultSchemaName;
  }

  /** The schemas of the database, its own included. */
  async getSchemaNames(): Promise<readonly string[]> {
    return this.once(["schemas"], ({ reflector, connection }) => reflector.schemaNames(connection));
  }

  /** The tables of the user's. */
  async getTableNames(options: InspectOptions = {}): Promise<readonly string[]> {
    return this.once(["tables", options.schema], ({ reflector, connection }) =>
      reflector.tableNames(connection, options.schema),
    );
  }

  /** The views of the user's. */
  async getViewNames(options: InspectOptions = {}): Promise<readonly string[]> {
    return this.once(["views", options.schema], ({ reflector, connection }) =>
      reflector.viewNames(connection, options.schema),
    );
  }

  /** Whether there is a table or view of a name. */
  async hasTable(name: string, options: InspectOptions = {}): Promise<boolean> {
    return (await this.getTableNames(options)).includes(name) || (await this.getViewNames(options)).includes(name);
  }

  /** All that is known of some tables or views, or of all tables, in as few queries as the database allows. */
  async getTables(names?: readonly string[], options: InspectOptions = {}): Promise<readonly ReflectedTable[]> {
    return this.once(["detail", options.schema, ...(names ?? ["*"])], async (session) => {
      const found = await session.reflector.tables(session.connection, options.schema, names);
      await requireAll(session, options.schema, names ?? [], found);
      return found;
    });
  }

  /** All that is known of a table or view. Throws NoSuchTableError, which names tables of like names. */
  async getTable(name: string, options: InspectOptions = {}): Promise<ReflectedTable> {
    const [table] = await this.getTables([name], options);
    return table as ReflectedTable;
  }

  /** The columns of a table or view, in order. */
  async getColumns(name: string, options: InspectOptions = {}): Promise<readonly ReflectedColumn[]> {
    return (await this.getTable(name, options)).columns;
  }

  /** The primary key of a table; undefined when it has none. */
  async getPrimaryKey(name: string, options: InspectOptions = {}): Promise<ReflectedKey | undefined> {
    return (await this.getTable(name, options)).primaryKey;
  }

  /** The foreign keys of a table. */
  async getForeignKeys(name: string, options: InspectOptions = {}): Promise<readonly ReflectedForeignKey[]> {
    return (await this.getTable(name, options)).foreignKeys;
  }

  /** The unique constraints of a table. */
  async getUniqueConstraints(name: string, options: InspectOptions = {}): Promise<readonly ReflectedKey[]> {
    return (await this.getTable(name, options)).uniqueConstraints;
  }

  /** The indexes of a table, without those behind its primary key and unique constraints. */
  async getIndexes(name: string, options: InspectOptions = {}): Promise<readonly ReflectedIndex[]> {
    return (await this.getTable(name, options)).indexes;
  }

  /** The check constraints of a table. */
  async getCheckConstraints(name: string, options: InspectOptions = {}): Promise<readonly ReflectedCheck[]> {
    return (await this.getTable(name, options)).checks;
  }

  /** The comment on a table; undefined when it has none. */
  async getTableComment(name: string, options: InspectOptions = {}): Promise<string | undefined> {
    return (await this.getTable(name, options)).comment;
  }

  /** Forgets all answers, so that changes of the schema are seen. */
  clearCache(): void {
    this.known.clear();
  }

  private once<T>(key: readonly unknown[], ask: (session: ReflectionSession) => Promise<T>): Promise<T> {
    const text = JSON.stringify(key);
    let answer = this.known.get(text) as Promise<T> | undefined;
    if (answer === undefined) {
      answer = withReflector(this.host, ask);
      this.known.set(text, answer);
      // What failed is asked again.
      answer.catch(() => this.known.delete(text));
    }
    return answer;
  }
}

/**
 * An {@link Inspector} for an engine or a connection.
 *
 * @example
 * ```ts
 * const inspector = await inspect(engine);
 * await inspector.getTableNames();                    // ["posts", "users"]
 * await inspector.getColumns("users");                // [{ name: "id", type: integer(), nullable: false, ... }, ...]
 * ```
 */
export async function inspect(host: SchemaHost): Promise<Inspector> {
  const schema = await withReflector(host, ({ reflector, connection }) => reflector.defaultSchema(connection));
  return new Inspector(host, schema);
}
