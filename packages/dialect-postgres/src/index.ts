import { registerDialect } from "@acme/core/dialect";
import { PostgresDialect } from "./dialect.js";

export { type AdvisoryLockOptions, withAdvisoryLock } from "./advisory-lock.js";
export { deferrableByDefault, readOnlyByDefault, searchPath } from "./characteristics.js";
export { type CopyFormat, type CopyOptions, copyFrom, copyFromBytes, copyToBytes } from "./copy.js";
export { PostgresDialect, type PostgresOptions, postgres } from "./dialect.js";
export { pgDriver, pgliteDriver } from "./driver.js";
export { listen, type Notification, NotificationListener, type NotificationOptions, notify } from "./listen.js";
export * from "./native/index.js";
export { NativeEnumeration, NativeType, nativeType } from "./native-type.js";

registerDialect("postgresql", () => new PostgresDialect(), { aliases: ["postgres"] });
