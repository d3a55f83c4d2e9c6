import { DETAIL_BANDS, bandAt, distanceBetween } from "../../src/contract/detail.js";
import type {
  AnyEvent,
  CancelTimer,
  Clock,
  DetailBand,
  Position,
  ViewerFrame,
} from "../../src/contract/index.js";
import type { Moved } from "./waiting-moves.js";

/** Milliseconds for which moves and progress are gathered, so that they go out together. */
export const GATHER_MS = 50;

/** The same where frames cost nothing, as in a page: a little more than a frame of a game, with each of which moves come. */
export const GATHER_IN_PAGE_MS = 20;

/** What a {@link Detail} works with. */
export interface DetailParts {
  readonly clock: Clock;
  /** Whether what comes together is told in the same turn, and only what is left of it later. */
  readonly inPage: boolean;
  /** Where an agent is; nothing for one that is not there. */
  readonly positionOf: (agentId: string) => Position | undefined;
  /** Whether the socket takes more; what cannot be sent waits and is superseded meanwhile. */
  readonly hasRoom: () => boolean;
  readonly send: (events: readonly AnyEvent[]) => void;
  /** Takes back moves that are held back for no viewer any more. */
  readonly giveBack: (moves: readonly Moved[]) => void;
}

/** An agent's place, or a task's progress, as one viewer is told of it. */
interface Subject {
  readonly agentId: string;
  /** The newest that the viewer has not been told; null for none. */
  waiting: AnyEvent | null;
  band: number | null;
  /** Milliseconds from one time to the next in its band. */
  everyMs: number;
  /** When it was told last; earlier where it was told late, so that a sender of the same pace never waits here. */
  beat: number;
  dueAt: number;
}

/**
 * How much of what agents do one viewer is told. Moves and progress are taken out of the stream and told in frames of their own:
 * the latest of each agent and task, as often as the agent's distance allows. Everything else stays in the stream.
 * It holds no more than one event for each agent and each running task.
 */
export class Detail {
  readonly #parts: DetailParts;
  readonly #moves = new Map<string, Subject>();
  readonly #progress = new Map<string, Subject>();
  /** Those of which something waits, in the order in which it came. */
  #waiting: Subject[] = [];
  #viewer: Position | null = null;
  #bands: readonly DetailBand[] = DETAIL_BANDS;
  #cancel: CancelTimer | null = null;
  #timerAt = Infinity;
  #isFlushing = false;

  constructor(parts: DetailParts) {
    this.#parts = parts;
  }

  /** Takes where the viewer is. */
  look({ position, bands }: ViewerFrame): void {
    this.#viewer = position;
    if (bands !== undefined)
      this.#bands = [...bands].sort((a, b) => (a.within ?? Infinity) - (b.within ?? Infinity));
    for (const subject of this.#waiting) this.#place(subject);
    if (position === null) this.#giveBack();
    this.#flush();
  }

  /** Takes a move or progress that is to be told here, or says false. */
  takes(event: AnyEvent): boolean {
    switch (event.type) {
      case "agent.moved":
        return this.#take(this.#moves, event.data.agent_id, event, event.data.agent_id);
      case "task.progress":
        return this.#take(this.#progress, event.data.task_id, event, event.data.agent_id);
      default:
        return false;
    }
  }

  /** Tells no more of a task that is over or an agent that is gone, whether the viewer hears of its end or not. */
  forget(event: AnyEvent): void {
    switch (event.type) {
      case "task.completed":
      case "task.failed":
      case "task.cancelled":
        return forget(this.#progress, event.data.task_id);
      case "agent.removed":
        return forget(this.#moves, event.data.agent_id);
      default:
    }
  }

  close(): void {
    this.#disarm();
    this.#waiting = [];
    this.#moves.clear();
    this.#progress.clear();
  }

  #take(subjects: Map<string, Subject>, id: string, event: AnyEvent, agentId: string): boolean {
    let subject = subjects.get(id);
    if (this.#viewer === null) {
      // What was held back has a newer one now that is told.
      if (subject !== undefined) subject.waiting = null;
      return false;
    }
    if (subject === undefined) {
      subject = { agentId, waiting: null, band: null, everyMs: 0, beat: -Infinity, dueAt: -Infinity };
      subjects.set(id, subject);
    }
    if (subject.waiting === null) this.#waiting.push(subject);
    subject.waiting = event;
    this.#place(subject);
    if (this.#parts.inPage) this.#flushSoon();
    else this.#arm(subject.dueAt);
    return true;
  }

  #giveBack(): void {
    const moves: Moved[] = [];
    for (const subject of this.#moves.values()) {
      if (subject.waiting?.type === "agent.moved") moves.push(subject.waiting);
      subject.waiting = null;
    }
    this.#parts.giveBack(moves.sort((a, b) => a.seq - b.seq));
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  /** Finds out when the time of what waits comes. */
  #place(subject: Subject): void {
    const viewer = this.#viewer;
    if (viewer === null) {
      subject.dueAt = -Infinity;
      return;
    }
    const event = subject.waiting;
    const position =
      event?.type === "agent.moved" ? event.data.position : this.#parts.positionOf(subject.agentId);
    const distance = position === undefined ? 0 : distanceBetween(viewer, position);
    subject.band = bandAt(this.#bands, distance, subject.band);
    const band = this.#bands[subject.band];
    subject.everyMs = band?.every_ms ?? 0;
    subject.dueAt = band === undefined ? Infinity : subject.beat + band.every_ms;
  }

  #flush(): void {
    this.#disarm();
    const { clock, hasRoom, send } = this.#parts;
    const now = clock.now();
    const due: AnyEvent[] = [];
    const left: Subject[] = [];
    const room = hasRoom();
    let next = Infinity;
    for (const subject of this.#waiting) {
      // One that was forgotten has nothing any more.
      if (subject.waiting === null) continue;
      if (!room || subject.dueAt > now) {
        left.push(subject);
        next = Math.min(next, subject.dueAt);
        continue;
      }
      due.push(subject.waiting);
      subject.waiting = null;
      subject.beat = Math.max(subject.dueAt, now - subject.everyMs);
    }
    this.#waiting = left;
    if (due.length > 0) send(due);
    this.#arm(next);
  }

  /** Comes back at a time, with all that comes until then. */
  #arm(time: number): void {
    if (time === Infinity) return;
    const { clock, inPage } = this.#parts;
    const now = clock.now();
    const at = Math.max(time, now + (inPage ? GATHER_IN_PAGE_MS : GATHER_MS));
    if (at >= this.#timerAt) return;
    this.#disarm();
    this.#timerAt = at;
    this.#cancel = clock.setTimeout(() => this.#flush(), at - now);
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#timerAt = Infinity;
  }
}

function forget(subjects: Map<string, Subject>, id: string): void {
  const subject = subjects.get(id);
  if (subject !== undefined) subject.waiting = null;
  subjects.delete(id);
}
