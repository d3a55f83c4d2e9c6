import type { Route } from "../../contract/index.js";
import type { TransportRequest } from "./transport.js";

/** Headers that a request of a batch needs no place for: the batch carries them, or the item has a field of its own. */
const CARRIED = new Set(["accept", "content-type", "idempotency-key", "x-api-key", "authorization"]);

/** Whether a call can share a request with others: it answers with one JSON value, and is about no session and no batch. */
export function isBatchable({ route, headers, stream }: TransportRequest): boolean {
  return !stream && mayShare(route) && Object.keys(headers).every((name) => CARRIED.has(name));
}

function mayShare({ access, answer, method, path }: Route): boolean {
  const isAboutSession = method === "POST" && path.startsWith("/game/");
  // A review may have to be waited for, and nothing else is to wait with it.
  const maySpare = path !== "/batch" && !path.endsWith("/review");
  return answer.kind === "json" && access !== "open" && !isAboutSession && maySpare;
}
