import type { LoadOption } from "@acme/core";
import type { LoadedCollection } from "../mapping/types.js";
import type { RelationshipKind } from "../relationship/definition.js";

/** What the property of a relationship holds once it is loaded; `X` is what is loaded of the related entities in turn. */
export type LoadedValue<E, K, X> = K extends "many"
  ? LoadedCollection<E, E & X>
  : K extends "optional"
    ? (E & X) | null
    : E & X;

declare const target: unique symbol;

/**
 * A loader option: relationship `N` of entity `S`, with `X` of the related entities (which are `TS`). Made by
 * {@link selectinload} and {@link joinedload}.
 */
export interface Load<S extends string, N extends string, E, TS extends string, K extends RelationshipKind, X = unknown>
  extends LoadOption<{ readonly [P in S]: { readonly [Q in N]: LoadedValue<E, K, X> } }> {
  readonly [target]: TS;
  /**
   * Loads a relationship of the related entities as well.
   *
   * @example
   * ```ts
   * selectinload(User.c.posts).and(joinedload(Post.c.author)).and(selectinload(Post.c.tags))
   * ```
   */
  and<N2 extends string, E2, TS2 extends string, K2 extends RelationshipKind, X2 = unknown>(
    option: Load<TS, N2, E2, TS2, K2, X2>,
  ): Load<S, N, E, TS, K, X & { readonly [Q in N2]: LoadedValue<E2, K2, X2> }>;
}
