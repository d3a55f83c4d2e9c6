import type { ConnectionState } from "oligarchy-agentvm/slim";

/** A connection's state in the player's words. */
export function connectionWords(state: ConnectionState): string {
  switch (state.status) {
    case "live":
      return "live";
    case "connecting":
    case "authenticating":
      return "connecting";
    case "recovering":
      return "catching up";
    case "waiting":
      return `away (${state.reason}), trying again`;
    case "stopped":
      return `stopped: ${state.reason}`;
    case "idle":
    case "closed":
      return "closed";
  }
}
