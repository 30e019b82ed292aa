import { type Conversion, type TypeHost, type TypeNameUse, ValueType } from "@acme/core/dialect";

/**
 * A type that PostgreSQL alone has, whose values travel in PostgreSQL's text form. On another database it has no name: a
 * table with such a column is refused there, unless the column has a `variant()` for it.
 */
export abstract class PostgresType<out T, out I = T> extends ValueType<T, I> {
  /** The type as PostgreSQL writes it: `int4range`, `bit(3)`. */
  abstract readonly sqlName: string;

  override ddl(host: TypeHost, use: TypeNameUse): string | undefined {
    if (host.name !== "postgresql") return undefined;
    return use === "cast" ? this.castName : this.sqlName;
  }

  /** The name in a cast: without a length, for a cast to `bit(3)` would cut the value silently. */
  protected get castName(): string {
    return this.sqlName;
  }

  override literal(value: unknown, host: TypeHost): string {
    return `${host.quoteString(value as string)}::${this.castName}`;
  }

  override toString(): string {
    return this.sqlName;
  }
}

/** A type whose JavaScript value is PostgreSQL's text form itself. */
export class TextForm<out T extends string = string> extends PostgresType<T> {
  readonly name: string;
  readonly sqlName: string;
  private readonly castTo: string;
  private readonly form: RegExp | undefined;

  /** `form` is what every value looks like, where that can be told without the server. */
  constructor(sqlName: string, castTo: string = sqlName, form?: RegExp, name: string = castTo) {
    super([sqlName]);
    this.sqlName = sqlName;
    this.castTo = castTo;
    this.name = name;
    this.form = form;
  }

  protected override get castName(): string {
    return this.castTo;
  }

  override toDatabase(): Conversion {
    const { form } = this;
    return (value) => {
      if (typeof value !== "string") throw this.refuse(value, "it is not a text");
      if (form !== undefined && !form.test(value)) throw this.refuse(value, "it has not the form of the type");
      return value;
    };
  }
}
