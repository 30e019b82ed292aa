import {
  ArgumentError,
  and,
  asFrom,
  asJoin,
  type Bool,
  type Column,
  type ExpressionNode,
  type FromClause,
  type JoinTarget,
  type Node,
  not,
  type Predicate,
  replace,
  select,
  type Typed,
} from "@acme/core";
import { readColumn } from "../instrumentation/columns.js";
import { findState } from "../instrumentation/entity-root.js";
import type { Relationship } from "../relationship/relationship.js";
import type { EntitySource } from "./source.js";

/** Columns that are equal, pair by pair. */
function equal(left: readonly Column[], right: readonly Column[]): Predicate {
  return and(...left.map((column, i) => column.eq(right[i] as Column)));
}

/** The columns at some positions. */
function at(columns: readonly Column[], positions: readonly number[]): readonly Column[] {
  return positions.map((position) => columns[position] as Column);
}

/** A relationship at class level, `User.c.posts`: the run-time side of `RelationshipAttribute`. */
export class RelationshipNode {
  /** The entity that has the relationship, as it stands in the statement. */
  readonly source: EntitySource;
  readonly relationship: Relationship;
  /** The related entity as it stands in the statement; undefined: under its own name. */
  readonly aliasedTarget: EntitySource | undefined;

  constructor(source: EntitySource, relationship: Relationship, aliasedTarget?: EntitySource) {
    this.source = source;
    this.relationship = relationship;
    this.aliasedTarget = aliasedTarget;
  }

  get key(): string {
    return this.relationship.key;
  }

  get parent(): string {
    return this.source.name;
  }

  get kind(): string {
    return this.relationship.isCollection ? "many" : "one";
  }

  private get targetFrom(): FromClause {
    return this.aliasedTarget?.from ?? this.relationship.target.table;
  }

  /** What `join(User.c.posts)` joins, with the ON clause. */
  [asJoin](): JoinTarget {
    return joinTarget(this.relationship, this.source.columns, this.targetFrom);
  }

  [asFrom](): FromClause {
    return this.targetFrom;
  }

  /** The related entity under an alias: `join(User.c.boss.ofType(boss))`. */
  ofType(alias: { readonly [entitySource]: EntitySource }): RelationshipNode {
    const target = alias[entitySource];
    if (target?.mapper === this.relationship.target)
      return new RelationshipNode(this.source, this.relationship, target);
    throw new ArgumentError(
      `${this.relationship} leads to ${this.relationship.target.name}; ofType() takes an alias of that.`,
    );
  }

  any(...conditions: Typed<Bool>[]): Predicate {
    const { relationship } = this;
    const own = this.source.from;
    // An entity that is related to its own kind stands in the subquery under another name.
    const target =
      this.targetFrom === own || isAliasOf(own, this.targetFrom)
        ? relationship.target.table.alias(`${this.key}_1`)
        : this.targetFrom;
    const adapted = conditions.map((condition) => moved(condition as unknown as Node, this.targetFrom, target));
    const { on, via } = joinTarget(relationship, this.source.columns, target);
    const [first] = at(target.columns, relationship.target.keyPositions) as [Column];
    const query = select(first).where(on as unknown as Typed<Bool>, ...adapted);
    return (via === undefined ? query : query.selectFrom(via.target).where(via.on as unknown as Typed<Bool>)).exists();
  }

  has(...conditions: Typed<Bool>[]): Predicate {
    return this.any(...conditions);
  }

  contains(entity: unknown): Predicate {
    return this.refersTo(entity);
  }

  eq(entity: unknown): Predicate {
    if (entity !== null) return this.refersTo(entity);
    const { relationship } = this;
    if (relationship.direction !== "manyToOne") return not(this.any());
    return and(...at(this.source.columns, relationship.local).map((column) => column.isNull()));
  }

  ne(entity: unknown): Predicate {
    if (entity === null) return not(this.eq(null));
    const { relationship } = this;
    const nothing =
      relationship.direction === "manyToOne"
        ? at(this.source.columns, relationship.local).map((column) => column.isNull())
        : [];
    return nothing.length === 0 ? not(this.refersTo(entity)) : (not(this.refersTo(entity)) as Predicate).or(...nothing);
  }

  /** The condition that one entity is the related one, or among them. */
  private refersTo(entity: unknown): Predicate {
    const { relationship } = this;
    const state = findState(entity);
    if (state?.mapper !== relationship.target) {
      throw new ArgumentError(`${relationship} can only be compared with ${relationship.target.name} entities.`, {
        code: "WRONG_ENTITY",
      });
    }
    const values = relationship.remote.map((position) => readColumn(state, position));
    if (values.some((value) => value === undefined)) {
      throw new ArgumentError(`The ${relationship.target.name} that ${relationship} is compared with has no key yet.`, {
        code: "NO_KEY",
        remedy: "Flush it first.",
      });
    }
    if (relationship.direction === "manyToMany") {
      const target = at(this.targetFrom.columns, relationship.remote);
      return this.any(and(...target.map((column, i) => column.eq(values[i] as never))));
    }
    return and(...at(this.source.columns, relationship.local).map((column, i) => column.eq(values[i] as never)));
  }
}

/** Where an alias of an entity keeps its source. */
export const entitySource: unique symbol = Symbol("acme.entitySource");

function isAliasOf(from: FromClause, other: FromClause): boolean {
  return from !== other && (from as FromClause & { readonly element?: FromClause }).element === other;
}

/** A condition about one FROM item, said about another. */
function moved(condition: Node, from: FromClause, to: FromClause): Typed<Bool> {
  const made = from === to ? condition : replace(condition, (node) => (node === from ? to : undefined));
  return made as unknown as Typed<Bool>;
}

/** How a relationship joins a FROM item to an entity's columns. `viaName` is an alias for the association table. */
export function joinTarget(
  relationship: Relationship,
  source: readonly Column[],
  target: FromClause,
  viaName?: string,
): JoinTarget {
  const local = at(source, relationship.local);
  const remote = at(target.columns, relationship.remote);
  const { secondary } = relationship;
  if (secondary === undefined) return { target, on: equal(local, remote) as ExpressionNode };
  const via = viaName === undefined ? secondary.table : secondary.table.alias(viaName);
  const columns = via.c as unknown as Readonly<Record<string, Column>>;
  const standing = (list: readonly Column[]): readonly Column[] => list.map((column) => columns[column.key] as Column);
  return {
    target,
    on: equal(standing(secondary.remote), remote) as ExpressionNode,
    via: { target: via, on: equal(local, standing(secondary.local)) as ExpressionNode },
  };
}
