/**
 * The contract's schemas, of [zod](https://zod.dev) and so Standard Schemas: for forms, tools and tests that take what a server of
 * AgentVM says, or check what is sent to it.
 *
 * @module
 */
export * from "./contract/agent-types.js";
export * from "./contract/agents.js";
export * from "./contract/analytics.js";
export * from "./contract/batch.js";
export * from "./contract/changes.js";
export * from "./contract/detail.js";
export * from "./contract/error-body.js";
export * from "./contract/errors.js";
export * from "./contract/event-types.js";
export * from "./contract/events.js";
export * from "./contract/fault.js";
export * from "./contract/frames.js";
export * from "./contract/games.js";
export * from "./contract/limits.js";
export * from "./contract/metadata.js";
export * from "./contract/primitives.js";
export * from "./contract/questions.js";
export * from "./contract/roles.js";
export * from "./contract/route.js";
export * from "./contract/routes.js";
export * from "./contract/scenes.js";
export { check, describeProblems, fits } from "./contract/schema.js";
export type { Checked, Input, ObjectSchema, Open, Output, Problem, Schema } from "./contract/schema.js";
export * from "./contract/system.js";
export * from "./contract/task-output.js";
export * from "./contract/tasks.js";
export * from "./contract/version.js";
export * from "./contract/worker.js";
export * from "./contract/workers.js";
