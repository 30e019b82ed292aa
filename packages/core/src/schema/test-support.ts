import { Dialect } from "../dialect/dialect.js";
import type { ReflectedTable, Reflector } from "../dialect/reflector.js";
import type { Node } from "../visit/node.js";
import { type SchemaHost, schemaAccess } from "./host.js";

/** A host that executes nothing: it writes down the SQL, and answers reflection from a list of tables. */
export class RecordingHost implements SchemaHost {
  /** The SQL of what was executed. */
  readonly executed: string[] = [];
  /** What was asked of the reflector. */
  readonly asked: string[] = [];
  readonly dialect: Dialect;

  constructor(tables: readonly ReflectedTable[] | undefined, dialect?: Dialect) {
    this.dialect = dialect ?? new RecordingDialect(tables && recordingReflector(tables, this.asked));
  }

  async [schemaAccess]<T>(work: Parameters<SchemaHost[typeof schemaAccess]>[0]): Promise<T> {
    const { dialect, executed } = this;
    return (await work({
      dialect,
      execute: async (statement: Node) => executed.push(dialect.compile(statement).sql),
      query: async () => [],
    })) as T;
  }
}

class RecordingDialect extends Dialect {
  override readonly reflector: Reflector | undefined;

  constructor(reflector: Reflector | undefined) {
    super();
    this.reflector = reflector;
  }
}

function recordingReflector(tables: readonly ReflectedTable[], asked: string[]): Reflector {
  const of = (schema: string | undefined): readonly ReflectedTable[] =>
    tables.filter((table) => (table.schema ?? "public") === (schema ?? "public"));
  const names = (schema: string | undefined, kind: string): readonly string[] =>
    of(schema)
      .filter((table) => table.kind === kind)
      .map((table) => table.name);
  return {
    defaultSchema: async () => "public",
    schemaNames: async () => [...new Set(tables.map((table) => table.schema ?? "public"))],
    tableNames: async (_connection, schema) => names(schema, "table"),
    viewNames: async (_connection, schema) => names(schema, "view"),
    tables: async (_connection, schema, wanted) => {
      asked.push(`${schema ?? "-"}: ${wanted?.join(", ") ?? "*"}`);
      return of(schema).filter((table) => wanted === undefined || wanted.includes(table.name));
    },
  };
}

/** A reflected table with what a test says of it. */
export function reflectedTable(name: string, given: Partial<ReflectedTable> = {}): ReflectedTable {
  return {
    name,
    schema: undefined,
    kind: "table",
    comment: undefined,
    columns: [],
    primaryKey: undefined,
    foreignKeys: [],
    uniqueConstraints: [],
    indexes: [],
    checks: [],
    ...given,
  };
}
