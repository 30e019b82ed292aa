import type { ReflectedForeignKey, ReflectedTable } from "../dialect/reflector.js";
import { InvalidRequestError } from "../errors/index.js";
import type { SchemaHost } from "../schema/host.js";
import type { MetaData } from "../schema/metadata.js";
import type { MetaDataReflectOptions, ReflectOptions, TableReflectOptions } from "../schema/reflection.js";
import type { AnyTable, Defs } from "../schema/table.js";
import { buildTable } from "./build-table.js";
import { type ReflectionSession, requireAll, withReflector } from "./session.js";

/** A table to be loaded, under the schema as the MetaData spells it. */
interface Found {
  readonly schema: string | undefined;
  readonly table: ReflectedTable;
}

function fullName(schema: string | undefined, name: string): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

/** Loads tables and, unless told otherwise, the tables that they refer to, and takes them into the MetaData. */
class Loader {
  private readonly session: ReflectionSession;
  private readonly metadata: MetaData;
  private readonly options: ReflectOptions;
  private readonly defaultSchema: string | undefined;
  private readonly found = new Map<string, Found>();
  private readonly tried = new Set<string>();

  constructor(
    session: ReflectionSession,
    metadata: MetaData,
    options: ReflectOptions,
    defaultSchema: string | undefined,
  ) {
    this.session = session;
    this.metadata = metadata;
    this.options = options;
    this.defaultSchema = defaultSchema;
  }

  /** Reads tables of one schema, and then what they refer to, generation by generation. */
  async read(schema: string | undefined, names: readonly string[]): Promise<void> {
    const found = await this.fetch(schema, names);
    await requireAll(this.session, schema, names, found);
    if (this.options.resolveForeignKeys === false) return;
    for (let next = this.targets(found, schema); next.size > 0; ) {
      const following = new Map<string | undefined, Set<string>>();
      for (const [targetSchema, targetNames] of next) {
        const tables = await this.fetch(targetSchema, [...targetNames]);
        for (const [deeper, deeperNames] of this.targets(tables, targetSchema)) merge(following, deeper, deeperNames);
      }
      next = following;
    }
  }

  private async fetch(schema: string | undefined, names: readonly string[]): Promise<readonly ReflectedTable[]> {
    if (names.length === 0) return [];
    for (const name of names) this.tried.add(fullName(schema, name));
    const tables = await this.session.reflector.tables(this.session.connection, schema, names);
    for (const table of tables) this.found.set(fullName(schema, table.name), { schema, table });
    return tables;
  }

  /** The tables that keys of others refer to and that nobody has looked for yet. */
  private targets(
    tables: readonly ReflectedTable[],
    schema: string | undefined,
  ): Map<string | undefined, ReadonlySet<string>> {
    const wanted = new Map<string | undefined, Set<string>>();
    for (const table of tables) {
      for (const key of table.foreignKeys) {
        const targetSchema = this.spelling(key.targetSchema, schema);
        const name = fullName(targetSchema, key.targetTable);
        if (this.tried.has(name) || this.metadata.tables.has(name)) continue;
        merge(wanted, targetSchema, [key.targetTable]);
      }
    }
    return wanted;
  }

  /** A schema as the MetaData names it: as asked for where it is the same one, and left out where it is the default. */
  private spelling(target: string | undefined, own: string | undefined): string | undefined {
    const actual = target ?? this.defaultSchema;
    if (actual === (own ?? this.defaultSchema)) return own;
    return actual === this.defaultSchema && this.metadata.schema === undefined ? undefined : actual;
  }

  /** Takes what was read into the MetaData. */
  build(declared: ReadonlyMap<string, Defs>): void {
    const known = new Set([...this.metadata.tables.keys(), ...this.found.keys()]);
    for (const [name, { schema, table }] of this.found) {
      if (this.metadata.tables.has(name)) continue;
      buildTable(table, this.metadata, {
        schema,
        declared: declared.get(name) ?? {},
        onColumn: (column, reflected) => {
          const { metadata } = this;
          const change = this.options.onColumn?.(column, reflected) ?? {};
          return metadata.events.changeOf({ metadata, table: reflected, column, change });
        },
        targetOf: (key: ReflectedForeignKey) => {
          const target = fullName(this.spelling(key.targetSchema, schema), key.targetTable);
          return known.has(target) ? target : undefined;
        },
      });
    }
  }
}

function merge(into: Map<string | undefined, Set<string>>, schema: string | undefined, names: Iterable<string>): void {
  const set = into.get(schema) ?? new Set();
  for (const name of names) set.add(name);
  into.set(schema, set);
}

async function loaderFor(session: ReflectionSession, metadata: MetaData, options: ReflectOptions): Promise<Loader> {
  return new Loader(session, metadata, options, await session.reflector.defaultSchema(session.connection));
}

/** Reads the tables of a schema into a MetaData; those that it already has stay as they are. */
export async function reflectAll(metadata: MetaData, host: SchemaHost, options: MetaDataReflectOptions): Promise<void> {
  const schema = options.schema ?? metadata.schema;
  await withReflector(host, async (session) => {
    const loader = await loaderFor(session, metadata, options);
    const names = await chosenNames(session, schema, options);
    await loader.read(
      schema,
      names.filter((name) => !metadata.tables.has(fullName(schema, name))),
    );
    loader.build(new Map());
  });
}

async function chosenNames(
  { reflector, connection }: ReflectionSession,
  schema: string | undefined,
  options: MetaDataReflectOptions,
): Promise<readonly string[]> {
  const { only } = options;
  if (only !== undefined && typeof only !== "function") return only;
  const tables = await reflector.tableNames(connection, schema);
  const all = options.views ? [...tables, ...(await reflector.viewNames(connection, schema))] : tables;
  return only === undefined ? all : all.filter(only);
}

/** Reads one table, and what it refers to, into a MetaData. */
export async function reflectTable(
  name: string,
  metadata: MetaData,
  host: SchemaHost,
  options: Partial<TableReflectOptions>,
): Promise<AnyTable> {
  const schema = options.schema ?? metadata.schema;
  const full = fullName(schema, name);
  if (metadata.tables.has(full)) {
    throw new InvalidRequestError(`The MetaData already has a table "${full}".`, {
      code: "DUPLICATE_TABLE",
      remedy: `Take it with metadata.table("${full}"), or reflect into another MetaData.`,
    });
  }
  await withReflector(host, async (session) => {
    const loader = await loaderFor(session, metadata, options);
    await loader.read(schema, [name]);
    loader.build(new Map([[full, options.columns ?? {}]]));
  });
  return metadata.table(full);
}
