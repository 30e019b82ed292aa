export * from "./base.js";
export * from "./database.js";
export * from "./usage.js";
