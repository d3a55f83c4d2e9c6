import { isEventType } from "../../contract/event-types.js";
import type { StreamEvent, UnknownEvent } from "./stream-events.js";

/** Whether an event is of a type that this version does not know. */
export function isUnknownEvent(event: StreamEvent): event is UnknownEvent {
  return event.type !== "gap" && !isEventType(event.type.toString());
}
