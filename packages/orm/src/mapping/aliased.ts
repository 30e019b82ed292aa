import { asFrom, asItem, type FromClause, type ItemGroup, type n, type s, type src, type t } from "@acme/core";
import { mapperOf } from "../instrumentation/entity-root.js";
import type { EntityLike, Instance } from "../relationship/definition.js";
import { entitySource } from "./relationship-node.js";
import { EntitySource } from "./source.js";
import type { Attribute, defs, MappedAttributes, parts } from "./types.js";

/** The columns and relationships of an entity class under an alias. */
type AliasAttributes<C, A extends string> = C extends { readonly [defs]: infer D }
  ? { readonly [K in keyof D]: Attribute<D[K], A, K & string> }
  : C extends { readonly [parts]: readonly [infer R, infer L] }
    ? MappedAttributes<A, R, L>
    : never;

/** An entity class under another name. It can be selected and joined; it makes no instances. */
export interface AliasedEntity<C, A extends string> {
  readonly [t]: Instance<C>;
  readonly [s]: A;
  readonly [n]: A;
  readonly [src]: A;
  readonly c: AliasAttributes<C, A>;
}

/** As {@link AliasedEntity}, and for TypeScript a class, so that select lists know the entity of it. */
export type Aliased<C, A extends string> = AliasedEntity<C, A> & (abstract new (...args: never) => Instance<C>);

/**
 * An entity class under another name, for joining it to itself.
 *
 * @example
 * ```ts
 * const boss = aliased(User, "boss");
 * select(User, boss).outerJoin(boss, boss.c.id.eq(User.c.managerId))   // rows: { User: User; boss: User | null }
 * select(User, boss).outerJoin(User.c.manager.ofType(boss))
 * ```
 * SQL: `SELECT ... FROM users LEFT OUTER JOIN users AS boss ON boss.id = users.manager_id`
 */
export function aliased<C extends EntityLike, const A extends string>(entityClass: C, name: A): Aliased<C, A> {
  const { mapper } = mapperOf(entityClass);
  const source = new EntitySource(mapper, name, mapper.table.alias(name));
  const made = {
    c: source.attributes,
    [asItem]: (): ItemGroup => source.item,
    [asFrom]: (): FromClause => source.from,
    [entitySource]: source,
    toString: (): string => `${mapper.name} AS ${name}`,
  };
  // Its class side is phantom: nothing can construct it.
  return made as unknown as Aliased<C, A>;
}
