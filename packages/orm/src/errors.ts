import { AcmeError } from "@acme/core";

/** The root of the errors that only the ORM throws. */
export class OrmError extends AcmeError {
  static override readonly defaultCode: string = "ORM_ERROR";
}

/** An entity class is declared in a way that cannot be mapped; the message names class, member and remedy. */
export class MappingError extends OrmError {
  static override readonly defaultCode: string = "BAD_MAPPING";
}

/** Something was given that is no entity, or no entity class. */
export class UnmappedError extends OrmError {
  static override readonly defaultCode: string = "UNMAPPED";
}

/** A relationship or an expired column was read that is not loaded. Nothing is loaded by reading: the message names the call. */
export class NotLoadedError extends OrmError {
  static override readonly defaultCode: string = "NOT_LOADED";
}

/** Something was to be loaded for an entity that belongs to no session. */
export class DetachedInstanceError extends OrmError {
  static override readonly defaultCode: string = "DETACHED";
}

/** The row of an entity is no longer there. */
export class ObjectDeletedError extends OrmError {
  static override readonly defaultCode: string = "OBJECT_DELETED";
}

/** An entity is in a state that the call does not allow: of another session, deleted, without identity. */
export class ObjectStateError extends OrmError {
  static override readonly defaultCode: string = "OBJECT_STATE";
}

/** The changes of a session cannot be written as they are; nothing of the flush remains in the database. */
export class FlushError extends OrmError {
  static override readonly defaultCode: string = "FLUSH";
}

/** An UPDATE or DELETE of a flush met fewer rows than it was to change: somebody else changed or deleted them. */
export class StaleDataError extends FlushError {
  static override readonly defaultCode: string = "STALE_DATA";
}

/** A session was used while another of its operations was under way. */
export class ConcurrentSessionError extends OrmError {
  static override readonly defaultCode: string = "CONCURRENT_SESSION_USE";
}

/** A flush has failed and its transaction is rolled back: the session needs `rollback()` before it goes on. */
export class PendingRollbackError extends OrmError {
  static override readonly defaultCode: string = "PENDING_ROLLBACK";
}
