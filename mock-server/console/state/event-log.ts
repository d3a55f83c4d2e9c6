import type { LogEvent, StreamEvent } from "../../../src/slim.js";

/** Events that are kept; older ones make room. */
export const EVENTS_MAX = 1_000;

/** An event as the log shows it. */
export interface LoggedEvent {
  /** Unlike a `seq`, it is never told twice. */
  readonly number: number;
  readonly type: string;
  readonly seq: number;
  readonly timestamp: string;
  readonly gameId: string | null;
  readonly data: unknown;
  /** What a search looks through, in small letters. */
  readonly text: string;
}

/** The group of an event's type: what stands before the point. */
export function groupOf(type: string): string {
  return type.split(".")[0] ?? type;
}

/** What of the log is to be seen. */
export interface EventFilter {
  /** Groups that are shown: `agent`, `task` and so on; empty means all. */
  readonly groups: ReadonlySet<string>;
  /** Words that must be in it. */
  readonly words: string;
}

/** The events that a filter lets through, newest first. */
export function filterEvents(events: readonly LoggedEvent[], { groups, words }: EventFilter): LoggedEvent[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return events
    .filter(({ type, text }) => {
      if (groups.size > 0 && !groups.has(groupOf(type))) return false;
      return wanted.every((word) => text.includes(word));
    })
    .reverse();
}

/** The last events, each with a number of its own; of an agent's moves the last alone, so that who walks leaves the others to be seen. */
export class EventLog {
  #events: LoggedEvent[] = [];
  readonly #moves = new Map<string, LoggedEvent>();
  #last = 0;

  add(event: StreamEvent): void {
    const { type, seq, timestamp, gameId, data } = factsOf(event);
    this.#last += 1;
    const text = `${type} ${valuesIn(data).join(" ")}`.toLowerCase();
    const logged = { number: this.#last, type, seq, timestamp, gameId, data, text };
    if (event.type === "agent.moved") this.#replaceMove(event.data.agent_id, logged);
    this.#events.push(logged);
    if (this.#events.length >= EVENTS_MAX * 2) this.#events = this.#events.slice(-EVENTS_MAX);
  }

  clear(): void {
    this.#events = [];
    this.#moves.clear();
  }

  #replaceMove(agentId: string, logged: LoggedEvent): void {
    const older = this.#moves.get(agentId);
    const place = older === undefined ? -1 : this.#events.lastIndexOf(older);
    if (place >= 0) this.#events.splice(place, 1);
    this.#moves.delete(agentId);
    this.#moves.set(agentId, logged);
    // An agent that was removed leaves its last move here until as many others have moved as events are kept.
    const [first] = this.#moves.keys();
    if (this.#moves.size > EVENTS_MAX && first !== undefined) this.#moves.delete(first);
  }

  /** Oldest first; another array each time. */
  all(): readonly LoggedEvent[] {
    return this.#events.slice(-EVENTS_MAX);
  }
}

/** The plain values in something, however deep; names of fields are in every event, so nobody looks for them. */
function valuesIn(data: unknown): unknown[] {
  if (typeof data !== "object" || data === null) return [data];
  return Object.values(data).flatMap(valuesIn);
}

function factsOf(event: StreamEvent): Omit<LoggedEvent, "number" | "text"> {
  if (event.type === "gap") {
    const { reason, from, to } = event;
    return { type: "gap", seq: to.seq, timestamp: "", gameId: null, data: { reason, from, to } };
  }
  const { seq, timestamp, game_id, data }: LogEvent = event;
  return { type: String(event.type), seq, timestamp, gameId: game_id, data };
}
