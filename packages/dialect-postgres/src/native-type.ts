import { Enumeration, type TypeHost, ValueType } from "@acme/core/dialect";

/** A PostgreSQL type that the toolkit has no type for, known by its SQL text. Made by {@link nativeType} and by reflection. */
export class NativeType<out T = unknown> extends ValueType<T> {
  readonly name = "native";
  /** The type as PostgreSQL writes it: `inet`, `integer[]`, `interval`. */
  readonly sqlName: string;

  constructor(sqlName: string) {
    super([sqlName]);
    this.sqlName = sqlName;
  }

  override ddl(host: TypeHost): string | undefined {
    return host.name === "postgresql" ? this.sqlName : undefined;
  }

  override toString(): string {
    return this.sqlName;
  }
}

/**
 * A column type by its PostgreSQL name. Values pass as the driver takes and gives them: most as text, arrays as arrays.
 * On another database the type has no name, so that creating the table is refused there.
 *
 * @example
 * ```ts
 * tags: nativeType<string[]>("text[]")
 * address: nativeType<string>("inet")
 * ```
 * DDL: `tags text[] NOT NULL`
 */
export function nativeType<T = unknown>(sqlName: string): NativeType<T> {
  return new NativeType<T>(sqlName);
}

/** A column of an enum type of the database (`CREATE TYPE mood AS ENUM (...)`), as reflection finds it. */
export class NativeEnumeration<out T extends string> extends Enumeration<T> {
  /** The type's name as SQL: quoted and qualified where needed. */
  readonly sqlName: string;

  constructor(values: readonly T[], sqlName: string) {
    super(values, sqlName);
    this.sqlName = sqlName;
  }

  override ddl(host: TypeHost): string | undefined {
    return host.name === "postgresql" ? this.sqlName : undefined;
  }
}
