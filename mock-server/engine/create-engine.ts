import type { Engine, EngineOptions } from "./engine.js";
import { EngineError } from "./errors.js";

/** Makes an engine. */
export function createEngine(_options: EngineOptions): Engine {
  throw new EngineError("unavailable", "The engine is being written.");
}
