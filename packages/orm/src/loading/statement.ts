import {
  type Connection,
  type Executable,
  type Execution,
  type ExecutionOptions,
  type Item,
  type Node,
  type Parameters,
  type Select,
  select,
} from "@acme/core";

/** Any select. */
export type AnySelect = Select<readonly unknown[], string, unknown>;

/** A select of nodes. Here nodes get the phantom side that users' expressions have. */
export function selectOf(items: readonly Node[]): AnySelect {
  return select(...(items as unknown as readonly Item[])) as unknown as AnySelect;
}

/** Executes a statement of which only the ORM knows what its rows are. */
export function run(
  connection: Connection,
  statement: Node,
  parameters?: Parameters,
  options?: ExecutionOptions,
): Execution<unknown, readonly unknown[]> {
  return connection.execute(statement as unknown as Executable<unknown, readonly unknown[]>, parameters, options);
}
