import { ArgumentError, NoSuchColumnError } from "../errors/index.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";
import { BindParameter } from "./bind.js";
import { toExpression } from "./coerce.js";
import { Column } from "./column.js";
import { Cte, Subquery } from "./derived.js";
import type { ExpressionNode } from "./expression.js";
import { ANONYMOUS, FromClause } from "./from-clause.js";
import { operations } from "./late.js";
import type { Lit, NN, row, Source, Typed, tup } from "./protocols.js";
import { selectAll } from "./select.js";

/** The columns of a list of values: a value type for each name, `integer()`, or `string().nullable()` where NULL may stand. */
export type ValueTypes = { readonly [key: string]: Typed<unknown> & { readonly type: ValueType<unknown, unknown> } };
/** The row that these columns make. */
export type TypedRow<D> = { -readonly [K in keyof D]: D[K] extends Typed<infer T> ? T : never };
/** What can be given for such a row. */
type Given<D> = {
  readonly [K in keyof D]: D[K] extends Typed<infer T> ? Lit<NN<T>> | (null & T) | Typed<T> : never;
};
/** The row as a tuple, where it has one column: what can stand behind IN. */
type OneColumn<R> = readonly [R[keyof R]];

/** A list of rows that stands in FROM, in WITH or behind IN: `(VALUES (1, 'a'), (2, 'b')) AS v (id, name)`. */
export class Values<out S extends string = string, in out R = unknown> extends FromClause<S, R> {
  declare readonly [tup]: OneColumn<R>;
  readonly name: S;
  readonly keys: readonly string[];
  readonly columnTypes: readonly ValueType<unknown, unknown>[];
  /** Row after row, one expression for each of `keys`. */
  readonly cells: readonly ExpressionNode[];

  constructor(
    name: S,
    keys: readonly string[],
    columnTypes: readonly ValueType<unknown, unknown>[],
    cells: readonly ExpressionNode[],
  ) {
    super();
    this.name = name;
    this.keys = keys;
    this.columnTypes = columnTypes;
    this.cells = cells;
  }

  static {
    declareNode(Values, "values", { name: "atom", keys: "atoms", columnTypes: "types", cells: "nodes" });
  }

  protected override makeColumns(): readonly Column[] {
    return this.keys.map(
      (key, i) =>
        new Column(this, key, {
          name: key,
          type: this.columnTypes[i] as ValueType<unknown, unknown>,
          nullable: true,
          primaryKey: false,
        }),
    );
  }

  /** The columns as a query's result, for IN and WITH. */
  get resultItems(): readonly ExpressionNode[] {
    return this.columns;
  }

  /** The rows, each an array of expressions. */
  get rows(): readonly (readonly ExpressionNode[])[] {
    const width = this.keys.length;
    const rows: ExpressionNode[][] = [];
    for (let at = 0; at < this.cells.length; at += width) rows.push(this.cells.slice(at, at + width));
    return rows;
  }

  /** The same list with its values written into the text as literals instead of being bound. */
  literal(): Values<S, R> {
    return new Values(
      this.name,
      this.keys,
      this.columnTypes,
      this.cells.map((cell) => (cell instanceof BindParameter ? cell.inlined() : cell)),
    );
  }

  /** The same list under another name. */
  alias<const A extends string>(name: A): Values<A, R> {
    return new Values<A, R>(name, this.keys, this.columnTypes, this.cells);
  }

  /** The list as a common table expression: `WITH v (id, name) AS (VALUES ...)`. */
  cte<const A extends string>(name: A): Cte<A, R, OneColumn<R>> {
    return new Cte<A, R, OneColumn<R>>(this, name, false);
  }

  /**
   * The list as a FROM item whose cells speak of FROM items on its left: columns of a row become rows.
   *
   * @example
   * ```ts
   * const phone = values({ number: string().nullable() }, [{ number: users.c.home }, { number: users.c.work }]).lateral("phone");
   * select(users.c.id, phone.c.number).join(phone, phone.c.number.isNotNull())
   * ```
   * SQL: `JOIN LATERAL (SELECT v.number FROM (VALUES (users.home), (users.work)) AS v (number)) AS phone ON ...`, `CROSS APPLY` on SQL
   * Server.
   *
   * @throws CompileError on SQLite and MariaDB, which have no LATERAL.
   */
  lateral<const A extends string>(name: A): Subquery<A, R> {
    return new Subquery<A, R>(selectAll(this as Source<string> & { readonly [row]: R }), name, true);
  }

  override toString(): string {
    return operations.print(this);
  }
}

/**
 * A list of rows as a FROM item. Each row is given by name; the values are bound, or written out by `literal()`. A list
 * without rows is a FROM item without rows.
 *
 * @example
 * ```ts
 * const v = values({ id: integer(), name: string(50) }, [{ id: 1, name: "a" }, { id: 2, name: "b" }], "v");
 * select(users.c.id, v.c.name).join(v, v.c.id.eq(users.c.id))
 * users.c.id.in(values({ id: integer() }, [{ id: 1 }, { id: 2 }]))
 * ```
 * SQL: `... JOIN (VALUES (?, ?), (?, ?)) AS v (id, name) ON v.id = users.id`; `VALUES ROW(?, ?)` on MySQL, SELECTs joined by
 * UNION ALL where there is no VALUES or its columns could not be named.
 */
export function values<const D extends ValueTypes, const A extends string = "anon">(
  types: D,
  rows: readonly Given<D>[],
  name?: A,
): Values<A, TypedRow<D>> {
  const keys = Object.keys(types);
  if (keys.length === 0) throw new ArgumentError("values() needs columns.", { code: "NO_COLUMNS" });
  const cells: ExpressionNode[] = [];
  for (const given of rows as readonly Readonly<Record<string, unknown>>[]) {
    for (const key of Object.keys(given)) {
      if (!Object.hasOwn(types, key))
        throw new NoSuchColumnError(`The values have no column "${key}".`, {
          remedy: `They have: ${keys.join(", ")}.`,
        });
    }
    for (const key of keys) {
      const value = given[key];
      if (value === undefined)
        throw new ArgumentError(`A row of values has nothing for "${key}".`, {
          code: "MISSING_VALUE",
          remedy: "Give null for SQL NULL.",
        });
      cells.push(
        value === null
          ? new BindParameter(null, (types[key] as ValueTypes[string]).type, key)
          : toExpression(value, (types[key] as ValueTypes[string]).type, key),
      );
    }
  }
  return new Values(
    (name ?? ANONYMOUS) as A,
    keys,
    Object.values(types).map(({ type }) => type),
    cells,
  );
}
