import { ArgumentError } from "../errors/index.js";
import { declareNode, Node } from "../visit/node.js";
import { toExpression, toFrom, toItem } from "./coerce.js";
import { type Assignments, assignmentsOf, conditionsOf, Dml, NONE, type ValueRow } from "./dml.js";
import { BOOLEAN } from "./elements.js";
import type { ExpressionNode } from "./expression.js";
import type { FromClause } from "./from-clause.js";
import type { Modifiers } from "./modifiers.js";
import type { Bool, Item, Source, Typed, Writable } from "./protocols.js";
import type { Items, Named, Tup } from "./rows.js";

/** Which rows a branch of MERGE is for. */
export type MergeMatch = "matched" | "notMatched" | "notMatchedBySource";
/** What a branch of MERGE does. */
export type MergeAction = "update" | "delete" | "insert" | "nothing";

/** `WHEN [NOT] MATCHED [AND condition] THEN action`. */
export class MergeWhen extends Node {
  readonly match: MergeMatch;
  readonly criteria: readonly ExpressionNode[];
  readonly action: MergeAction;
  readonly keys: readonly string[];
  /** One expression for each of `keys`. */
  readonly cells: readonly ExpressionNode[];

  constructor(
    match: MergeMatch,
    criteria: readonly ExpressionNode[],
    action: MergeAction,
    keys: readonly string[] = NONE,
    cells: readonly ExpressionNode[] = NONE,
  ) {
    super();
    this.match = match;
    this.criteria = criteria;
    this.action = action;
    this.keys = keys;
    this.cells = cells;
  }

  static {
    declareNode(MergeWhen, "mergeWhen", {
      match: "atom",
      criteria: "nodes",
      action: "atom",
      keys: "atoms",
      cells: "nodes",
    });
  }
}

/** A branch of MERGE that waits for its action. `M` is the MERGE with the branch in it. */
export class MergeBranch<I, M> {
  private readonly table: FromClause;
  private readonly match: MergeMatch;
  private readonly criteria: readonly ExpressionNode[];
  private readonly add: (when: MergeWhen) => M;

  constructor(table: FromClause, match: MergeMatch, criteria: readonly ExpressionNode[], add: (when: MergeWhen) => M) {
    this.table = table;
    this.match = match;
    this.criteria = criteria;
    this.add = add;
  }

  private then(action: MergeAction, assignments?: Assignments): M {
    const inserts = action === "insert";
    if (action !== "nothing" && inserts !== (this.match === "notMatched")) {
      throw new ArgumentError(
        inserts
          ? "MERGE inserts rows of the source that match nothing: whenNotMatched().thenInsert()."
          : `There is no row to ${action} where a row of the source matches nothing.`,
        { code: "MERGE_ACTION" },
      );
    }
    if (assignments !== undefined && assignments.keys.length === 0)
      throw new ArgumentError(`The ${action} of a MERGE sets nothing.`, { code: "EMPTY_UPDATE" });
    return this.add(new MergeWhen(this.match, this.criteria, action, assignments?.keys, assignments?.cells));
  }

  /** `THEN UPDATE SET ...`; the columns' `onUpdate` values are set as in UPDATE. */
  thenUpdate(values: Partial<I>): M {
    return this.then("update", assignmentsOf(this.table, values as ValueRow));
  }

  /** `THEN DELETE` */
  thenDelete(): M {
    return this.then("delete");
  }

  /** `THEN INSERT (...) VALUES (...)`; columns left out get their defaults. */
  thenInsert(values: I): M {
    return this.then("insert", assignmentsOf(this.table, values as ValueRow));
  }

  /** `THEN DO NOTHING`, of PostgreSQL: later branches are not looked at for these rows. */
  thenDoNothing(): M {
    return this.then("nothing");
  }
}

/**
 * MERGE: compares the rows of a table with those of a source, and changes, deletes or inserts. Begun with {@link merge}.
 */
export class Merge<in out I, out R = never, out P = readonly unknown[]> extends Dml<R, P> {
  readonly table: FromClause;
  readonly source: FromClause;
  readonly on: ExpressionNode;
  readonly whens: readonly MergeWhen[];
  readonly returningItems: readonly Node[];
  readonly modifiers: Modifiers | undefined;

  constructor(
    table: FromClause,
    source: FromClause,
    on: ExpressionNode,
    whens: readonly MergeWhen[] = NONE,
    returningItems: readonly Node[] = NONE,
    modifiers?: Modifiers,
  ) {
    super();
    this.modifiers = modifiers;
    this.table = table;
    this.source = source;
    this.on = on;
    this.whens = whens;
    this.returningItems = returningItems;
  }

  static {
    declareNode(Merge, "merge", {
      table: "node",
      source: "node",
      on: "node",
      whens: "nodes",
      returningItems: "nodes",
      modifiers: "node",
    });
  }

  private branch(match: MergeMatch, conditions: readonly Typed<Bool>[]): MergeBranch<I, Merge<I, R, P>> {
    return new MergeBranch(this.table, match, conditionsOf(conditions), (when) =>
      this.copyWith({ whens: [...this.whens, when] }),
    );
  }

  /** For pairs of a row of the table and a row of the source; branches are tried in order. SQL: `WHEN MATCHED AND ...` */
  whenMatched(...conditions: Typed<Bool>[]): MergeBranch<I, Merge<I, R, P>> {
    return this.branch("matched", conditions);
  }

  /** For rows of the source that match no row of the table. SQL: `WHEN NOT MATCHED AND ...` */
  whenNotMatched(...conditions: Typed<Bool>[]): MergeBranch<I, Merge<I, R, P>> {
    return this.branch("notMatched", conditions);
  }

  /**
   * For rows of the table that match no row of the source. SQL: `WHEN NOT MATCHED BY SOURCE AND ...`, of SQL Server and
   * PostgreSQL 17.
   */
  whenNotMatchedBySource(...conditions: Typed<Bool>[]): MergeBranch<I, Merge<I, R, P>> {
    return this.branch("notMatchedBySource", conditions);
  }

  /** The rows that were changed. PostgreSQL 17, SQL Server and Oracle 23ai; others refuse it. */
  returning<const C extends readonly Item[]>(
    ...items: C
  ): Merge<I, Named<Items<C>, never, unknown>, Tup<Items<C>, never, unknown>> {
    return this.copyWith({ returningItems: items.map(toItem) }) as unknown as Merge<
      I,
      Named<Items<C>, never, unknown>,
      Tup<Items<C>, never, unknown>
    >;
  }
}

/** A MERGE that waits for its source. */
export class MergeInto<I> {
  private readonly table: FromClause;

  constructor(table: FromClause) {
    this.table = table;
  }

  /** The rows to compare with, and which of them match. */
  using(source: Source<string>, on: Typed<Bool>): Merge<I> {
    return new Merge<I>(this.table, toFrom(source), toExpression(on, BOOLEAN));
  }
}

/**
 * Begins a MERGE, of PostgreSQL 15, Oracle and SQL Server; MySQL, MariaDB and SQLite have none and refuse it. To insert or change
 * single rows by their key see `insert(...).upsert(...)`, which all databases have.
 *
 * @example
 * ```ts
 * merge(stock)
 *   .using(delivery, delivery.c.sku.eq(stock.c.sku))
 *   .whenMatched(delivery.c.recalled).thenDelete()
 *   .whenMatched().thenUpdate({ amount: stock.c.amount.add(delivery.c.amount) })
 *   .whenNotMatched().thenInsert({ sku: delivery.c.sku, amount: delivery.c.amount })
 * ```
 * SQL: `MERGE INTO stock USING delivery ON delivery.sku = stock.sku WHEN MATCHED AND delivery.recalled THEN DELETE WHEN MATCHED
 * THEN UPDATE SET amount = stock.amount + delivery.amount WHEN NOT MATCHED THEN INSERT (sku, amount) VALUES (delivery.sku,
 * delivery.amount)`
 */
export function merge<I>(table: Writable<I>): MergeInto<I> {
  return new MergeInto<I>(toFrom(table));
}
