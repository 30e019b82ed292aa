import { integer } from "../types/numbers.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";
import { Column } from "./column.js";
import { Expression, type ExpressionNode } from "./expression.js";
import { FromClause } from "./from-clause.js";

/** How a function stands in FROM. */
export interface TableFunctionOptions {
  /** Adds a column of this name that numbers the rows from 1. SQL: `WITH ORDINALITY`. PostgreSQL only. */
  readonly ordinality?: string;
  /**
   * Writes the columns with their types, for functions whose columns the database does not know: `AS t (a INTEGER, b TEXT)` on
   * PostgreSQL, `WITH (a INT, b NVARCHAR(max))` on SQL Server. Others refuse it.
   */
  readonly withTypes?: boolean;
  /** The rows belong to those of the other FROM items: the check for cartesian products leaves them alone. Default true. */
  readonly joinsImplicitly?: boolean;
}

const ORDINAL = integer();

/** A function call that stands in FROM and gives rows: `json_each(doc) AS e`. It may read FROM items on its left. */
export class TableFunction<out S extends string = string, out R = unknown> extends FromClause<S, R> {
  readonly call: ExpressionNode;
  readonly name: S;
  readonly keys: readonly string[];
  readonly columnTypes: readonly ValueType<unknown, unknown>[];
  readonly ordinality: string | undefined;
  readonly withTypes: boolean;
  readonly joinsImplicitly: boolean;
  /** The one column is the row itself: it is the name of the FROM item that stands for it. */
  readonly scalar: boolean;

  constructor(
    call: ExpressionNode,
    name: S,
    keys: readonly string[],
    columnTypes: readonly ValueType<unknown, unknown>[],
    ordinality?: string,
    withTypes = false,
    joinsImplicitly = true,
    scalar = false,
  ) {
    super();
    this.call = call;
    this.name = name;
    this.keys = keys;
    this.columnTypes = columnTypes;
    this.ordinality = ordinality;
    this.withTypes = withTypes;
    this.joinsImplicitly = joinsImplicitly;
    this.scalar = scalar;
  }

  static {
    declareNode(TableFunction, "tableFunction", {
      call: "node",
      name: "atom",
      keys: "atoms",
      columnTypes: "types",
      ordinality: "atom",
      withTypes: "atom",
      joinsImplicitly: "atom",
      scalar: "atom",
    });
  }

  protected override makeColumns(): readonly Column[] {
    const make = (key: string, type: ValueType<unknown, unknown>): Column =>
      new Column(this, key, { name: key, type, nullable: true, primaryKey: false });
    const columns = this.keys.map((key, i) => make(key, this.columnTypes[i] as ValueType<unknown, unknown>));
    return this.ordinality === undefined ? columns : [...columns, make(this.ordinality, ORDINAL)];
  }
}

/** One field of a composite value: `(f(x)).a`. */
export class CompositeField<
  out T = unknown,
  out S extends string = never,
  out N extends string = never,
> extends Expression<T, S, N> {
  readonly operand: ExpressionNode;
  readonly field: string;
  readonly type: ValueType<unknown, unknown>;

  constructor(operand: ExpressionNode, field: string, type: ValueType<unknown, unknown>) {
    super();
    this.operand = operand;
    this.field = field;
    this.type = type;
  }

  static {
    declareNode(CompositeField, "compositeField", { operand: "node", field: "atom", type: "type" });
  }

  override get resultName(): string {
    return this.field;
  }
}
