/**
 * `@acme/orm`: classes mapped to Core's tables, and sessions: a unit of work with an identity map.
 */
export {
  ConcurrentSessionError,
  DetachedInstanceError,
  FlushError,
  MappingError,
  NotLoadedError,
  ObjectDeletedError,
  ObjectStateError,
  OrmError,
  PendingRollbackError,
  StaleDataError,
  UnmappedError,
} from "./errors.js";
export type { Lifecycle } from "./instrumentation/state.js";
export { isLoaded, type Loaded, type Loads, load } from "./loading/lazy.js";
export { joinedload, selectinload } from "./loading/option.js";
export type { QueryOptions } from "./loading/query.js";
export type { Load, LoadedValue } from "./loading/types.js";
export { type Aliased, type AliasedEntity, aliased } from "./mapping/aliased.js";
export { Base, type DeclarativeBase, declarativeBase } from "./mapping/base.js";
export { mapped } from "./mapping/mapped.js";
export type {
  Attribute,
  Attributes,
  Collection,
  EntityAlias,
  EntityClass,
  EntityDefs,
  EntityOptions,
  Init,
  LoadedCollection,
  MappedClass,
  MappedInit,
  MappedProperties,
  NotLoaded,
  Properties,
  RelationshipAttribute,
  RelationshipDefs,
  RelationshipValue,
} from "./mapping/types.js";
export {
  type EntityLike,
  type Instance,
  many,
  one,
  optional,
  type RelationshipDefinition,
  type RelationshipKind,
  type RelationshipOptions,
} from "./relationship/definition.js";
export type { Bind } from "./session/context.js";
export {
  type ClassInspection,
  type ColumnChange,
  EntityInspection,
  inspect,
  inspectClass,
  type RelationshipInspection,
} from "./session/inspect.js";
export { type GetOptions, Session, type SessionOptions } from "./session/session.js";
export { type SessionMaker, sessionmaker } from "./session/sessionmaker.js";
