// What the classic script for Godot is made of; not for npm's users.
export { createGodotFacade } from "./facade.js";
export type { FacadeParts, GodotFacade, Place } from "./facade.js";
export { pageFrames } from "./frames.js";
export type { Frames } from "./frames.js";
export { AgentVMError, ConfigError } from "../errors/index.js";
export { systemClock } from "../contract/index.js";
