import type { Connection, Engine, EngineOptions } from "@acme/core";
import type { ProvisionedDatabase } from "../target.js";
import type { FaultOptOuts } from "./requirements.js";

/** What only the author of a dialect can say to a server: SQL text, as the driver takes it. */
export interface ServerTexts {
  /** The number of the session that executes it. */
  readonly sessionId: string;
  /** How many other sessions there are on the current database. */
  readonly sessions: string;
  /** How many statements the session of that number executes at this moment: 0 or 1. */
  readonly executing: (id: number) => string;
  /** Ends a session. */
  readonly kill: (id: number) => string;
  /** A query that takes so many seconds. */
  readonly sleep: (seconds: number) => string;
  /** Lets the session wait for locks for a second at most. */
  readonly shortLockTimeout: string;
  /** Makes a user who may open so many connections, and takes him away. He may do anything in the current database. */
  readonly limitedUser?: (name: string, password: string, limit: number) => readonly string[];
  readonly dropUser?: (name: string) => readonly string[];
}

/** A server that belongs to a test. */
export interface OwnServer {
  /** Of an empty database. The same after a restart. */
  readonly url: string;
  /** Ends the server without mercy and starts it again; fulfils when it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What the fault suite runs against. */
export interface FaultTarget {
  /** The database's name, which becomes the tag of the suite's titles: `postgresql`. */
  readonly name: string;
  /** Why the database is not there; the suite is then reported as left out. */
  readonly unavailable?: string | undefined;
  /** Makes an empty database. One that is embedded must be shared by several connections: a file. */
  provision(): Promise<ProvisionedDatabase>;
  /** Makes the engine, with the options that the suite asks for. */
  createEngine(url: string, options: EngineOptions): Engine;
  /** Of a database with a server. */
  readonly server?: ServerTexts;
  /** Of a database with a server: starts one that may be restarted. Rejects where it cannot; the test is then left out. */
  readonly ownServer?: () => Promise<OwnServer>;
  /** Connection options under which a statement that can never be answered fails after about two seconds. */
  readonly impatient?: Readonly<Record<string, unknown>>;
  /** Brings a session to the state in which the database tells a serialization failure; default: nothing is said. */
  readonly prepareSerialization?: (connection: Connection) => Promise<void>;
  /** The isolation level for it. */
  readonly serializationLevel?: "SERIALIZABLE" | "REPEATABLE READ";
  /** What the database does not have, and why. */
  readonly optOut?: FaultOptOuts;
}
