import { positionUpdateSchema } from "../contract/agents.js";
import { DETAIL_BANDS, bandAt, distanceBetween, viewerFrameSchema } from "../contract/detail.js";
import { check, describeProblems } from "../contract/schema/schema.js";
import type { Problem } from "../contract/schema/schema.js";
import type { CancelTimer, Clock, Position, PositionUpdate, Random } from "../contract/index.js";
import { InvalidRequestError } from "../errors/invalid-request-error.js";
import type { AgentVMError } from "../errors/index.js";
import { fullJitter } from "../realtime/backoff.js";
import type { Viewer } from "../realtime/viewer-frames.js";
import { LazyMove } from "./move.js";
import type { Move } from "./move.js";
import type { MoveSequence } from "./move-sequence.js";
import { MovingAgent, isPlace } from "./moving-agent.js";
import { NO_DETAILS, updateOf } from "./position-update.js";
import type { MoveAnswer, MoveDetails, MoveNow } from "./position-update.js";
import type { MovesOptions, MovesSummary } from "./moves-options.js";

/** What is so where the options say nothing. */
export const MOVES_DEFAULTS = { perSecond: 10, threshold: 0.01, perFlush: 250 } as const;

/** Milliseconds between two times at which positions go out over the stream. */
export const STREAM_FLUSH_MS = 33;

/** The same by requests, which count in the server's rate limit. */
export const REQUEST_FLUSH_MS = 500;

/** Milliseconds without a move after which an agent stands still, so that its exact place goes out. */
export const SETTLE_MS = 500;

/** Milliseconds between two looks at an agent whose time has not come: it may stand still by then, or the viewer before it. */
export const LOOK_MS = 100;

/** Agents whose positions are remembered; the one that moved longest ago makes room. */
export const MOVING_AGENTS_MAX = 10_000;

/** Milliseconds for which what was sent may have been lost with its connection. */
const DOUBT_MS = 30_000;

/** What a {@link Mover} works with. */
export interface MoverParts {
  readonly options: MovesOptions;
  readonly clock: Clock;
  readonly random: Random;
  /** Sends over the stream; false when it is not open or not all went out. */
  readonly send: (updates: readonly PositionUpdate[]) => boolean;
  /** Whether the stream carries positions now. */
  readonly isLive: () => boolean;
  /** Tells the server where the viewer is, so that it sends less of what is far. */
  readonly look: (viewer: Viewer | null) => void;
  readonly nextSequence: MoveSequence;
  /** Moves one agent by a call of its own, for somebody who waits for the answer. */
  readonly moveNow: MoveNow;
  /** Sends as a request, and gives the updates that came to nothing. */
  readonly put: (updates: readonly PositionUpdate[]) => Promise<readonly AgentVMError[]>;
  /** Told what went wrong with moves that nobody waits for. */
  readonly report: (error: unknown) => void;
}

/** Gathers the moves of a game's agents, and sends each agent's newest place as often as that is worth something. */
export class Mover {
  readonly #parts: MoverParts;
  readonly #everyMs: number;
  readonly #threshold: number;
  readonly #perFlush: number;
  readonly #agents = new Map<string, MovingAgent>();
  readonly #waiting = new Set<MovingAgent>();
  readonly #counts = { calls: 0, sent: 0, merged: 0, skipped: 0, failed: 0, messages: 0 };
  #viewer: Viewer | null = null;
  #timer: CancelTimer | null = null;
  #flushedAt = -Infinity;
  #notBefore = -Infinity;
  #failures = 0;
  #isPutting = false;
  #isOver = false;

  constructor(parts: MoverParts) {
    const { perSecond = MOVES_DEFAULTS.perSecond, threshold = MOVES_DEFAULTS.threshold } = parts.options;
    const { perFlush = MOVES_DEFAULTS.perFlush } = parts.options;
    this.#parts = parts;
    this.#everyMs = 1_000 / perSecond;
    this.#threshold = threshold;
    this.#perFlush = perFlush;
  }

  get summary(): MovesSummary {
    return { ...this.#counts, waiting: this.#waiting.size, held: this.#agents.size };
  }

  /** Takes where an agent is now. */
  move(agentId: string, position: Position, details: MoveDetails): Move<MoveAnswer> {
    this.#counts.calls += 1;
    const agent = this.#agents.get(agentId);
    // The schema is asked for what is seen the first time; a place is looked at each time, and costs less.
    if (agent === undefined || details !== NO_DETAILS || !isPlace(position)) {
      return this.#moveChecked(agent, updateOf(agentId, position, details), details);
    }
    if (this.#goes(agent, position, details)) agent.take(position, details);
    return agent.move;
  }

  /** Sends an agent's newest place by a call of its own; undefined for an agent that never moved. */
  ask(agentId: string): Promise<MoveAnswer> | undefined {
    return this.#agents.get(agentId)?.ask();
  }

  /** Takes where the game is looked at from; null for nowhere. One that is none is told of, and the last one stays. */
  setViewer(viewer: Viewer | null): void {
    if (viewer !== null && !this.#isViewer(viewer)) return;
    this.#viewer = viewer;
    this.#parts.look(viewer);
    if (this.#waiting.size > 0) this.#arm();
  }

  /** Lets go of an agent: it was removed, or its next move goes another way. */
  forget(agentId: string): void {
    const agent = this.#agents.get(agentId);
    if (agent === undefined) return;
    this.#agents.delete(agentId);
    this.#rest(agent);
  }

  /** The stream was lost: what went out last may not have arrived, and goes out again. */
  doubt(): void {
    const since = this.#parts.clock.now() - DOUBT_MS;
    for (const agent of this.#agents.values()) if (agent.doubt(since)) this.#wait(agent);
  }

  /** Sends all that waits, however near its time is. */
  async flush(): Promise<void> {
    while (this.#waiting.size > 0 && !this.#isOver) {
      const before = this.#waiting.size;
      await this.#flush(true);
      if (this.#waiting.size >= before) return;
    }
  }

  close(): void {
    this.#isOver = true;
    this.#timer?.();
    this.#agents.clear();
    this.#waiting.clear();
  }

  #moveChecked(
    known: MovingAgent | undefined,
    update: PositionUpdate,
    details: MoveDetails,
  ): Move<MoveAnswer> {
    if (!this.#fits(update)) {
      // One who awaits it all the same hears what the server says of it.
      return new LazyMove({ version: 0, ask: () => this.#parts.moveNow(update) });
    }
    if (known === undefined) return this.#add(update, details).move;
    if (this.#goes(known, update.position, details)) known.take(update.position, details);
    return known.move;
  }

  /** Whether a move leads anywhere; the agent waits then for its time to be told of. */
  #goes(agent: MovingAgent, position: Position, { scene_id }: MoveDetails): boolean {
    if (agent.waits) {
      this.#counts.merged += 1;
    } else if (agent.isAt(position, scene_id)) {
      this.#counts.skipped += 1;
      return false;
    } else {
      this.#wait(agent);
    }
    return true;
  }

  #wait(agent: MovingAgent): void {
    agent.waits = true;
    this.#waiting.add(agent);
    this.#arm();
  }

  #rest(agent: MovingAgent): void {
    agent.waits = false;
    this.#waiting.delete(agent);
  }

  #add(update: PositionUpdate, details: MoveDetails): MovingAgent {
    if (this.#agents.size >= MOVING_AGENTS_MAX) {
      const [oldest] = this.#agents.keys();
      if (oldest !== undefined) this.forget(oldest);
    }
    const agent = new MovingAgent(update, details, this.#parts.random(), this.#parts.moveNow);
    this.#agents.set(agent.id, agent);
    this.#wait(agent);
    return agent;
  }

  #fits(update: PositionUpdate): boolean {
    const checked = check(positionUpdateSchema, update, "move");
    if (checked.ok) return true;
    this.#counts.failed += 1;
    this.#refuse("agents.move", checked.problems);
    return false;
  }

  #isViewer({ position, bands }: Viewer): boolean {
    const checked = check(viewerFrameSchema, { type: "viewer", position, bands }, "viewer");
    if (!checked.ok) this.#refuse("agents.setViewer", checked.problems);
    return checked.ok;
  }

  #refuse(call: string, problems: readonly Problem[]): void {
    this.#parts.report(
      new InvalidRequestError(`${call}: ${describeProblems(problems)}. Nothing was sent.`, {
        code: "invalid_request",
        outcome: "not_sent",
        remediation: `Correct what is passed to ${call}().`,
        detail: problems,
      }),
    );
  }

  #arm(): void {
    // What is under way arms it again when it is done.
    if (this.#timer !== null || this.#isPutting || this.#isOver || this.#waiting.size === 0) return;
    const { clock, isLive } = this.#parts;
    const pauseMs = isLive() ? STREAM_FLUSH_MS : REQUEST_FLUSH_MS;
    const at = Math.max(this.#flushedAt + pauseMs, this.#notBefore);
    this.#timer = clock.setTimeout(
      () => {
        this.#timer = null;
        void this.#flush(false).then(() => this.#arm());
      },
      Math.max(0, at - clock.now()),
    );
  }

  async #flush(all: boolean): Promise<void> {
    if (this.#isPutting) return;
    const { clock, isLive } = this.#parts;
    const now = clock.now();
    this.#flushedAt = now;
    const due: MovingAgent[] = [];
    for (const agent of this.#waiting) {
      if (!all && (agent.lookAt > now || !this.#isDue(agent, now))) continue;
      if (agent.hasCome()) {
        this.#counts.skipped += 1;
        this.#rest(agent);
        continue;
      }
      due.push(agent);
      if (due.length >= this.#perFlush) break;
    }
    if (due.length === 0) return;
    if (isLive()) this.#send(due, now);
    else await this.#put(due, now);
  }

  #isDue(agent: MovingAgent, now: number): boolean {
    const settled = agent.restedFor(now) >= SETTLE_MS;
    const everyMs = this.#viewer === null ? this.#everyMs : this.#everyMsFrom(this.#viewer, agent);
    // What is beyond all bands is seen by nobody here; where it stays, others have to know all the same.
    const dueAt = everyMs === undefined ? (settled ? now : Infinity) : agent.dueAt(everyMs);
    if (dueAt <= now && (settled || agent.distance >= this.#threshold)) return true;
    agent.lookAt = Math.min(now + LOOK_MS, Math.max(dueAt, now));
    return false;
  }

  /** Milliseconds between two times at which an agent is told of; undefined beyond all bands. */
  #everyMsFrom({ position, bands = DETAIL_BANDS }: Viewer, agent: MovingAgent): number | undefined {
    agent.band = bandAt(bands, distanceBetween(position, agent), agent.band);
    return bands[agent.band]?.every_ms;
  }

  #send(due: readonly MovingAgent[], now: number): void {
    if (!this.#parts.send(this.#updatesOf(due))) return;
    this.#counts.messages += 1;
    this.#counts.sent += due.length;
    this.#tell(due, now);
  }

  #updatesOf(due: readonly MovingAgent[]): PositionUpdate[] {
    const sequence = this.#parts.nextSequence();
    return due.map((agent) => agent.updateWith(sequence));
  }

  #tell(due: readonly MovingAgent[], now: number): void {
    for (const agent of due) {
      agent.tell(now);
      this.#rest(agent);
    }
  }

  /** One request at a time: a newer one never overtakes an older one. */
  async #put(due: readonly MovingAgent[], now: number): Promise<void> {
    this.#isPutting = true;
    const updates = this.#updatesOf(due);
    this.#tell(due, now);
    try {
      const failed = await this.#parts.put(updates);
      this.#counts.messages += 1;
      this.#counts.sent += due.length - failed.length;
      this.#counts.failed += failed.length;
      this.#failures = 0;
      for (const error of failed) this.#parts.report(error);
    } catch (error) {
      if (this.#isOver) return;
      this.#parts.report(error);
      this.#notBefore = this.#parts.clock.now() + fullJitter(this.#failures++, this.#parts.random());
      // What has moved on meanwhile is newer than what was lost.
      for (const agent of due)
        if (this.#agents.get(agent.id) === agent && agent.doubt(now)) this.#wait(agent);
    } finally {
      this.#isPutting = false;
    }
  }
}
