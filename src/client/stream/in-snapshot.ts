import type { Cursor } from "../../contract/index.js";
import type { LogEvent } from "./stream-events.js";

/** Where a snapshot was taken, and when each of its agents was changed last before. */
export interface SnapshotPlace {
  readonly cursor: Cursor;
  readonly agents: ReadonlyMap<string, { readonly updated_at: string }>;
}

/**
 * Whether a snapshot has what an event says already. Moves have the place of the event before them, so that those of the
 * snapshot's own place may be from before it or after; by their times none that is older undoes what the snapshot says.
 */
export function isInSnapshot(event: LogEvent, { cursor, agents }: SnapshotPlace): boolean {
  if (event.epoch !== cursor.epoch) return false;
  if (event.seq !== cursor.seq || event.type !== "agent.moved") return event.seq <= cursor.seq;
  const known = agents.get(event.data.agent_id);
  return known !== undefined && Date.parse(event.timestamp) < Date.parse(known.updated_at);
}
