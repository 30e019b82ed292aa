import { CompileError } from "../errors/index.js";
import type { Column } from "../sql/column.js";
import { Subquery } from "../sql/derived.js";
import { Label, NULL } from "../sql/elements.js";
import type { Expression, ExpressionNode } from "../sql/expression.js";
import { ANONYMOUS } from "../sql/from-clause.js";
import { func } from "../sql/func.js";
import type { FunctionCall } from "../sql/function.js";
import { operations } from "../sql/late.js";
import type { ModifierParts, Modifiers } from "../sql/modifiers.js";
import { Order } from "../sql/order.js";
import type { Item } from "../sql/protocols.js";
import { CompoundSelect, ScalarSubquery } from "../sql/query.js";
import { ResultName } from "../sql/result-name.js";
import { select } from "../sql/select.js";
import type { Node } from "../visit/node.js";
import type { SelectNode } from "./froms.js";

/** Any set operation. */
export type AnyCompound = CompoundSelect<readonly unknown[], string, unknown>;
type AnyQuery = SelectNode | AnyCompound;

/** The item of a select list that a name means. */
export function itemNamed(items: readonly ExpressionNode[], name: string): ExpressionNode {
  const found = items.find((item) => item.resultName === name);
  if (found !== undefined) return found;
  const known = items.flatMap((item) => (item.resultName === undefined ? [] : [item.resultName]));
  throw new CompileError(`The query has no result column "${name}".`, {
    code: "UNKNOWN_RESULT_NAME",
    remedy: `It has: ${known.join(", ")}.`,
  });
}

/** ORDER BY or GROUP BY with names replaced by what they name. */
function resolveNames(elements: readonly Node[], items: readonly ExpressionNode[]): readonly Node[] {
  return elements.map((element) => {
    if (element instanceof ResultName) return itemNamed(items, element.name);
    if (element instanceof Order && element.operand instanceof ResultName)
      return new Order(itemNamed(items, element.operand.name), element.descending, element.nulls);
    return element;
  });
}

/** The modifiers that belong to the query as a whole and those of its inside. */
export function splitModifiers(modifiers: Modifiers | undefined): {
  readonly outer: Modifiers | undefined;
  readonly inner: Modifiers | undefined;
} {
  if (modifiers === undefined) return { outer: undefined, inner: undefined };
  const whole = ({ place }: { readonly place: string }): boolean => place === "suffix" || place === "statementHint";
  const outer: Partial<ModifierParts> = {
    distinctOn: [],
    lock: undefined,
    correlated: [],
    correlationMode: undefined,
    ctes: [],
    extensions: [],
    annotations: modifiers.annotations.filter(whole),
  };
  return {
    outer: modifiers.copyWith(outer as Record<string, unknown>),
    inner: modifiers.copyWith({
      fetchMode: undefined,
      annotations: modifiers.annotations.filter((annotation) => !whole(annotation)),
    }),
  };
}

/** A window function ordered by something: some databases want ORDER BY in every one. */
function over(
  call: FunctionCall<unknown, string, string>,
  partition: readonly Node[],
  order: readonly Node[],
): ExpressionNode {
  const nothing = new ScalarSubquery(select(NULL as unknown as Item));
  return operations.over(call as ExpressionNode, {
    partitionBy: partition as unknown as readonly Item[],
    orderBy: (order.length > 0 ? order : [nothing]) as unknown as readonly Item[],
  });
}

/** A query as a derived table with more columns, and what selects the query's own columns from it. */
interface Widened {
  readonly from: Subquery;
  readonly items: readonly ExpressionNode[];
  readonly added: readonly ExpressionNode[];
}

/**
 * Puts a query into a derived table with columns of its own names, and adds window functions to it, which are made from ORDER BY.
 * One that is DISTINCT or a set operation becomes a derived table first: window functions would come before these.
 */
function widen(query: AnyQuery, add: (order: readonly Node[], of: SelectNode) => readonly ExpressionNode[]): Widened {
  const order = resolveNames(query.order, query.resultItems);
  const bare = { order: [], limitTo: undefined, offsetBy: undefined, modifiers: splitModifiers(query.modifiers).inner };
  let inner: SelectNode;
  let sorted = order;
  if (query instanceof CompoundSelect || (query as SelectNode).isDistinct) {
    const plain = new Subquery(query.copyWith(bare), ANONYMOUS);
    sorted = order.map((element) => inDerived(element, query, plain));
    inner = select(...(plain.columns as readonly Item[])) as unknown as SelectNode;
  } else {
    inner = (query as SelectNode).copyWith(bare);
  }
  const own = numberedLabels(inner.resultItems);
  const extra = add(sorted, inner).map((item, i) => new Label(item, `x${i + 1}`));
  const strip = inner.modifiers?.copyWith({ distinctOn: [] });
  const groups = renamed(inner.groups, inner.resultItems, own);
  const from = new Subquery(inner.copyWith({ items: [...own, ...extra], groups, modifiers: strip }), ANONYMOUS);
  const columns = from.columns as readonly ExpressionNode[];
  return {
    from,
    items: columns.slice(0, own.length).map((column, i) => {
      const name = query.resultItems[i]?.resultName;
      return name === undefined ? column : new Label(column, name);
    }),
    added: columns.slice(own.length),
  };
}

/** The items of a select list under names of our own: those that they have need not differ. */
function numberedLabels(items: readonly ExpressionNode[]): readonly Label[] {
  return items.map((item, i) => new Label(unlabelled(item), `c${i + 1}`));
}

function withNumberedLabels(query: SelectNode): SelectNode {
  const items = query.resultItems;
  const own = numberedLabels(items);
  const groups = renamed(query.groups, items, own);
  return query.copyWith({ items: own, groups, order: renamed(query.order, items, own) });
}

/** Elements of ORDER BY or GROUP BY that are labels of the select list, under the names that these have got. */
function renamed(elements: readonly Node[], items: readonly ExpressionNode[], own: readonly Label[]): readonly Node[] {
  return resolveNames(elements, items).map((element) => {
    const order = element instanceof Order ? element : undefined;
    const operand = order?.operand ?? element;
    const label = operand instanceof Label ? own[items.findIndex((item) => item.shape === operand.shape)] : undefined;
    if (label === undefined) return element;
    return order ? new Order(label, order.descending, order.nulls) : label;
  });
}

function unlabelled(item: ExpressionNode): ExpressionNode {
  return item instanceof Label ? item.operand : item;
}

/** An element of ORDER BY as the column of a derived table that it means. */
export function inDerived(element: Node, query: AnyQuery, from: Subquery): Node {
  const order = element instanceof Order ? element : undefined;
  const operand = (order?.operand ?? element) as ExpressionNode;
  const items = query.resultItems;
  let at =
    operand instanceof ResultName
      ? items.findIndex((item) => item.resultName === operand.name)
      : items.findIndex((item) => item.shape === operand.shape || unlabelled(item).shape === operand.shape);
  if (at === -1 && query.kind === "compound") at = items.findIndex((item) => item.resultName === operand.resultName);
  const column = from.columns[at] as Column | undefined;
  if (column === undefined) {
    throw new CompileError("ORDER BY of a SELECT DISTINCT or set operation takes columns of its result.", {
      code: "COMPOUND_ORDER",
      remedy: "Add the expression to the select list.",
    });
  }
  return order ? new Order(column, order.descending, order.nulls) : column;
}

function from(
  widened: Widened,
  criteria: readonly Expression<unknown, string, string>[],
  parts: Readonly<Record<string, unknown>>,
): SelectNode {
  const outer = select(...(widened.items as unknown as readonly Item[])) as unknown as SelectNode;
  return outer.copyWith({ froms: [widened.from], criteria, ...parts });
}

/** `DISTINCT ON (a)` as the rows with the number 1 among those of equal `a`. */
export function distinctOnByNumber(query: SelectNode): SelectNode {
  const keys = query.modifiers?.distinctOn ?? [];
  const widened = widen(query, (order) => [
    over(func.rowNumber(), keys, order),
    ...(order.length === 0 ? [] : [over(func.rowNumber(), [], order)]),
  ]);
  const [number, position] = widened.added as readonly [ExpressionNode, ExpressionNode | undefined];
  return from(widened, [operations.compare("eq", number, 1)], {
    order: position ? [position] : [],
    limitTo: query.limitTo,
    offsetBy: query.offsetBy,
    modifiers: splitModifiers(query.modifiers).outer,
  });
}

/**
 * `FETCH FIRST n PERCENT ROWS WITH TIES` by numbers and ranks: with `offset` rows left out, a row stays when its number is beyond
 * these and its rank is within them and n more. Percents are compared without dividing: so many rows that (number - 1) * 100 is
 * less than the count times the percentage are the percentage rounded up.
 */
export function fetchByRank(query: AnyQuery): SelectNode {
  const limit = query.limitTo as ExpressionNode;
  const mode = query.modifiers?.fetchMode;
  const ties = mode !== "percent";
  const percent = mode !== "ties";
  const widened = widen(query, (order) => [
    over(func.rowNumber(), [], order),
    ...(ties ? [over(func.rank(), [], order)] : []),
    ...(percent ? [operations.over(func.count() as ExpressionNode, {})] : []),
  ]);
  const number = widened.added[0] as ExpressionNode;
  const rank = ties ? (widened.added[1] as ExpressionNode) : number;
  const count = percent ? widened.added[ties ? 2 : 1] : undefined;
  const { offsetBy } = query;
  const { compare, arithmetic } = operations;
  const beyond = offsetBy === undefined ? rank : arithmetic("sub", rank, offsetBy);
  const criteria = [
    count === undefined
      ? compare("le", beyond, limit)
      : compare("lt", arithmetic("mul", arithmetic("sub", beyond, 1), 100), arithmetic("mul", count, limit)),
  ];
  if (offsetBy !== undefined) criteria.push(compare("gt", number, offsetBy), compare("gt", limit, 0));
  const outer = splitModifiers(query.modifiers).outer;
  return from(widened, criteria, { order: [number], modifiers: outer?.copyWith({ fetchMode: undefined }) });
}

/**
 * `INTERSECT ALL` and `EXCEPT ALL` without ALL: equal rows of each member are numbered, and rows are compared with their
 * numbers. EXCEPT takes away from what the members before have left, so it goes two by two.
 */
export function allByNumbers(query: AnyCompound): SelectNode {
  const op = query.op === "intersectAll" ? "intersect" : "except";
  const [first, ...rest] = query.queries as readonly AnyQuery[];
  let left = first as AnyQuery;
  for (const [i, right] of rest.entries()) {
    const members = [numbered(left), numbered(right)];
    const both = new CompoundSelect<readonly unknown[], string>(op, members, [], undefined, undefined);
    const derived = new Subquery(both, ANONYMOUS);
    const items = (derived.columns as readonly ExpressionNode[]).slice(0, query.resultItems.length);
    const last = i === rest.length - 1;
    const named = items.map((item, at) => {
      const name = query.resultItems[at]?.resultName;
      return last && name !== undefined ? new Label(item, name) : item;
    });
    left = select(...(named as unknown as readonly Item[])) as unknown as SelectNode;
  }
  return (left as SelectNode).copyWith({
    order: query.order.map((element) => byName(element, query)),
    limitTo: query.limitTo,
    offsetBy: query.offsetBy,
    modifiers: query.modifiers,
  });
}

/** A member with its equal rows numbered. */
function numbered(member: AnyQuery): SelectNode {
  const named = member.kind === "select" ? withNumberedLabels(member as SelectNode) : member;
  const inner = new Subquery(named, ANONYMOUS);
  const columns = inner.columns as readonly ExpressionNode[];
  const items = columns.map((column, i) => new Label(column, `c${i + 1}`));
  const number = new Label(over(func.rowNumber(), columns, []), "n");
  return select(...([...items, number] as unknown as readonly Item[])) as unknown as SelectNode;
}

function byName(element: Node, query: AnyCompound): Node {
  const order = element instanceof Order ? element : undefined;
  const operand = (order?.operand ?? element) as ExpressionNode | ResultName;
  const name = operand instanceof ResultName ? operand.name : operand.resultName;
  const found = new ResultName(itemNamed(query.resultItems, name ?? "").resultName as string);
  return order ? new Order(found, order.descending, order.nulls) : found;
}
