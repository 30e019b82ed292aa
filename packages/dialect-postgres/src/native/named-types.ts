import {
  DdlStatement,
  DecoratedType,
  declareNode,
  Enumeration,
  type ExpressionNode,
  type TypeHost,
  type TypeNameUse,
  type ValueType,
} from "@acme/core/dialect";

/** Where a type that the database keeps by name lives. */
export interface NamedTypeOptions {
  readonly schema?: string;
  /**
   * False: the type is made by somebody else, `createAll` and `dropAll` leave it alone. Default true: it is created with the first
   * table that has a column of it, and dropped with the last one.
   */
  readonly createType?: boolean;
}

const qualified = (host: TypeHost, name: string, schema: string | undefined): string =>
  schema === undefined ? host.quote(name) : `${host.quote(schema)}.${host.quote(name)}`;

/** An enum type of the database. Made by {@link pgEnum}. */
export class EnumType<out T extends string> extends Enumeration<T> {
  readonly schema: string | undefined;
  readonly createType: boolean;

  constructor(name: string, values: readonly T[], { schema, createType = true }: NamedTypeOptions) {
    super(values, schema === undefined ? name : `${schema}.${name}`);
    this.label = name;
    this.schema = schema;
    this.createType = createType;
  }

  /** The type's name without its schema. */
  readonly label: string;

  override ddl(host: TypeHost): string | undefined {
    return host.name === "postgresql" ? qualified(host, this.label, this.schema) : undefined;
  }

  override toString(): string {
    return `pgEnum(${this.label})`;
  }
}

/**
 * A native enum type: `CREATE TYPE mood AS ENUM ('sad', 'ok')`, made together with the first table that uses it. On other databases
 * the column is what `enumeration()` makes of it. Values are compared and sorted in the order of the list.
 *
 * @example
 * ```ts
 * const mood = pgEnum("mood", ["sad", "ok", "happy"]);
 * const people = new Table("people", metadata, { id: integer().primaryKey(), mood });
 * ```
 * DDL: `mood mood NOT NULL`
 */
export function pgEnum<const T extends string>(
  name: string,
  values: readonly T[],
  options: NamedTypeOptions = {},
): EnumType<T> {
  return new EnumType<T>(name, values, options);
}

/** What a domain adds to its type. */
export interface DomainOptions extends NamedTypeOptions {
  /** A condition on `VALUE`, as SQL text or expression: `sql\`VALUE > 0\``. */
  readonly check?: ExpressionNode;
  readonly notNull?: boolean;
  readonly default?: ExpressionNode;
  readonly collation?: string;
}

/** A domain of the database. Made by {@link pgDomain}. Its values are those of the type that it stands on. */
export class DomainType<T, I> extends DecoratedType<T, I, I> {
  readonly label: string;
  readonly schema: string | undefined;
  readonly createType: boolean;
  /** What it adds to its type. */
  readonly domain: DomainOptions;

  constructor(label: string, impl: ValueType<T, I>, options: DomainOptions) {
    super(impl as unknown as ValueType<I, unknown>, {
      name: `pgDomain(${label})`,
      toDatabase: (value) => value,
      fromDatabase: (value) => value as unknown as T,
    });
    this.label = label;
    this.schema = options.schema;
    this.createType = options.createType ?? true;
    this.domain = options;
  }

  override ddl(host: TypeHost, use: TypeNameUse): string | undefined {
    return host.name === "postgresql" ? qualified(host, this.label, this.schema) : host.typeName(this.impl, use);
  }
}

/**
 * A domain: a type with a name and conditions of its own, made together with the first table that uses it.
 *
 * @example
 * ```ts
 * const positive = pgDomain("positive", integer(), { check: sql`VALUE > 0` });
 * ```
 * DDL: `CREATE DOMAIN positive AS INTEGER CHECK (VALUE > 0)`, then `quantity positive NOT NULL`
 */
export function pgDomain<T, I>(name: string, type: ValueType<T, I>, options: DomainOptions = {}): DomainType<T, I> {
  return new DomainType<T, I>(name, type, options);
}

/** A type that the database keeps by name. */
export type NamedType = ValueType<unknown, unknown> & {
  readonly label: string;
  readonly schema: string | undefined;
  readonly createType: boolean;
};

/** `CREATE TYPE ... AS ENUM` or `CREATE DOMAIN`. */
export class CreateType extends DdlStatement {
  readonly namedType: NamedType;
  /** Does nothing when there is a type of that name. */
  readonly ifNotExists: boolean;

  constructor(namedType: NamedType, ifNotExists = false) {
    super();
    this.namedType = namedType;
    this.ifNotExists = ifNotExists;
  }

  static {
    declareNode(CreateType, "ddlCreateType", { namedType: "data", ifNotExists: "atom" });
  }
}

/** `DROP TYPE` or `DROP DOMAIN`. */
export class DropType extends DdlStatement {
  readonly namedType: NamedType;
  /** Does nothing when there is no such type, or when something still uses it. */
  readonly ifUnused: boolean;

  constructor(namedType: NamedType, ifUnused = false) {
    super();
    this.namedType = namedType;
    this.ifUnused = ifUnused;
  }

  static {
    declareNode(DropType, "ddlDropType", { namedType: "data", ifUnused: "atom" });
  }
}

/** The statement that creates an enum or domain: `await conn.execute(createType(mood))`. */
export function createType(type: NamedType, options: { readonly ifNotExists?: boolean } = {}): CreateType {
  return new CreateType(type, options.ifNotExists);
}

/** The statement that drops an enum or domain. `ifUnused`: nothing happens while a column still uses it. */
export function dropType(type: NamedType, options: { readonly ifUnused?: boolean } = {}): DropType {
  return new DropType(type, options.ifUnused);
}
