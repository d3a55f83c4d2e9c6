import { isEventType } from "../../contract/event-types.js";
import type { UnknownEventType } from "./stream-events.js";

/**
 * Whether a name is that of an event that this version does not know. Events are named `thing.happening`; a name without
 * the dot, such as `error` or `gap`, is the SDK's own, and a server cannot speak in it.
 */
export function isUnknownEventType(type: string): type is string & UnknownEventType {
  return !isEventType(type) && type.includes(".");
}
