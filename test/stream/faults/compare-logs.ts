import { isDeepStrictEqual } from "node:util";
import type { GapEvent, StreamEvent } from "../../../src/slim.js";
import type { ObservedEvent } from "./observer.js";

/** One life of the server: its epoch, how many events of each game it keeps, and what was seen of a game. */
export interface Life {
  readonly epoch: string;
  readonly eventBuffer: number;
  readonly events: readonly ObservedEvent[];
}

/** Where in which life a client stands. */
interface Place {
  readonly life: number;
  readonly seq: number;
}

/**
 * Compares what a client was told with what the server's lives say: every event of the game, in order, each once, and a gap
 * exactly where events could not be had any more. Gives what is wrong, or null. A client that was told something knows
 * everything from the first event on.
 */
export function compareLogs(told: readonly StreamEvent[], lives: readonly Life[]): string | null {
  let place: Place | null = null;
  for (const [index, event] of told.entries()) {
    const at = `at ${index} of ${told.length}`;
    if (event.type === "gap") {
      const next: Place | string = leap(event, place, lives);
      if (typeof next === "string") return `${at}: ${next}`;
      place = next;
      continue;
    }
    const number: number = lives.findIndex(({ epoch }) => epoch === event.epoch);
    const life: Life | undefined = lives[number];
    if (life === undefined) return `${at}: an event of an epoch that nobody saw: ${event.epoch}`;
    if (place !== null && place.life !== number) return `${at}: another epoch, without a gap`;
    if (place === null && lives.slice(0, number).some(({ events }) => events.length > 0)) {
      return `${at}: an earlier life's events were never told`;
    }
    const after: number = place?.seq ?? 0;
    const expected: ObservedEvent | undefined = life.events.find(({ seq }) => seq > after);
    if (expected?.seq !== event.seq) {
      return `${at}: ${event.seq} (${event.type.toString()}) came, ${expected?.seq ?? "nothing"} was to come after ${after}`;
    }
    if (!isDeepStrictEqual({ ...event }, { ...expected }))
      return `${at}: ${event.seq} is not what the server sent`;
    place = { life: number, seq: event.seq };
  }
  const last = lives.at(-1);
  const end = last?.events.at(-1)?.seq ?? 0;
  if (place?.life !== lives.length - 1 || place.seq < end) {
    return `the end is missing: ${place?.seq ?? "nothing"} of ${end} in the last life`;
  }
  return null;
}

/** Where a gap leads; or what is wrong with it. */
function leap(gap: GapEvent, place: Place | null, lives: readonly Life[]): Place | string {
  const { from, to, reason, agents } = gap;
  const before = lives.findIndex(({ epoch }) => epoch === from.epoch);
  const number = lives.findIndex(({ epoch }) => epoch === to.epoch);
  const life = lives[number];
  if (life === undefined || before < 0) return `a gap between epochs that nobody saw`;
  if (place !== null && (place.life !== before || place.seq !== from.seq)) {
    return `a gap from ${from.seq}, while ${place.seq} was held`;
  }
  if (place === null && lives[before]?.events.some(({ seq }) => seq <= from.seq)) {
    return `a gap from ${from.seq}, while events before it were never told`;
  }
  if (before === number) {
    if (reason !== "buffer_outrun") return `a gap for ${reason} in one and the same epoch`;
    const missed = life.events.filter(({ seq }) => seq > from.seq && seq <= to.seq).length;
    if (missed <= life.eventBuffer) {
      return `a gap of ${missed} events, where the server keeps ${life.eventBuffer} of each game`;
    }
  } else if (reason !== "epoch_changed" || number < before) {
    return `a gap for ${reason} from life ${before} to ${number}`;
  }
  const held = agents?.map(({ id }) => id).sort();
  const real = [...agentsAt(life, to.seq)].sort();
  if (!isDeepStrictEqual(held, real)) return `a gap's agents are ${String(held)}, and were ${String(real)}`;
  return { life: number, seq: to.seq };
}

/** The agents that the game had at a place, by what the events say. */
function agentsAt({ events }: Life, seq: number): Set<string> {
  const ids = new Set<string>();
  for (const { type, seq: at, data } of events) {
    if (at > seq || typeof data !== "object" || data === null) continue;
    if (type === "agent.created" && "agent" in data) ids.add(idOf(data.agent));
    if (type === "agent.removed" && "agent_id" in data) ids.delete(String(data.agent_id));
  }
  return ids;
}

function idOf(agent: unknown): string {
  return typeof agent === "object" && agent !== null && "id" in agent ? String(agent.id) : "";
}
