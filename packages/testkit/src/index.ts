/** `@acme/testkit`: the conformance suite with which a dialect proves itself. */
export type { Chapter, ChapterContext, TestOptions } from "./chapter.js";
export { temporalRoads } from "./chapters/temporal-roads.js";
export { type RoadCase, valueRoads } from "./chapters/value-roads.js";
export { conformance } from "./conformance.js";
export type { FaultOptOuts, FaultRequirement } from "./faults/requirements.js";
export { runSoak, type SoakOptions, type SoakReport } from "./faults/soak.js";
export { faults } from "./faults/suite.js";
export type { FaultTarget, OwnServer, ServerTexts } from "./faults/target.js";
export { provisionDatabase } from "./provision.js";
export { type OptOuts, REQUIREMENTS, type Requirement } from "./requirements.js";
export type { ConformanceTarget, ProvisionedDatabase } from "./target.js";
export { twoPhaseTests } from "./two-phase.js";
