import type {
  Column,
  Columns,
  Def,
  flags,
  ins,
  n,
  OptionalKeys,
  Predicate,
  RequiredKeys,
  Source,
  s,
  src,
  TablePart,
  Typed,
  t,
} from "@acme/core";
import type {
  Condition,
  Instance,
  RelationshipDefinition,
  RelationshipKind,
  relation,
} from "../relationship/definition.js";

declare const unloaded: unique symbol;
export declare const defs: unique symbol;
export declare const parts: unique symbol;

/**
 * A related entity that is not loaded. It can be assigned to, and narrowed away by `isLoaded(entity, "author")`, but not
 * read: at run time reading it throws a NotLoadedError that names the fix.
 */
export interface NotLoaded<out T> {
  readonly [unloaded]: T;
}

/**
 * A collection of related entities that may not be loaded: it takes additions and removals, and can be loaded. Reading it
 * as an array before that throws a NotLoadedError.
 */
export interface Collection<out E> {
  /** Adds entities; those that are in it already stay once. The other side of the relationship follows at once. */
  add(...entities: E[]): void;
  /** Removes entities. The other side of the relationship follows at once. */
  remove(...entities: E[]): void;
  /** Loads the collection and gives it. Loads asked for in the same turn of the event loop become one query. */
  load(): Promise<LoadedCollection<E>>;
}

/** A loaded collection: an array of entities to read, changed by `add`, `remove` and `replace`. */
export interface LoadedCollection<out E, out X = E> extends Collection<E>, ReadonlyArray<X> {
  /** Makes these entities the whole content: adds what is new, removes what is missing. */
  replace(entities: readonly E[]): void;
}

/** What the property of a relationship holds. */
export type RelationshipValue<R> =
  R extends RelationshipDefinition<infer C, infer K>
    ? K extends "many"
      ? Collection<Instance<C>>
      : K extends "optional"
        ? Instance<C> | null | NotLoaded<Instance<C>>
        : Instance<C> | NotLoaded<Instance<C>>
    : never;

/**
 * Columns and relationships of an entity as written. The `any` is the one type whose presence makes TypeScript skip what
 * the thunk returns while the class is being made, so that entities may refer to each other and to themselves.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above; `unknown` makes mutual references circular (TS2506)
export type EntityDefs = { readonly [key: string]: Def | (() => any) };

/** Relationships as written, for a table that exists already. */
// biome-ignore lint/suspicious/noExplicitAny: as EntityDefs
export type RelationshipDefs = { readonly [key: string]: () => any };

/** The properties of an instance. */
export type Properties<D> = {
  [K in keyof D]: D[K] extends Typed<infer T> ? T : D[K] extends () => infer R ? RelationshipValue<R> : never;
};

/** Keys that a constructor must be given: not optional on insert and no foreign key, whose relationship may be given instead. */
type RequiredInitKeys<D> = {
  [K in keyof D]: D[K] extends { readonly [flags]: infer F } ? ([F] extends [never] ? K : never) : never;
}[keyof D];

type InitValue<X> = X extends { readonly [ins]: infer V }
  ? V
  : X extends () => RelationshipDefinition<infer C, infer K>
    ? K extends "many"
      ? readonly Instance<C>[]
      : K extends "optional"
        ? Instance<C> | null
        : Instance<C>
    : never;

/** What a constructor takes. */
export type Init<D> = { [K in RequiredInitKeys<D>]: InitValue<D[K]> } & {
  [K in Exclude<keyof D, RequiredInitKeys<D>>]?: InitValue<D[K]>;
};

/** What INSERT takes for a column. */
type InsertValue<X> = X extends Def ? X[typeof ins] | Typed<X[typeof t]> : never;

/**
 * A relationship at class level, `User.c.posts`: a join target, an argument of loader options, and a source of conditions.
 * `S` is the name of the entity that has it, `N` its own, `E` the related entity, `TS` the name of that, `K` the kind.
 */
export interface RelationshipAttribute<
  out S extends string,
  out N extends string,
  out E,
  out TS extends string,
  out K extends RelationshipKind,
> extends Source<TS> {
  readonly [relation]: E;
  /** The name of the entity that has the relationship. */
  readonly parent: S;
  readonly key: N;
  readonly kind: K;
  /**
   * Some related entity (for which all the conditions hold) exists.
   *
   * @example
   * ```ts
   * select(User).where(User.c.posts.any(Post.c.title.like("A%")))
   * ```
   * SQL: `SELECT ... FROM users WHERE EXISTS (SELECT 1 FROM posts WHERE users.id = posts.author_id AND posts.title LIKE ?)`
   */
  any(...conditions: Condition[]): Predicate;
  /** As {@link any}, for a relationship to one entity. */
  has(...conditions: Condition[]): Predicate;
  /** The collection contains an entity. */
  contains(entity: E): Predicate;
  /** The related entity is this one; with null: there is none. */
  eq(entity: E | null): Predicate;
  /** The related entity is another one, or there is none; with null: there is one. */
  ne(entity: E | null): Predicate;
  /** The related entity under an alias, for joins: `join(User.c.manager.ofType(boss))`. */
  ofType<A extends string>(alias: EntityAlias<E, A>): RelationshipAttribute<S, N, E, A, K>;
}

/** What `ofType` takes: an alias of the entity. */
export interface EntityAlias<out E, out A extends string> {
  readonly [t]: E;
  readonly [src]: A;
}

/** A column or relationship at class level. */
export type Attribute<X, S extends string, N extends string> =
  X extends Typed<infer T>
    ? Column<T, S, N>
    : X extends () => RelationshipDefinition<infer C, infer K>
      ? RelationshipAttribute<S, N, Instance<C>, C extends { readonly [s]: infer TS extends string } ? TS : never, K>
      : never;

/** `User.c`: columns and relationships by key. */
export type Attributes<S extends string, D> = { readonly [K in keyof D]: Attribute<D[K], S, K & string> };

/** A class made by `Base.define`. Its shapes are written out here so that messages of the compiler show plain objects. */
export interface EntityClass<S extends string, D> {
  new (
    init: { [K in RequiredInitKeys<D>]: InitValue<D[K]> } & {
      [K in Exclude<keyof D, RequiredInitKeys<D>>]?: InitValue<D[K]>;
    },
  ): Properties<D>;
  /** The definitions, for `aliased`: to infer them from the rest of the class costs 2,500 type instantiations. */
  readonly [defs]: D;
  readonly [t]: Properties<D>;
  readonly [s]: S;
  readonly [n]: S;
  readonly [src]: S;
  readonly [ins]: { [K in RequiredKeys<D>]: InsertValue<D[K]> } & { [K in OptionalKeys<D>]?: InsertValue<D[K]> };
  /** Columns and relationships: `User.c.name`, `User.c.posts`. */
  readonly c: { readonly [K in keyof D]: Attribute<D[K], S, K & string> };
}

/** The row of an entity's table. */
type ColumnsRow<D> = { [K in keyof D as D[K] extends Def ? K : never]: D[K] extends Typed<infer T> ? T : never };

/** Options of `Base.define`. */
export interface EntityOptions<S extends string, D> {
  /** The table's name; the entity's name by default. */
  readonly tableName?: string;
  readonly schema?: string;
  readonly comment?: string;
  /** Constraints and indexes over the table's columns: `(c) => [unique([c.a, c.b])]`. */
  readonly constraints?: (c: Columns<S, ColumnsRow<D>>) => readonly TablePart[];
  /** Options for one dialect, by its name: `{ mysql: { engine: "InnoDB" } }`. */
  readonly dialectOptions?: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;
}

/** The row of a table of which no more is known than that it has columns: a reflected one. */
type KnownRow<R> = unknown extends R ? { [key: string]: unknown } : R;

/** The properties of an instance that is mapped to an existing table. */
export type MappedProperties<R, L> = KnownRow<R> & {
  -readonly [K in keyof L]: L[K] extends () => infer D ? RelationshipValue<D> : never;
};

/** What the constructor of a class takes that is mapped to an existing table. */
export type MappedInit<R, V, L> = (unknown extends R ? Readonly<Record<string, unknown>> : V) & {
  [K in keyof L]?: InitValue<L[K]>;
};

/** Columns and relationships of a class that is mapped to an existing table. */
export type MappedAttributes<S extends string, R, L> = Columns<S, KnownRow<R>> & {
  readonly [K in keyof L]: Attribute<L[K], S, K & string>;
};

/** A class made by `mapped`. */
export interface MappedClass<S extends string, R, V, L> {
  new (init: MappedInit<R, V, L>): MappedProperties<R, L>;
  /** The row and the relationships, for `aliased`. */
  readonly [parts]: readonly [row: R, relationships: L];
  readonly [t]: MappedProperties<R, L>;
  readonly [s]: S;
  readonly [n]: S;
  readonly [src]: S;
  readonly [ins]: V;
  /** Columns and relationships: `User.c.name`, `User.c.posts`. */
  readonly c: MappedAttributes<S, R, L>;
}
