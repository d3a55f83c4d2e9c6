import { EVENT_TYPES } from "../../src/contract/event-types.js";
import type { AnyEvent, EventType, Subscribe } from "../../src/contract/index.js";
import type { Scope } from "../domain/index.js";
import { scopeOf } from "../calls/access.js";
import type { Caller } from "../calls/index.js";

/** Whether a subscriber hears an event. */
export type Filter = (event: AnyEvent) => boolean;

/** Whose events a caller hears: a session its own game's, a key those of all, or of the game that it names. */
export function heardBy(caller: Caller, subscribe: Subscribe | undefined): Scope {
  const own = scopeOf(caller);
  const gameId = subscribe?.game_id;
  return own.kind === "game" || gameId === undefined ? own : { kind: "game", game_id: gameId };
}

/**
 * What a caller hears.
 *
 * - A key with the role `worker` hears no events: it is for those who do the work, who hear what is theirs in notices.
 * - A session hears its own game alone, and of sessions its own alone; a key hears all, or the game that it names.
 * - `types` are whole names or end in a star; a name that this server has no event for is allowed and never heard.
 * - With `agent_ids` only events about one of these agents are heard: what is about no agent (`team.completed`,
 *   `scene.updated`, a task that has no agent yet) is not. `session.expiring` is about the connection itself and is heard.
 */
export function createFilter(caller: Caller, subscribe: Subscribe | undefined): Filter {
  if (caller.kind === "key" && caller.role === "worker") return () => false;
  const scope = heardBy(caller, subscribe);
  const gameId = scope.kind === "game" ? scope.game_id : null;
  const sessionId = caller.kind === "session" ? caller.session_id : null;
  const types = typesOf(subscribe?.types);
  const agents = agentsOf(subscribe?.agent_ids);

  return (event) => {
    if (gameId !== null && event.game_id !== gameId) return false;
    if (types !== null && !types.has(event.type)) return false;
    if (event.type === "session.expiring") return sessionId === null || event.data.session_id === sessionId;
    if (agents === null) return true;
    const agent = agentOf(event);
    return agent !== null && agents.has(agent);
  };
}

function typesOf(patterns: readonly string[] | undefined): ReadonlySet<EventType> | null {
  if (patterns === undefined || patterns.length === 0 || patterns.includes("*")) return null;
  const whole = new Set(patterns);
  return new Set(EVENT_TYPES.filter((type) => whole.has(type) || whole.has(`${type.split(".")[0] ?? ""}.*`)));
}

function agentsOf(ids: readonly string[] | undefined): ReadonlySet<string> | null {
  return ids === undefined || ids.length === 0 ? null : new Set(ids);
}

function agentOf(event: AnyEvent): string | null {
  switch (event.type) {
    case "agent.created":
      return event.data.agent.id;
    case "task.assigned":
      return event.data.task.agent_id;
    case "agent.state_changed":
    case "agent.moved":
    case "agent.removed":
    case "task.started":
    case "task.progress":
    case "task.question":
    case "task.answered":
    case "task.reviewed":
    case "task.completed":
    case "task.failed":
    case "task.cancelled":
      return event.data.agent_id;
    case "team.completed":
    case "scene.updated":
    case "session.expiring":
    case "worker.joined":
    case "worker.left":
      return null;
  }
}
