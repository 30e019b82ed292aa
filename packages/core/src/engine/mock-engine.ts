import { Dialect } from "../dialect/dialect.js";
import { InvalidRequestError } from "../errors/index.js";
import { type SchemaConnection, type SchemaHost, schemaAccess } from "../schema/host.js";
import type { Node } from "../visit/node.js";
import { dialectByName } from "./registry.js";

/** Something that tables are created on, and that hands over what it would have sent. */
export interface MockEngine extends SchemaHost {
  readonly dialect: Dialect;
}

/**
 * An engine without a database: `write` gets the text of each statement. For scripts of DDL. It knows of no tables, so give
 * `checkFirst: false`.
 *
 * @example
 * ```ts
 * const script: string[] = [];
 * await metadata.createAll(mockEngine("postgresql", (sql) => script.push(sql)), { checkFirst: false });
 * ```
 */
export function mockEngine(dialect: string | Dialect, write: (sql: string, statement: Node) => unknown): MockEngine {
  const used = dialect instanceof Dialect ? dialect : dialectByName(dialect);
  const connection: SchemaConnection = {
    dialect: used,
    execute: async (statement) => {
      await write(used.compile(statement).sql, statement);
    },
    query: async () => {
      throw new InvalidRequestError("A mock engine has no database that it could ask.", {
        code: "MOCK_ENGINE",
        remedy: "Give the option { checkFirst: false }.",
      });
    },
  };
  return { dialect: used, [schemaAccess]: (work) => work(connection) };
}
