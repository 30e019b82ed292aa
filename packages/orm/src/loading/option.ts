import { ArgumentError, type Node, type Select } from "@acme/core";
import { RelationshipNode } from "../mapping/relationship-node.js";
import type { EntitySource } from "../mapping/source.js";
import type { RelationshipAttribute } from "../mapping/types.js";
import type { RelationshipKind } from "../relationship/definition.js";
import type { Relationship } from "../relationship/relationship.js";
import type { Load } from "./types.js";

/** How related entities are loaded: by a second query, or by a join in the first. */
export type LoadStrategy = "selectin" | "joined";

/** A loader option at run time: the other side of `Load`. */
export class LoadNode {
  readonly strategy: LoadStrategy;
  /** The entity that has the relationship, as it stands in the statement. */
  readonly source: EntitySource;
  readonly relationship: Relationship;
  /** What is loaded of the related entities. */
  readonly children: readonly LoadNode[];

  constructor(
    strategy: LoadStrategy,
    source: EntitySource,
    relationship: Relationship,
    children: readonly LoadNode[] = [],
  ) {
    this.strategy = strategy;
    this.source = source;
    this.relationship = relationship;
    this.children = children;
  }

  and(option: unknown): LoadNode {
    const child = loadNode(option);
    if (child.source.mapper !== this.relationship.target) {
      throw new ArgumentError(`${child} cannot follow ${this}: that leads to ${this.relationship.target.name}.`, {
        code: "BAD_LOADER_PATH",
        remedy: `Give an option about a relationship of ${this.relationship.target.name}.`,
      });
    }
    return new LoadNode(this.strategy, this.source, this.relationship, [...this.children, child]);
  }

  toString(): string {
    return `${this.strategy === "selectin" ? "selectinload" : "joinedload"}(${this.relationship.mapper.name}.c.${this.relationship.key})`;
  }
}

/** A loader option from what a user gives. Throws ArgumentError (`NOT_A_LOADER`). */
export function loadNode(option: unknown): LoadNode {
  if (option instanceof LoadNode) return option;
  throw new ArgumentError("This is no loader option.", {
    code: "NOT_A_LOADER",
    remedy: "Give selectinload(...) or joinedload(...).",
  });
}

/** The loader options of a statement. */
export function loadOptionsOf(statement: Node): readonly LoadNode[] {
  const { loadOptions } = statement as Partial<Pick<Select<readonly unknown[]>, "loadOptions">>;
  return loadOptions === undefined ? [] : loadOptions.map(loadNode);
}

function option<S extends string, N extends string, E, TS extends string, K extends RelationshipKind>(
  strategy: LoadStrategy,
  attribute: RelationshipAttribute<S, N, E, TS, K>,
): Load<S, N, E, TS, K> {
  const node: unknown = attribute;
  if (!(node instanceof RelationshipNode)) {
    throw new ArgumentError("A loader option takes a relationship.", {
      code: "NOT_A_RELATIONSHIP",
      remedy: "Write selectinload(User.c.posts).",
    });
  }
  // The phantom side says what is loaded.
  return new LoadNode(strategy, node.source, node.relationship) as unknown as Load<S, N, E, TS, K>;
}

/**
 * Loads a relationship of all entities of the result by one more query for every 500 of them.
 *
 * @example
 * ```ts
 * const users = await session.scalars(select(User).options(selectinload(User.c.posts).and(selectinload(Post.c.tags)))).all();
 * users[0].posts.map((post) => post.title);
 * ```
 * SQL: the query, then `SELECT ... FROM posts WHERE posts.author_id IN (?, ?, ...)`
 */
export function selectinload<S extends string, N extends string, E, TS extends string, K extends RelationshipKind>(
  attribute: RelationshipAttribute<S, N, E, TS, K>,
): Load<S, N, E, TS, K> {
  return option("selectin", attribute);
}

/**
 * Loads a relationship by a LEFT OUTER JOIN in the same query. Best for relationships to one entity: a joined collection
 * repeats its owner's columns in each row. With LIMIT, the limited query becomes a subquery, so that whole entities are
 * counted.
 *
 * @example
 * ```ts
 * select(Post).options(joinedload(Post.c.author)).limit(10)
 * ```
 * SQL: `SELECT posts.id, ..., author_1.id, ... FROM posts LEFT OUTER JOIN users AS author_1 ON posts.author_id = author_1.id LIMIT ?`
 */
export function joinedload<S extends string, N extends string, E, TS extends string, K extends RelationshipKind>(
  attribute: RelationshipAttribute<S, N, E, TS, K>,
): Load<S, N, E, TS, K> {
  return option("joined", attribute);
}
