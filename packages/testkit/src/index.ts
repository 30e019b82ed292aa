/** `@acme/testkit`: the conformance suite with which a dialect proves itself. */
export type { Chapter, ChapterContext, TestOptions } from "./chapter.js";
export { type RoadCase, valueRoads } from "./chapters/value-roads.js";
export { conformance } from "./conformance.js";
export { provisionDatabase } from "./provision.js";
export { type OptOuts, REQUIREMENTS, type Requirement } from "./requirements.js";
export type { ConformanceTarget, ProvisionedDatabase } from "./target.js";
