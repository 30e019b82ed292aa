import { type TypeHost, ValueType } from "@acme/core/dialect";

/** An Oracle type that the toolkit has no type for, known by its SQL text. Made by {@link nativeType} and by reflection. */
export class NativeType<out T = unknown> extends ValueType<T> {
  readonly name = "native";
  /** The type as Oracle writes it: `INTERVAL DAY(2) TO SECOND(6)`, `XMLTYPE`. */
  readonly sqlName: string;

  constructor(sqlName: string) {
    super([sqlName]);
    this.sqlName = sqlName;
  }

  override ddl(host: TypeHost): string | undefined {
    return host.name === "oracle" ? this.sqlName : undefined;
  }

  override toString(): string {
    return this.sqlName;
  }
}

/**
 * A column type by its Oracle name. Values pass as the driver takes and gives them. On another database the type has no name,
 * so that creating the table is refused there.
 *
 * @example
 * ```ts
 * length: nativeType<string>("INTERVAL DAY TO SECOND")
 * ```
 * DDL: `length INTERVAL DAY TO SECOND NOT NULL`
 */
export function nativeType<T = unknown>(sqlName: string): NativeType<T> {
  return new NativeType<T>(sqlName);
}
