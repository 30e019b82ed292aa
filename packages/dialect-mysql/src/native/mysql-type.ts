import { CompileError, DecoratedType, type TypeHost, type TypeNameUse, type ValueType } from "@acme/core/dialect";

/** Which of the two products have a type. */
export type Products = readonly ("mysql" | "mariadb")[];

const BOTH: Products = ["mysql", "mariadb"];

/** How a native type is named and converted. */
export interface NativeDefinition<T, I> {
  /** The type in CREATE TABLE: `INT UNSIGNED`. */
  readonly sqlName: string;
  /** The type in CAST, which knows few names. */
  readonly castName: string;
  readonly products?: Products;
  /** Checks a value and makes what the type below takes; returns why a value is refused. */
  readonly toDatabase?: (value: I, refuse: (why: string) => never) => unknown;
  readonly fromDatabase?: (value: unknown) => T;
}

/**
 * A type that MySQL and MariaDB alone have. Its values travel as those of the portable type below it. On another database it
 * has no name: a table with such a column is refused there, unless the column has a `variant()` for it.
 */
export class MySQLType<T, I = T> extends DecoratedType<T, I, unknown> {
  /** The type as the server writes it. */
  readonly sqlName: string;
  private readonly castName: string;
  private readonly products: Products;

  constructor(impl: ValueType<unknown, unknown>, definition: NativeDefinition<T, I>) {
    const { sqlName, castName, products = BOTH, toDatabase, fromDatabase } = definition;
    super(
      impl,
      {
        name: sqlName,
        toDatabase: (value) =>
          toDatabase === undefined
            ? value
            : toDatabase(value, (why) => {
                throw this.refuse(value, why);
              }),
        fromDatabase: (value) => (fromDatabase === undefined ? (value as T) : fromDatabase(value)),
      },
      [sqlName, ...products],
    );
    this.sqlName = sqlName;
    this.castName = castName;
    this.products = products;
  }

  protected override computeShape(): number {
    return this.withPart(super.computeShape(), this.impl);
  }

  override ddl(host: TypeHost, use: TypeNameUse): string {
    // The portable type below it would be something else than what was asked for.
    if (!(this.products as readonly string[]).includes(host.name)) {
      throw new CompileError(`The type ${this.sqlName} has no name on ${host.name}.`, {
        code: "UNKNOWN_TYPE",
        remedy: `Say what stands in its place: .variant("${host.name}", ...).`,
      });
    }
    return use === "cast" ? this.castName : this.sqlName;
  }
}
