/** What the fault suite may need of a database, by name. A dialect opts out of what its database does not have. */
export const FAULT_REQUIREMENTS = {
  sessions: "sessions on a server, which can be counted and killed",
  network: "connections over TCP",
  statementTimeout: "statements that can be stopped",
  deadlocks: "deadlocks",
  serializationFailures: "transactions that fail because of what others did meanwhile",
  lockTimeouts: "a limit for the wait for a lock",
  connectionLimit: "a limit on the connections of a user",
  twoPhase: "two-phase commit",
  restarts: "a server of the test's own, which can be restarted",
} as const;

/** The name of such a requirement. */
export type FaultRequirement = keyof typeof FAULT_REQUIREMENTS;

/** The requirements that a database does not meet, each with its reason. */
export type FaultOptOuts = Readonly<Partial<Record<FaultRequirement, string>>>;
