import { isEventType } from "../contract/index.js";
import type { StreamEvent, UnknownEvent, UnknownEventType } from "./stream-events.js";

/** Whether a name is that of an event that this version does not know. */
export function isUnknownEventType(type: string): type is string & UnknownEventType {
  return !isEventType(type);
}

/** Whether an event is of a type that this version does not know. */
export function isUnknownEvent(event: StreamEvent): event is UnknownEvent {
  return event.type !== "gap" && !isEventType(event.type.toString());
}
