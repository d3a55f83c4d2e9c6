export * from "./combined.js";
export * from "./objects.js";
export * from "./rules.js";
export * from "./schema.js";
export * from "./values.js";
