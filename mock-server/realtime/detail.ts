import { DETAIL_BANDS, bandAt, distanceBetween } from "../../src/contract/detail.js";
import type {
  AnyEvent,
  CancelTimer,
  Clock,
  DetailBand,
  Position,
  ViewerFrame,
} from "../../src/contract/index.js";
import type { EventTexts } from "./event-text.js";

/** Milliseconds for which moves and progress are gathered, so that they go out together. */
export const GATHER_MS = 50;

/** What a {@link Detail} works with. */
export interface DetailParts {
  readonly clock: Clock;
  readonly texts: EventTexts;
  /** Where an agent is; nothing for one that is not there. */
  readonly positionOf: (agentId: string) => Position | undefined;
  /** Whether the socket takes more; what cannot be sent waits and is superseded meanwhile. */
  readonly hasRoom: () => boolean;
  readonly send: (text: string) => void;
}

/** An agent's move or a task's progress that waits for its time. */
interface Pending {
  readonly event: AnyEvent;
  readonly agentId: string;
}

/**
 * How much of what agents do one viewer is told. Moves and progress are taken out of the stream and told in frames of their own:
 * the latest of each agent and task, as often as the agent's distance allows. Everything else stays in the stream.
 * It holds no more than one event for each agent and each running task.
 */
export class Detail {
  readonly #parts: DetailParts;
  readonly #pending = new Map<string, Pending>();
  readonly #sentAt = new Map<string, number>();
  readonly #bandOf = new Map<string, number>();
  #viewer: Position | null = null;
  #bands: readonly DetailBand[] = DETAIL_BANDS;
  #cancel: CancelTimer | null = null;
  #timerAt = Infinity;

  constructor(parts: DetailParts) {
    this.#parts = parts;
  }

  /** Takes where the viewer is. */
  look({ position, bands }: ViewerFrame): void {
    this.#viewer = position;
    if (bands !== undefined)
      this.#bands = [...bands].sort((a, b) => (a.within ?? Infinity) - (b.within ?? Infinity));
    this.#flush();
  }

  /** Takes an event out of the stream, or says false where it belongs into it. */
  takes(event: AnyEvent): boolean {
    switch (event.type) {
      case "agent.moved":
        return this.#take(`moved:${event.data.agent_id}`, event, event.data.agent_id);
      case "task.progress":
        return this.#take(`progress:${event.data.task_id}`, event, event.data.agent_id);
      case "task.completed":
      case "task.failed":
      case "task.cancelled":
        this.#forget(`progress:${event.data.task_id}`);
        return false;
      case "agent.removed":
        this.#forget(`moved:${event.data.agent_id}`);
        this.#bandOf.delete(event.data.agent_id);
        return false;
      default:
        return false;
    }
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#pending.clear();
    this.#sentAt.clear();
    this.#bandOf.clear();
  }

  #take(subject: string, event: AnyEvent, agentId: string): boolean {
    if (this.#viewer === null) return false;
    // When one that waits already is due was found out before.
    const isNew = !this.#pending.has(subject);
    this.#pending.set(subject, { event, agentId });
    if (isNew) this.#arm(this.#parts.clock.now() + GATHER_MS);
    return true;
  }

  #forget(subject: string): void {
    this.#pending.delete(subject);
    this.#sentAt.delete(subject);
  }

  #dueAt(subject: string, agentId: string): number {
    const viewer = this.#viewer;
    if (viewer === null) return -Infinity;
    const position = this.#parts.positionOf(agentId);
    const distance = position === undefined ? 0 : distanceBetween(viewer, position);
    const place = bandAt(this.#bands, distance, this.#bandOf.get(agentId) ?? null);
    this.#bandOf.set(agentId, place);
    const band = this.#bands[place];
    return band === undefined ? Infinity : (this.#sentAt.get(subject) ?? -Infinity) + band.every_ms;
  }

  #flush(): void {
    const { clock, texts, hasRoom, send } = this.#parts;
    const now = clock.now();
    const due: string[] = [];
    let next = Infinity;
    const room = hasRoom();
    for (const [subject, { event, agentId }] of this.#pending) {
      const dueAt = room ? this.#dueAt(subject, agentId) : now + GATHER_MS;
      if (dueAt > now) {
        next = Math.min(next, dueAt);
        continue;
      }
      due.push(texts.of(event).alone);
      this.#pending.delete(subject);
      this.#sentAt.set(subject, now);
    }
    if (due.length > 0) send(`{"type":"latest","events":[${due.join(",")}]}`);
    this.#disarm();
    if (next < Infinity) this.#arm(Math.max(next, now + GATHER_MS));
  }

  #arm(time: number): void {
    if (time >= this.#timerAt) return;
    this.#disarm();
    this.#timerAt = time;
    const { clock } = this.#parts;
    this.#cancel = clock.setTimeout(() => {
      this.#timerAt = Infinity;
      this.#flush();
    }, time - clock.now());
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#timerAt = Infinity;
  }
}
