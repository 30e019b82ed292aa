import type { SchemaConnection } from "../schema/host.js";
import type { Executable } from "../sql/protocols.js";
import type { Node } from "../visit/node.js";
import type { Connection } from "./connection.js";

/** A connection as creating, dropping and reflecting tables see it. */
export function schemaConnection(connection: Connection): SchemaConnection {
  return {
    get dialect() {
      return connection.dialect;
    },
    schemaFor: (schema) => connection.schemaFor({ schema }),
    // DDL statements have no rows, so they need no phantom side.
    execute: (statement: Node) => connection.execute(statement as unknown as Executable<never>),
    query: (sql, parameters) => connection.executeDriverSql(sql, parameters).all(),
  };
}
