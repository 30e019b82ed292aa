import { type TypeHost, ValueType } from "@acme/core/dialect";

/** A SQL Server type that the toolkit has no type for, known by its SQL text. Made by {@link nativeType} and by reflection. */
export class NativeType<out T = unknown> extends ValueType<T> {
  readonly name = "native";
  /** The type as SQL Server writes it: `xml`, `hierarchyid`. */
  readonly sqlName: string;

  constructor(sqlName: string) {
    super([sqlName]);
    this.sqlName = sqlName;
  }

  override ddl(host: TypeHost): string | undefined {
    return host.name === "mssql" ? this.sqlName : undefined;
  }

  override toString(): string {
    return this.sqlName;
  }
}

/**
 * A column type by its SQL Server name. Values pass as the driver takes and gives them. On another database the type has no
 * name, so that creating the table is refused there.
 *
 * @example
 * ```ts
 * body: nativeType<string>("XML")
 * ```
 * DDL: `body XML NOT NULL`
 */
export function nativeType<T = unknown>(sqlName: string): NativeType<T> {
  return new NativeType<T>(sqlName);
}
