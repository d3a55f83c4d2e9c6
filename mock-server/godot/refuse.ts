import { EngineError } from "../domain/index.js";

/** What a part does that is not in the script. */
export function refuse(): never {
  throw new EngineError(
    "unavailable",
    "The backend inside a game has no such call. Use a server: agentvm serve.",
  );
}
