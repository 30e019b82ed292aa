import { ArgumentError } from "../errors/index.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode, type Node } from "../visit/node.js";
import { BindParameter } from "./bind.js";
import { Column } from "./column.js";
import { type Position, readCursor, writeCursor } from "./cursor.js";
import { BOOLEAN, NULL } from "./elements.js";
import { Expression, type ExpressionNode, type Predicate } from "./expression.js";
import { Order, toOrderElement } from "./order.js";
import type { Bool, Item, row } from "./protocols.js";
import { ResultName } from "./result-name.js";
import type { NameOf } from "./rows.js";
import type { Select } from "./select.js";

/**
 * The condition that a row stands behind (or, for a reversed order, in front of) a position in an order. How it is written
 * depends on where the database sorts NULL when nothing is said: the compiler works it out.
 */
export class BeyondPosition extends Expression<Bool> {
  readonly order: readonly Node[];
  /** One for each element of the order; the NULL constant where the position has NULL. */
  readonly position: readonly ExpressionNode[];
  /** Which elements can be NULL in any row. */
  readonly nullable: readonly boolean[];

  constructor(order: readonly Node[], position: readonly ExpressionNode[], nullable: readonly boolean[]) {
    super();
    this.order = order;
    this.position = position;
    this.nullable = nullable;
  }

  static {
    declareNode(BeyondPosition, "beyondPosition", { order: "nodes", position: "nodes", nullable: "atoms" });
  }

  get type(): ValueType<unknown, unknown> {
    return BOOLEAN;
  }
}

/** One element of the order, taken apart. */
interface Key {
  readonly name: string;
  readonly expression: ExpressionNode;
  readonly descending: boolean;
  readonly nulls: "first" | "last" | undefined;
  readonly nullable: boolean;
}

/** What a page is asked for by: a row of the query, or a cursor made of one. */
export type PagePosition<R> = R | string;

type AnySelect = Select<readonly unknown[], string, unknown>;

/**
 * Pages of a query by position instead of by number: the next page begins behind the last row that was seen, which a database
 * finds by index however far it is, and which rows that come and go in between do not shift.
 */
export class Keyset<out R, Q> {
  private readonly query: AnySelect;
  private readonly keys: readonly Key[];

  constructor(query: AnySelect, order: readonly Node[]) {
    this.query = query;
    this.keys = keysOf(query, order);
  }

  /** The first rows. */
  first(count: number): Q {
    return this.page(this.query, this.order(), count);
  }

  /** The rows that follow a row: one of the query, or its cursor. */
  after(position: PagePosition<R>, count: number): Q {
    const values = this.valuesAt(position);
    return this.page(this.query.where(this.beyond(this.order(), values)), this.order(), count);
  }

  /** The rows in front of a row that are nearest to it, the nearest first: the page before, from its end. */
  before(position: PagePosition<R>, count: number): Q {
    const values = this.valuesAt(position);
    return this.page(this.query.where(this.beyond(this.reversed(), values)), this.reversed(), count);
  }

  /** The last rows, the very last first. */
  last(count: number): Q {
    return this.page(this.query, this.reversed(), count);
  }

  /** A row's place in the order as text that can be handed out and given back: base64url, safe in URLs. */
  cursor(at: R): string {
    return writeCursor(this.names, this.valuesAt(at));
  }

  private get names(): readonly string[] {
    return this.keys.map(({ name, descending, nulls }) => `${name}${descending ? "-" : "+"}${nulls ?? ""}`);
  }

  private page(query: AnySelect, order: readonly Order[], count: number): Q {
    return query.orderBy(null, ...order).limit(count) as unknown as Q;
  }

  private order(): readonly Order[] {
    return this.keys.map(({ expression, descending, nulls }) => new Order(expression, descending, nulls));
  }

  /** The order from its end: NULLs change sides too, also where nothing is said of them. */
  private reversed(): readonly Order[] {
    return this.keys.map(
      ({ expression, descending, nulls }) =>
        new Order(expression, !descending, nulls === undefined ? undefined : nulls === "first" ? "last" : "first"),
    );
  }

  private beyond(order: readonly Order[], values: Position): Predicate {
    const position = this.keys.map(({ expression, name }, i) => {
      const value = values[i];
      if (value === null) return NULL as ExpressionNode;
      return new BindParameter(value, expression.type, name) as ExpressionNode;
    });
    return new BeyondPosition(
      order,
      position,
      this.keys.map(({ nullable }) => nullable),
    );
  }

  private valuesAt(position: PagePosition<R>): Position {
    if (typeof position === "string") return readCursor(this.names, position);
    const at = position as Readonly<Record<string, unknown>>;
    return this.keys.map(({ name }) => {
      const value = at[name];
      if (value === undefined)
        throw new ArgumentError(`The row has no "${name}", by which the pages are ordered.`, {
          code: "BAD_POSITION",
          remedy: "Give a whole row of the query, or a cursor of it.",
        });
      return value;
    });
  }
}

function keysOf(query: AnySelect, order: readonly Node[]): readonly Key[] {
  if (order.length === 0) {
    throw new ArgumentError("Pages need an order.", {
      code: "NO_ORDER",
      remedy: "Order by columns that no two rows have in common, such as the primary key at the end.",
    });
  }
  const filled =
    query.joins.every(({ joinKind }) => joinKind === "inner" || joinKind === "cross") && query.groups.length === 0;
  return order.map((element) => {
    const sorted = element instanceof Order ? element : undefined;
    const operand = sorted?.operand ?? element;
    const item = query.resultItems.find((candidate) =>
      operand instanceof ResultName ? candidate.resultName === operand.name : means(candidate, operand),
    );
    const name = item?.resultName;
    if (item === undefined || name === undefined) {
      throw new ArgumentError(`Pages are ordered by ${operand}, which the query does not select under a name.`, {
        code: "ORDER_NOT_SELECTED",
        remedy: 'Select it: the position of a row is read from the row. Name an expression with label("...").',
      });
    }
    const expression = unlabelled(item);
    return {
      name,
      expression,
      descending: sorted?.descending ?? false,
      nulls: sorted?.nulls,
      nullable: !(filled && expression instanceof Column && expression.from.kind === "table" && !expression.nullable),
    };
  });
}

function unlabelled(item: ExpressionNode): ExpressionNode {
  return item.kind === "label" ? (item as ExpressionNode & { readonly operand: ExpressionNode }).operand : item;
}

function means(item: ExpressionNode, operand: Node): boolean {
  return item.shape === operand.shape || unlabelled(item).shape === operand.shape;
}

/**
 * Pages of a select by position ("keyset pagination"). The order may mix directions, nullable columns, and places of NULLs, or leave
 * these to the database; what it is made of must be selected, and its last element must tell rows apart.
 *
 * @example
 * ```ts
 * const pages = keyset(select(users.c.id, users.c.name, users.c.nick), users.c.nick.desc(), users.c.id);
 * const page = await conn.execute(pages.first(20)).all();
 * const next = await conn.execute(pages.after(page.at(-1), 20)).all();
 * const link = pages.cursor(next.at(-1));                     // "eyJr..."; pages.after(link, 20)
 * ```
 * SQL of `after`, for a row with a nick, on PostgreSQL:
 * `WHERE users.nick < $1 OR users.nick = $2 AND users.id > $3 ORDER BY users.nick DESC, users.id ASC LIMIT $4`
 */
export function keyset<const C extends readonly unknown[], N extends string, L>(
  query: Select<C, N, L>,
  ...order: (Order | Item | NameOf<C[number]>)[]
): Keyset<Select<C, N, L>[typeof row], Select<C, N, L>> {
  const elements = (order as readonly unknown[]).map((element) =>
    typeof element === "string" ? new ResultName(element) : toOrderElement(element),
  );
  return new Keyset(query as unknown as AnySelect, elements);
}
