import { CompileError, type TypeHost, type TypeNameUse, ValueType } from "@acme/core/dialect";

/**
 * The name of a type that SQL Server alone has. On another database it has none, so that a table with such a column is refused
 * there unless the column has a `variant()` for it.
 */
export function nameOnMssql(host: TypeHost, name: string): string {
  if (host.name === "mssql") return name;
  throw new CompileError(`The type ${name} has no name on ${host.name}.`, {
    code: "UNKNOWN_TYPE",
    remedy: 'Give the column a portable type, and this one as its variant("mssql", ...).',
  });
}

/** Refuses a type that came with a later version than SQL is written for. */
export function since(host: TypeHost, version: number, name: string): void {
  const { version: given = 0 } = host as TypeHost & { readonly version?: number };
  if (given >= version) return;
  throw new CompileError(`mssql has no type ${name} before SQL Server ${version === 17 ? 2025 : version}.`, {
    code: "UNKNOWN_TYPE",
    remedy: `Connect to a later server; to compile without a connection write mssql({ version: ${version} }).`,
  });
}

/** A type that SQL Server alone has, with values of its own. */
export abstract class MssqlType<out T, out I = T> extends ValueType<T, I> {
  /** The type as SQL Server writes it: `XML`, `VECTOR(3)`. */
  abstract readonly sqlName: string;

  override ddl(host: TypeHost, _use: TypeNameUse): string {
    return nameOnMssql(host, this.sqlName);
  }

  override toString(): string {
    return this.sqlName;
  }
}
