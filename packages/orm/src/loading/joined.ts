import {
  ArgumentError,
  type Column,
  type ExpressionNode,
  type FromClause,
  ItemGroup,
  JoinClause,
  type Node,
  Order,
  replace,
  type Select,
  type Subquery,
} from "@acme/core";
import { joinTarget } from "../mapping/relationship-node.js";
import { EntitySource } from "../mapping/source.js";
import type { Relationship } from "../relationship/relationship.js";
import type { LoadNode } from "./option.js";

/** A relationship that is loaded by a join: which item of the row holds the owner, which the related entity. */
export interface JoinedItem {
  readonly node: LoadNode;
  readonly relationship: Relationship;
  readonly owner: number;
  readonly item: number;
}

/** A select with its joined loads. */
export interface JoinedSelect {
  readonly statement: Node;
  readonly joined: readonly JoinedItem[];
}

type AnySelect = Select<readonly unknown[], string, unknown>;

/** The joined loads of one option tree: an option under a selectin one belongs to that one's query. */
function hasJoinedCollection(nodes: readonly LoadNode[]): boolean {
  return nodes.some(
    (node) => node.strategy === "joined" && (node.relationship.isCollection || hasJoinedCollection(node.children)),
  );
}

/** The entity of an item of a select list; undefined for a plain expression. */
export function sourceOf(item: Node | undefined): EntitySource | undefined {
  const owner = item instanceof ItemGroup ? item.owner : undefined;
  return owner instanceof EntitySource ? owner : undefined;
}

/** The item of the select list that an option speaks of. */
export function ownerOf(items: readonly Node[], node: LoadNode): number {
  const at = items.findIndex((item) => {
    const source = sourceOf(item);
    return source !== undefined && source.name === node.source.name && source.mapper === node.source.mapper;
  });
  if (at !== -1) return at;
  throw new ArgumentError(`${node} speaks of ${node.source.name}, which the query does not select.`, {
    code: "BAD_LOADER_PATH",
    remedy: `Select the entity: select(${node.source.name}).`,
  });
}

/** Adds the joins of the joined loads to a select. */
export function withJoinedLoads(statement: AnySelect, options: readonly LoadNode[]): JoinedSelect {
  const joined = options.filter((node) => node.strategy === "joined");
  if (joined.length === 0) return { statement, joined: [] };
  const limits =
    statement.limitTo !== undefined ||
    statement.offsetBy !== undefined ||
    statement.isDistinct ||
    statement.groups.length > 0;
  const base = limits && hasJoinedCollection(joined) ? wrapped(statement) : statement;
  return new JoinedLoads(base).add(joined, statement.items);
}

class JoinedLoads {
  private readonly statement: AnySelect;
  private readonly items: Node[];
  private readonly joins: JoinClause[];
  private readonly order: Node[];
  private readonly made: JoinedItem[] = [];
  private readonly names = new Map<string, number>();

  constructor(statement: AnySelect) {
    this.statement = statement;
    this.items = [...statement.items];
    this.joins = [...statement.joins];
    this.order = [...statement.order];
  }

  add(nodes: readonly LoadNode[], original: readonly Node[]): JoinedSelect {
    for (const node of nodes) this.join(node, ownerOf(original, node));
    const { items, joins, order } = this;
    return { statement: this.statement.copyWith({ items, joins, order }), joined: this.made };
  }

  private join(node: LoadNode, owner: number): void {
    const { relationship } = node;
    const { target } = relationship;
    const source = new EntitySource(target, this.name(relationship.key), target.table.alias(this.lastName));
    const columns = (this.items[owner] as ItemGroup).expressions as readonly Column[];
    const viaName = relationship.secondary === undefined ? undefined : this.name(relationship.secondary.table.name);
    const { on, via } = joinTarget(
      relationship,
      columns,
      source.from,
      viaName === undefined ? undefined : this.lastName,
    );
    if (via !== undefined) this.joins.push(new JoinClause(via.target, via.on, "left"));
    this.joins.push(new JoinClause(source.from, on, "left"));
    const item = this.items.length;
    this.items.push(source.item);
    for (const element of relationship.order)
      this.order.push(replace(element, (part) => (part === target.table ? source.from : undefined)));
    this.made.push({ node, relationship, owner, item });
    for (const child of node.children) if (child.strategy === "joined") this.join(child, item);
  }

  private lastName = "";

  /** A name that no other join of this select has. */
  private name(base: string): string {
    const count = (this.names.get(base) ?? 0) + 1;
    this.names.set(base, count);
    this.lastName = `${base}_${count}`;
    return this.lastName;
  }
}

/**
 * A select whose limit is to count entities, not joined rows: it becomes a subquery, and the joins are made with that. Its
 * columns get names of their own there, since two tables may have columns of one name.
 */
function wrapped(statement: AnySelect): AnySelect {
  const flat = statement.resultItems;
  const operands = statement.order.map((element) =>
    element instanceof Order ? (element.operand as ExpressionNode) : (element as ExpressionNode),
  );
  const inner = statement.copyWith({
    items: [...flat.map((item, i) => item.label(`c${i}`)), ...operands.map((operand, i) => operand.label(`o${i}`))],
    loadOptions: [],
  });
  const subquery: Subquery<"limited", unknown> = (inner as AnySelect).subquery("limited") as Subquery<
    "limited",
    unknown
  >;
  const columns = subquery.columns;
  let at = 0;
  const items = statement.items.map((item) => {
    const width = item instanceof ItemGroup ? item.expressions.length : 1;
    const slice = columns.slice(at, at + width);
    at += width;
    if (item instanceof ItemGroup) return new ItemGroup(item.name, slice, item.owner);
    const { resultName } = item as ExpressionNode;
    return resultName === undefined ? (slice[0] as Node) : ((slice[0] as ExpressionNode).label(resultName) as Node);
  });
  const order = statement.order.map((element, i) => {
    const operand = columns[flat.length + i] as Column;
    return element instanceof Order ? new Order(operand, element.descending, element.nulls) : operand;
  });
  const none: readonly Node[] = [];
  return statement.copyWith({
    items,
    froms: [subquery as FromClause],
    joins: none,
    criteria: none,
    groups: none,
    havings: none,
    order,
    limitTo: undefined,
    offsetBy: undefined,
    isDistinct: false,
    lock: undefined,
  });
}
