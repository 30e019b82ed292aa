import type { ValueType } from "../types/value-type.js";
import { internAtom, internPair } from "../visit/intern.js";
import { type BindRope, declareNode } from "../visit/node.js";
import { Expression } from "./expression.js";
import type { FromClause } from "./from-clause.js";
import type { n, s, t } from "./protocols.js";

/** What is known of a column apart from where it stands; an alias's column shares it with the table's. */
export interface ColumnFacts {
  /** The name in the database. */
  readonly name: string;
  readonly type: ValueType<unknown, unknown>;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
}

/**
 * A column of a FROM item. Two columns of one FROM item and one key are the same column, also when they are different
 * objects; compare with `sameShape`.
 */
export class Column<out T = unknown, out S extends string = string, out N extends string = string> extends Expression<
  T,
  S,
  N
> {
  declare readonly [t]: T;
  declare readonly [s]: S;
  declare readonly [n]: N;
  /** The FROM item it belongs to. */
  readonly from: FromClause;
  /** The property under which `.c` and row objects know it. */
  readonly key: N;
  readonly facts: ColumnFacts;
  /** The table's column that this one stands for, through aliases, subqueries and CTEs; itself for a table's column. */
  readonly origin: Column<unknown, string, string> | undefined;

  constructor(from: FromClause, key: N, facts: ColumnFacts, origin?: Column<unknown, string, string>) {
    super();
    this.from = from;
    this.key = key;
    this.facts = facts;
    this.origin = origin;
  }

  static {
    declareNode(Column, "column", { from: "ref", key: "atom", facts: "data", origin: "data" });
  }

  protected override computeShape(): number {
    return internPair(internPair(this.declaration.shape, this.from.shape), internAtom(this.key));
  }

  protected override computeBinds(): BindRope {
    return this.from.binds;
  }

  override copyWith(changes: Readonly<Record<string, unknown>>): this {
    const self = this as unknown as { readonly [field: string]: unknown };
    if (Object.keys(changes).every((name) => changes[name] === self[name])) return this;
    // A table's column that moves to an alias of the table still stands for the table's column.
    return super.copyWith(this.from.isIdentity ? { origin: this, ...changes } : changes);
  }

  get type(): ValueType<unknown, unknown> {
    return this.facts.type;
  }

  /** The column's name in the database. */
  get name(): string {
    return this.facts.name;
  }

  get nullable(): boolean {
    return this.facts.nullable;
  }

  get primaryKey(): boolean {
    return this.facts.primaryKey;
  }

  override get resultName(): N {
    return this.key;
  }
}
