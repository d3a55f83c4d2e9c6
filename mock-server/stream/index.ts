export { closeReason, type Closing } from "./closing.js";
export {
  BINARY,
  UPDATE_BYTES,
  type ClientMessage,
  type Connection,
  type ConnectionEvents,
  type HandedPositions,
} from "./connection.js";
export { createHub, type Hub, type HubParts } from "./hub.js";
export { DEFAULT_HUB_LIMITS, type HubLimits } from "./hub-limits.js";
