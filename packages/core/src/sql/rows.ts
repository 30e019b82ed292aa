import type { ent, Item, n, s, t } from "./protocols.js";

/**
 * An entity class in a select list is replaced by this handle, so that row types never carry `typeof User`: inference would
 * walk its statics, and through them the whole graph of entities.
 */
export interface EntityItem<out E, out S extends string> extends Item {
  readonly [t]: E;
  readonly [s]: S;
  readonly [n]: S;
  readonly [ent]: E;
}

type AsItem<X> = X extends abstract new (
  ...args: never
) => infer E
  ? EntityItem<E, X extends Item ? X[typeof s] : never>
  : X;

/** The select list as given, entity classes replaced by handles. */
export type Items<C extends readonly Item[]> = { readonly [K in keyof C]: AsItem<C[K]> };

type WithLoaded<E, S extends string, L> = S extends keyof L ? E & L[S] : E;

/** The value of one item: nullable when one of the FROM items it reads is null-extended by an outer join. */
export type Val<X, N, L> = X extends Item
  ?
      | (X extends EntityItem<infer E, infer S> ? WithLoaded<E, S, L> : X[typeof t])
      | (X[typeof s] & N extends never ? never : null)
  : never;

/** The property that an item has in the row. */
export type NameOf<X> = X extends Item ? X[typeof n] : never;

/** The FROM items that a select list reads. */
export type SrcOf<X> = X extends Item ? X[typeof s] : never;

/** The row by name: a plain object. Expressions without a name are not in it. */
export type Named<C extends readonly unknown[], N, L> = { [X in C[number] as NameOf<X>]: Val<X, N, L> };

/** The row as a tuple. */
export type Tup<C extends readonly unknown[], N, L> = { -readonly [K in keyof C]: Val<C[K], N, L> };
