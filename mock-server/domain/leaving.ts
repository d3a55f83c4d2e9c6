import { membersOf } from "./agents.js";
import type { Core } from "./core.js";
import { endTask } from "./flow.js";
import type { SessionRecord } from "./world.js";

/** Why the open tasks of a game that was left are cancelled. */
const REASON = "The game was left.";

/**
 * Ends a session. A game whose last session it was is left: unless it is to be kept, it has `leave_grace_seconds` to be connected
 * again and is emptied then.
 *
 * @param seen When the end is noticed, in milliseconds. The grace begins here, however long ago the end was due: a machine that slept
 * has heard nothing of clients that slept with it, and a snapshot of yesterday nothing of those of today.
 */
export function closeSession(core: Core, { session_id, game_id }: SessionRecord, seen: number): void {
  const { world, indexes, ledger, agenda, limits } = core;
  agenda.cancel("session", session_id);
  ledger.note({ type: "session.closed", session_id });
  if (indexes.sessionsByGame.has(game_id) || world.games.get(game_id)?.about.keep === true) return;
  agenda.schedule("leave", game_id, seen + limits.leave_grace_seconds * 1_000);
}

/**
 * Empties a game that nobody has come back to: its open tasks are cancelled, the oldest first, then its agents are removed, and
 * the game is forgotten with its scenes. Tasks that were over stay readable for as long as any.
 */
export function emptyGame(core: Core, gameId: string): void {
  const { world, indexes, ledger } = core;
  const open = indexes.queue.pendingOf(gameId);
  for (const { agent } of membersOf(core, gameId)) {
    const current = world.tasks.get(agent.current_task_id ?? "");
    if (current?.task.agent_id === agent.id) open.push(current);
    open.push(...indexes.queue.waitingFor(agent.id));
  }
  open.sort((a, b) => a.ordinal - b.ordinal);
  // All tasks first: an agent that was idle meanwhile would take the next one.
  for (const task of open) endTask(core, task, { kind: "cancelled", reason: REASON }, true);
  // Those that only helped have left with their tasks.
  for (const { agent } of [...membersOf(core, gameId)]) {
    ledger.emit({ type: "agent.removed", game_id: gameId, data: { agent_id: agent.id } });
  }
  ledger.note({ type: "game.forgotten", game_id: gameId });
}
