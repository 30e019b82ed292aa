export * from "./base.js";
export * from "./concealed.js";
export * from "./database.js";
export * from "./usage.js";
