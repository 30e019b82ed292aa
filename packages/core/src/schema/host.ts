import type { Dialect } from "../dialect/dialect.js";
import type { ReflectionConnection } from "../dialect/reflector.js";
import type { Node } from "../visit/node.js";

/** What an object must have that tables are created on and reflected from: engines and connections have it. */
export const schemaAccess: unique symbol = Symbol.for("acme.schemaAccess");

/** What creating, dropping and reflecting need of a connection. */
export interface SchemaConnection extends ReflectionConnection {
  /** The dialect for the server that the connection has met. */
  readonly dialect: Dialect;
  /** The schema that a table's schema stands for on this connection, where it translates schemas. */
  schemaFor?(schema: string | undefined): string | undefined;
  /** Executes a DDL statement. */
  execute(statement: Node): PromiseLike<unknown>;
}

/**
 * An engine or a connection, as far as schema work is concerned. An engine runs the work on a connection of its pool, in a
 * transaction of its own where `transaction` is asked for; a connection runs it on itself, in the transaction that is open or
 * else in one of its own.
 */
export interface SchemaHost {
  [schemaAccess]<T>(
    work: (connection: SchemaConnection) => Promise<T>,
    options: { readonly transaction: boolean },
  ): Promise<T>;
}
