import type { Item, Order, s, Typed } from "@acme/core";

export declare const relation: unique symbol;

/** How many related entities there are: a collection, exactly one, or at most one. */
export type RelationshipKind = "many" | "one" | "optional";

/** What a class must have to be the target of a relationship: an entity class. */
export interface EntityLike {
  readonly [s]: string;
  new (...args: never): object;
}

/** The instance type of an entity class. */
export type Instance<C> = C extends abstract new (...args: never) => infer E ? E : never;

/** Options of a relationship. `E` is the entity on the other side. */
export interface RelationshipOptions<E> {
  /** The relationship on the other side that says the same the other way round; both are kept in step at once. */
  readonly backPopulates?: keyof E & string;
  /**
   * What follows the entity: a list of `save-update`, `delete`, `delete-orphan`, `merge`, `refresh-expire`, `expunge`, or
   * `all` (everything but `delete-orphan`), separated by commas. Default: `"save-update, merge"`.
   */
  readonly cascade?: string;
  /** The foreign key columns to use, where several foreign keys connect the two tables. */
  readonly foreignKeys?: Item | readonly Item[];
  /** The association table of a many-to-many relationship, as a thunk. */
  readonly secondary?: () => object;
  /** The order in which a collection is loaded. */
  readonly orderBy?: Item | Order | readonly (Item | Order)[];
  /**
   * True leaves to the database (`ON DELETE CASCADE`, `ON DELETE SET NULL`) what happens to related rows that are not
   * loaded, when the entity is deleted. Default: false.
   */
  readonly passiveDeletes?: boolean;
}

/** A relationship as written in a mapping: made by {@link many}, {@link one} and {@link optional}. */
export interface RelationshipDefinition<out C, out K extends RelationshipKind> {
  readonly [relation]: C;
  readonly kind: K;
}

/** What a definition holds at run time. */
export interface DefinitionParts {
  readonly kind: RelationshipKind;
  readonly target: unknown;
  readonly options: RelationshipOptions<object>;
}

/** The one place where the phantom side of a definition is added. */
function define<C, K extends RelationshipKind>(
  kind: K,
  target: C,
  options: RelationshipOptions<Instance<C>>,
): RelationshipDefinition<C, K> {
  const parts: DefinitionParts = { kind, target, options: options as RelationshipOptions<object> };
  return parts as unknown as RelationshipDefinition<C, K>;
}

/**
 * A collection of related entities: one-to-many where the target's table has a foreign key to this one, many-to-many with
 * `secondary`.
 *
 * @example
 * ```ts
 * posts: () => many(Post, { backPopulates: "author", cascade: "all, delete-orphan" }),
 * tags: () => many(Tag, { secondary: () => postTags, backPopulates: "posts" }),
 * ```
 */
export function many<C extends EntityLike>(
  target: C,
  options: RelationshipOptions<Instance<C>> = {},
): RelationshipDefinition<C, "many"> {
  return define("many", target, options);
}

/**
 * Exactly one related entity: many-to-one where this table has a foreign key to the target's, one-to-one where the target's
 * table has one to this.
 *
 * @example
 * ```ts
 * author: () => one(User, { backPopulates: "posts" }),
 * ```
 */
export function one<C extends EntityLike>(
  target: C,
  options: RelationshipOptions<Instance<C>> = {},
): RelationshipDefinition<C, "one"> {
  return define("one", target, options);
}

/**
 * At most one related entity: as {@link one}, or null.
 *
 * @example
 * ```ts
 * boss: () => optional(User, { backPopulates: "reports" }),
 * ```
 */
export function optional<C extends EntityLike>(
  target: C,
  options: RelationshipOptions<Instance<C>> = {},
): RelationshipDefinition<C, "optional"> {
  return define("optional", target, options);
}

/** Any condition. */
export type Condition = Typed<boolean | null>;
