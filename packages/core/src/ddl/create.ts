import type { Dialect } from "../dialect/dialect.js";
import type { Reflector } from "../dialect/reflector.js";
import { InvalidRequestError } from "../errors/index.js";
import type { ForeignKeyConstraint } from "../schema/constraint.js";
import { type SchemaConnection, type SchemaHost, schemaAccess } from "../schema/host.js";
import type { MetaData } from "../schema/metadata.js";
import { tableEvents } from "../schema/schema-events.js";
import type { AnyTable } from "../schema/table.js";
import type { Column } from "../sql/column.js";
import { sortTables } from "./sort.js";
import { AddConstraint, CreateTable, type DdlStatement, DropConstraint, DropTable } from "./statements.js";

/** Options of createAll and dropAll. */
export interface SchemaWorkOptions {
  /** Creates only what is missing and drops only what is there. Default true. */
  readonly checkFirst?: boolean;
  /** Only these tables. */
  readonly tables?: readonly AnyTable[];
}

/**
 * The statements that create tables, in an order in which a database takes them: for executing them one by one, or for a
 * script.
 *
 * @example
 * ```ts
 * const dialect = postgres();
 * createStatements([...metadata.tables.values()], dialect).map((statement) => dialect.compile(statement).sql).join(";\n");
 * ```
 */
export function createStatements(tables: readonly AnyTable[], dialect: Dialect): readonly DdlStatement[] {
  return creating(tables, dialect).flatMap(({ statements }) => statements);
}

/** Statements that belong together: those of one table, or others. */
interface Step {
  readonly table?: AnyTable;
  readonly statements: readonly DdlStatement[];
}

function creating(tables: readonly AnyTable[], dialect: Dialect): readonly Step[] {
  const sorted = sortTables(tables);
  const late = dialect.flags.alterConstraints ? sorted.late : [];
  const compiler = dialect.createDdlCompiler();
  const perTable = sorted.tables.map((table) => ({
    table,
    statements: [
      ...compiler.beforeCreate(table),
      new CreateTable(table, { without: late.filter((key) => key.table === table) }),
      ...compiler.afterCreate(table),
    ],
  }));
  return [...perTable, { statements: late.map((key) => new AddConstraint(key)) }];
}

/** The statements that drop tables: keys of circles first, then each table before the ones that it refers to. */
export function dropStatements(tables: readonly AnyTable[], dialect: Dialect): readonly DdlStatement[] {
  return dropping(tables, dialect, (key) => new DropConstraint(key)).flatMap(({ statements }) => statements);
}

function dropping(
  tables: readonly AnyTable[],
  dialect: Dialect,
  dropKey: (key: ForeignKeyConstraint) => DdlStatement | undefined,
): readonly Step[] {
  const sorted = sortTables(tables);
  const { alterConstraints } = dialect.flags;
  const compiler = dialect.createDdlCompiler();
  const first = [
    ...compiler.beforeDrop(sorted.tables, !alterConstraints && sorted.late.length > 0),
    ...(alterConstraints ? sorted.late.map(dropKey).filter((statement) => statement !== undefined) : []),
  ];
  return [
    { statements: first },
    ...[...sorted.tables].reverse().map((table) => ({
      table,
      statements: [new DropTable(table), ...compiler.afterDrop(table)],
    })),
  ];
}

/** Creates tables with their indexes, in one transaction where the database can. */
export async function createAll(
  host: SchemaHost,
  tables: readonly AnyTable[],
  options: SchemaWorkOptions = {},
  metadata?: MetaData,
): Promise<void> {
  await host[schemaAccess](
    async (connection) => {
      const chosen = options.tables ?? tables;
      const there = options.checkFirst === false ? undefined : await existing(connection, chosen);
      const missing = there === undefined ? chosen : chosen.filter((table) => !there.has(table));
      await perform(creating(missing, connection.dialect), "Create", connection, missing, metadata);
    },
    { transaction: true },
  );
}

/** Drops tables, in one transaction where the database can. */
export async function dropAll(
  host: SchemaHost,
  tables: readonly AnyTable[],
  options: SchemaWorkOptions = {},
  metadata?: MetaData,
): Promise<void> {
  await host[schemaAccess](
    async (connection) => {
      const chosen = options.tables ?? tables;
      const there = options.checkFirst === false ? undefined : await existing(connection, chosen);
      const doomed = there === undefined ? chosen : chosen.filter((table) => there.has(table));
      const dropKey = await keyDropper(connection, doomed);
      await perform(dropping(doomed, connection.dialect, dropKey), "Drop", connection, doomed, metadata);
    },
    { transaction: true },
  );
}

/** Executes the statements and tells the listeners of the MetaData (for its own work) and of the tables. */
async function perform(
  steps: readonly Step[],
  what: "Create" | "Drop",
  connection: SchemaConnection,
  tables: readonly AnyTable[],
  metadata: MetaData | undefined,
): Promise<void> {
  const whole = metadata === undefined ? undefined : { metadata, connection, tables };
  if (whole !== undefined) await metadata?.events.emitAwaited(`before${what}`, whole);
  for (const { table, statements } of steps) {
    const event = table === undefined ? undefined : { table, connection };
    if (event !== undefined) await tableEvents(event.table).emitAwaited(`before${what}`, event);
    for (const statement of statements) await connection.execute(statement);
    if (event !== undefined) await tableEvents(event.table).emitAwaited(`after${what}`, event);
  }
  if (whole !== undefined) await metadata?.events.emitAwaited(`after${what}`, whole);
}

/** Those of some tables that the database has. One question for each schema. */
async function existing(connection: SchemaConnection, tables: readonly AnyTable[]): Promise<ReadonlySet<AnyTable>> {
  const reflector = reflectorOf(connection);
  const found = new Set<AnyTable>();
  for (const schema of new Set(tables.map((table) => table.schema))) {
    const names = new Set(await reflector.tableNames(connection, effective(connection, schema)));
    for (const table of tables) if (table.schema === schema && names.has(table.name)) found.add(table);
  }
  return found;
}

/** The schema in the database: the connection may put others in the place of those that tables name. */
function effective(connection: SchemaConnection, schema: string | undefined): string | undefined {
  return connection.schemaFor === undefined ? schema : connection.schemaFor(schema);
}

function reflectorOf(connection: SchemaConnection): Reflector {
  const { dialect } = connection;
  if (dialect.reflector) return dialect.reflector;
  throw new InvalidRequestError(`${dialect.name} cannot tell which tables exist: it has no reflector.`, {
    code: "NO_REFLECTOR",
    remedy: "Give the option { checkFirst: false }.",
  });
}

/**
 * How the foreign keys of circles are dropped. The database is asked for their names: a key that nobody named was given
 * one by the database, and one that is not there need not be dropped.
 */
async function keyDropper(
  connection: SchemaConnection,
  tables: readonly AnyTable[],
): Promise<(key: ForeignKeyConstraint) => DdlStatement | undefined> {
  const { late } = sortTables(tables);
  const { reflector, flags } = connection.dialect;
  if (late.length === 0 || !flags.alterConstraints || reflector === undefined) return (key) => new DropConstraint(key);
  const names = new Map<ForeignKeyConstraint, string | undefined>();
  for (const schema of new Set(late.map((key) => key.table.schema))) {
    const ours = late.filter((key) => key.table.schema === schema);
    const reflected = await reflector.tables(connection, effective(connection, schema), [
      ...new Set(ours.map((key) => key.table.name)),
    ]);
    for (const key of ours) {
      const keys = reflected.find((table) => table.name === key.table.name)?.foreignKeys ?? [];
      const same = keys.find(
        (other) =>
          sameNames(key.columns, other.columns) &&
          sameNames(key.targets, other.targetColumns) &&
          other.targetTable === key.targetTable.name,
      );
      if (same) names.set(key, same.name);
    }
  }
  return (key) => {
    if (!names.has(key)) return undefined;
    const name = names.get(key);
    return new DropConstraint(key, name === undefined ? {} : { name });
  };
}

function sameNames(columns: readonly Column[], names: readonly string[]): boolean {
  return columns.length === names.length && columns.every((column, i) => column.name === names[i]);
}
