import { jsonCopy } from "../../domain/index.js";
import type { AnyEvent } from "../../../src/contract/index.js";

/** An event of the reader's own, as one that came as text would be: the log's are frozen. */
export function copyOf(event: AnyEvent): AnyEvent {
  if (event.type !== "agent.moved") return jsonCopy(event);
  // Most are moves. Literals, since V8 takes many times as long to spread what is frozen.
  const { type, epoch, seq, timestamp, game_id, data } = event;
  const { agent_id, position, scene_id, sequence } = data;
  const { x, y, z } = position;
  return {
    type,
    epoch,
    seq,
    timestamp,
    game_id,
    data: { agent_id, position: { x, y, z }, scene_id, sequence },
  };
}
