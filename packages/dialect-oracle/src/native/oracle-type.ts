import {
  CompileError,
  DecoratedType,
  type Dialect,
  type TypeHost,
  type TypeNameUse,
  type ValueType,
} from "@acme/core/dialect";

const same = (value: unknown): unknown => value;

/** What is to be known of a type of Oracle's. */
export interface OracleTypeFacts {
  /** The type in CAST, where it is not that of a column. */
  readonly castName?: string;
  /** The first release that has it. */
  readonly since?: number;
  /** False: it has no `=` and no order. */
  readonly comparable?: boolean;
}

/**
 * A type of Oracle's own, whose values travel as those of a portable type. Another database has no name for it: a table with such
 * a column is refused there, unless the column has a `variant()` for it.
 */
export class OracleType<T, I = T> extends DecoratedType<T, I, unknown> {
  /** The type as Oracle writes it: `VARCHAR2(50 BYTE)`. */
  readonly sqlName: string;
  readonly facts: OracleTypeFacts;

  constructor(impl: ValueType<unknown, unknown>, sqlName: string, facts: OracleTypeFacts = {}) {
    super(impl, { name: sqlName, toDatabase: same, fromDatabase: same as never, jsType: impl.jsType }, [sqlName]);
    this.sqlName = sqlName;
    this.facts = facts;
  }

  protected override computeShape(): number {
    return this.withPart(super.computeShape(), this.impl);
  }

  override ddl(host: TypeHost, use: TypeNameUse): string {
    if (host.name === "oracle") return use === "cast" ? (this.facts.castName ?? this.sqlName) : this.sqlName;
    throw new CompileError(`The type ${this} has no name on ${host.name}.`, {
      code: "UNKNOWN_TYPE",
      remedy: `Give the type another one for ${host.name}: variant("${host.name}", ...).`,
    });
  }
}

/** The type of Oracle's own that stands for a type on Oracle. */
export function oracleTypeOf(type: ValueType<unknown, unknown>): OracleType<unknown, unknown> | undefined {
  const own = type.forDialect("oracle");
  return own instanceof OracleType ? own : undefined;
}

/** Refuses a type that a release does not have. */
export function checkRelease(dialect: Dialect, type: ValueType<unknown, unknown>, version: number): void {
  const own = oracleTypeOf(type);
  if (own?.facts.since === undefined || version >= own.facts.since) return;
  throw new CompileError(`${dialect.name} ${version} has no type ${own}; it came with ${own.facts.since}.`, {
    code: "UNSUPPORTED",
    remedy: "An engine finds out the release by itself; without one, name it: oracle({ version: 23 }).",
  });
}
