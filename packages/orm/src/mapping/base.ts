import { type AnyTable, asFrom, asItem, type Defs, type FromClause, type ItemGroup, MetaData, Table } from "@acme/core";
import { MappingError } from "../errors.js";
import { columnFallback } from "../instrumentation/columns.js";
import { findState, MAPPER, type MappedConstructor, mapperOf, stateOf } from "../instrumentation/entity-root.js";
import type { Relationship } from "../relationship/relationship.js";
import { assign, readRelated } from "../relationship/sync.js";
import { Mapper } from "./mapper.js";
import { entitySource } from "./relationship-node.js";
import type { EntityClass, EntityDefs, EntityOptions } from "./types.js";

/** What entity classes are declared on: a MetaData for their tables. */
export interface DeclarativeBase {
  /** The tables of the entities: `await Base.metadata.createAll(engine)`. */
  readonly metadata: MetaData;
  /**
   * Declares an entity: columns as in a Table, relationships as thunks, and a class to extend.
   *
   * @example
   * ```ts
   * class User extends Base.define("User", {
   *   id: integer().primaryKey(),
   *   name: string(50),
   *   posts: () => many(Post, { backPopulates: "author", cascade: "all, delete-orphan" }),
   * }, { tableName: "users" }) {
   *   greet(): string { return `Hello, ${this.name}`; }
   * }
   * ```
   * Throws MappingError for a declaration that cannot be mapped.
   */
  define<const S extends string, D extends EntityDefs>(
    name: S,
    defs: D,
    options?: EntityOptions<S, D>,
  ): EntityClass<S, D>;
}

/**
 * Makes a base for entity classes.
 *
 * @example
 * ```ts
 * const Base = declarativeBase({ metadata: new MetaData({ schema: "app" }) });
 * class User extends Base.define("User", { id: integer().primaryKey() }) {}
 * ```
 */
export function declarativeBase(options: { readonly metadata?: MetaData } = {}): DeclarativeBase {
  const metadata = options.metadata ?? new MetaData();
  return {
    metadata,
    define<const S extends string, D extends EntityDefs>(
      name: S,
      defs: D,
      given?: EntityOptions<S, D>,
    ): EntityClass<S, D> {
      checkName(name);
      const columns: Record<string, unknown> = {};
      const thunks = new Map<string, () => unknown>();
      for (const [key, def] of Object.entries(defs)) {
        if (typeof def === "function") thunks.set(key, def);
        else columns[key] = def;
      }
      const { tableName, ...tableOptions } = given ?? {};
      const table = new Table(
        tableName ?? name,
        metadata,
        columns as Defs,
        tableOptions as object,
      ) as unknown as AnyTable;
      // The phantom side of the class is what the definitions say; its run-time side is generated from them.
      return makeClass(new Mapper(name, table, thunks)) as unknown as EntityClass<S, D>;
    },
  };
}

/** The base for applications with one MetaData. */
export const Base: DeclarativeBase = declarativeBase();

function checkName(name: unknown): void {
  if (typeof name === "string" && name !== "") return;
  throw new MappingError("An entity needs a name.", { remedy: 'Write Base.define("User", { ... }).' });
}

/** Dresses the generated class of a mapper: statics for statements, accessors for relationships. */
export function makeClass(mapper: Mapper): MappedConstructor {
  const made = mapper.generatedClass as unknown as MappedConstructor;
  Object.defineProperties(made, {
    [MAPPER]: { value: mapper },
    c: {
      get(this: MappedConstructor): object {
        return mapperOf(this).mapper.source.attributes;
      },
    },
    [asItem]: {
      value(this: MappedConstructor): ItemGroup {
        return mapperOf(this).mapper.source.item;
      },
    },
    [asFrom]: {
      value(this: MappedConstructor): FromClause {
        return mapperOf(this).mapper.table;
      },
    },
    [entitySource]: { value: mapper.source },
  });
  for (const key of mapper.keys) Object.defineProperty(made.prototype, key, columnFallback(key));
  for (const key of mapper.relationshipKeys)
    Object.defineProperty(made.prototype, key, relationshipAccessor(mapper, key));
  return made;
}

/** The property of a relationship: reads what is loaded, and keeps the other side in step when it is set. */
function relationshipAccessor(mapper: Mapper, key: string): PropertyDescriptor {
  let known: Relationship | undefined;
  const relationship = (): Relationship => {
    known ??= mapper.relationship(key) as Relationship;
    return known;
  };
  return {
    configurable: true,
    get(this: object): unknown {
      const state = findState(this);
      return state === undefined ? undefined : readRelated(state, relationship());
    },
    set(this: object, value: unknown) {
      assign(stateOf(this), relationship(), value);
    },
  };
}
