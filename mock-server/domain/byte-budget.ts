import type { Core } from "./core.js";
import type { Engine } from "./engine.js";
import { EngineError } from "./errors.js";
import { gameKey } from "./idle-pools.js";

/** Times the bytes of all games beyond which nobody gets more, not even who holds next to nothing. */
const STOP = 1.25;

/**
 * Sees to it that a game may hold so many bytes more: where it must, what is over is forgotten, the oldest first, as it would be
 * later anyway. Where all games together hold as much as they may, one that holds more than its share makes room by itself, and
 * for the others those make room that do.
 *
 * @throws EngineError `storage_full` when that is not enough; nothing is forgotten then.
 */
export function reserve(core: Core, gameId: string | null, bytes: number): void {
  if (bytes <= 0) return;
  const refused = refusal(core, gameId, bytes);
  if (refused !== null) throw new EngineError("storage_full", refused);
  const { limits, totalBytes, indexes } = core;
  const { holdings } = indexes;
  const key = gameKey(gameId);
  const over = holdings.of(key) + bytes - limits.game_bytes;
  forgetEnded(core, key, over);
  const beyond = (): number => holdings.total + bytes - totalBytes;
  if (beyond() <= 0) return;
  const share = holdings.fairShare(totalBytes, key, bytes);
  if (holdings.of(key) + bytes > share) return forgetEnded(core, key, beyond());
  for (const other of holdings.largest) {
    if (beyond() <= 0 || holdings.of(other) <= share) return;
    forgetEnded(core, other, Math.min(beyond(), holdings.of(other) - share));
  }
}

/** The same for what need not be: tells whether the game may hold so many bytes more. */
export function couldReserve(core: Core, gameId: string | null, bytes: number): boolean {
  if (!hasRoomFor(core, gameId, bytes)) return false;
  reserve(core, gameId, bytes);
  return true;
}

/** Whether the game may hold so many bytes more, if what is over makes room. */
export function hasRoomFor(core: Core, gameId: string | null, bytes: number): boolean {
  return refusal(core, gameId, bytes) === null;
}

/** What games hold, for who keeps something for them outside of the engine. */
export function storageOf({ limits, totalBytes, indexes }: Core): Engine["storage"] {
  return {
    gameBytes: limits.game_bytes,
    totalBytes,
    held: (gameId) => (gameId === undefined ? indexes.holdings.total : indexes.holdings.of(gameKey(gameId))),
  };
}

/** Why a game may not hold so many bytes more; null where it may. */
function refusal(core: Core, gameId: string | null, bytes: number): string | null {
  const { limits, totalBytes, indexes } = core;
  const { holdings } = indexes;
  if (bytes <= 0) return null;
  const key = gameKey(gameId);
  const held = holdings.of(key);
  const ended = holdings.endedOf(key);
  const who = gameId === null ? "what belongs to no game" : `the game '${gameId}'`;
  if (held + bytes - ended > limits.game_bytes) {
    return `There is no room for this: ${who} takes ${held} of the ${limits.game_bytes} bytes that it may take.`;
  }
  const beyond = holdings.total + bytes - totalBytes;
  if (beyond <= Math.max(0, ended)) return null;
  const share = Math.floor(holdings.fairShare(totalBytes, key, bytes));
  if (held + bytes <= share && holdings.total + bytes <= totalBytes * STOP) return null;
  return `There is no room for this: all games together take ${holdings.total} of ${totalBytes} bytes, and ${who} ${held} of them.`;
}

/** Forgets tasks of a game that are over, those that ended first, until so many bytes are free. */
function forgetEnded(core: Core, key: string, bytes: number): void {
  // To begin a walk through a set of which the oldest were taken out takes as long as there were many of these.
  if (bytes <= 0) return;
  const { holdings } = core.indexes;
  const before = holdings.of(key);
  for (const taskId of holdings.endedTasks(key)) {
    if (before - holdings.of(key) >= bytes) return;
    core.ledger.note({ type: "task.forgotten", task_id: taskId });
  }
}
