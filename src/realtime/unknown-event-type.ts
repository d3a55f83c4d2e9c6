import { isEventType } from "../contract/index.js";
import type { UnknownEventType } from "./stream-events.js";

/** Whether a name is that of an event that this version does not know. */
export function isUnknownEventType(type: string): type is string & UnknownEventType {
  return !isEventType(type);
}
