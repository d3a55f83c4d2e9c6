import { positionUpdateSchema } from "../contract/agents.js";
import { isCoordinate } from "../contract/primitives.js";
import { viewerFrameSchema } from "../contract/detail.js";
import { check, describeProblems } from "../contract/schema/schema.js";
import type { Problem } from "../contract/schema/schema.js";
import type { CancelTimer, Position, PositionUpdate } from "../contract/index.js";
import { InvalidRequestError } from "../errors/invalid-request-error.js";
import { fullJitter } from "../realtime/backoff.js";
import { isSameViewer } from "../realtime/viewer.js";
import type { Viewer } from "../realtime/viewer.js";
import { Crowd } from "./crowd.js";
import { REQUEST_FLUSH_MS, STREAM_FLUSH_MS, STREAM_LATE_MS } from "./flush-times.js";
import { LazyMove } from "./move.js";
import type { Move } from "./move.js";
import type { MoverParts } from "./mover-parts.js";
import type { MovesSummary } from "./moves-options.js";
import { isPlace } from "./moving-agent.js";
import type { MovingAgent } from "./moving-agent.js";
import { NO_DETAILS, updateOf } from "./position-update.js";
import type { MoveAnswer, MoveDetails } from "./position-update.js";
import { WaitingAgents } from "./waiting-agents.js";

/** What is so where the options say nothing. */
export const MOVES_DEFAULTS = { perSecond: 10, threshold: 0.01, perFlush: 250 } as const;

/** Agents whose positions are remembered; the one that moved longest ago makes room. */
export const MOVING_AGENTS_MAX = 10_000;

/** Milliseconds for which what was sent may have been lost with its connection. */
const DOUBT_MS = 30_000;

/** Gathers the moves of a game's agents, and sends each agent's newest place as often as that is worth something. */
export class Mover {
  readonly #parts: MoverParts;
  readonly #perFlush: number;
  readonly #agents: Crowd;
  readonly #waiting: WaitingAgents;
  readonly #counts = { calls: 0, sent: 0, merged: 0, skipped: 0, failed: 0, messages: 0 };
  #timer: CancelTimer | null = null;
  /** Whether a flush comes at the end of this turn. */
  #isSoon = false;
  #flushedAt = -Infinity;
  #notBefore = -Infinity;
  #failures = 0;
  #isPutting = false;
  #isOver = false;
  // Made once, not with every frame.
  readonly #onTime = (): void => this.#flushNow();
  readonly #onEnd = (): void => {
    this.#isSoon = false;
    if (!this.#isOver) this.#flushNow();
  };
  readonly #nearEnd = (): void => queueMicrotask(this.#onEnd);

  constructor(parts: MoverParts) {
    const { perSecond = MOVES_DEFAULTS.perSecond, threshold = MOVES_DEFAULTS.threshold } = parts.options;
    const { perFlush = MOVES_DEFAULTS.perFlush } = parts.options;
    this.#parts = parts;
    this.#perFlush = perFlush;
    this.#agents = new Crowd(parts.moveNow);
    this.#waiting = new WaitingAgents(this.#agents, { everyMs: 1_000 / perSecond, threshold }, () => {
      this.#counts.skipped += 1;
    });
  }

  get summary(): MovesSummary {
    return { ...this.#counts, waiting: this.#waiting.size, held: this.#agents.size };
  }

  /** Takes where an agent is now. */
  move(agentId: string, position: Position, details: MoveDetails): Move<MoveAnswer> {
    this.#counts.calls += 1;
    const row = this.#agents.find(agentId);
    const move = this.#agents.moveIn(row);
    // The schema is asked for what is seen the first time; a place is looked at each time, and costs less.
    if (move === undefined || details !== NO_DETAILS || !isPlace(position)) {
      return this.#moveChecked(this.#agents.in(row), updateOf(agentId, position, details), details);
    }
    this.#place(row, position, false);
    return move;
  }

  /** Sends an agent's newest place by a call of its own; undefined for an agent that never moved. */
  ask(agentId: string): Promise<MoveAnswer> | undefined {
    return this.#agents.get(agentId)?.ask();
  }

  /** Takes where the game is looked at from; null for nowhere. One that is none is told of, and the last one stays. */
  setViewer(viewer: Viewer | null): void {
    // A game says it in every frame, and most viewers stand.
    if (viewer !== null && (isSameViewer(viewer, this.#waiting.viewer) || !this.#isViewer(viewer))) return;
    this.#waiting.viewer = viewer;
    this.#parts.look(viewer);
    this.#arm();
  }

  /** Lets go of an agent: it was removed, or its next move goes another way. */
  forget(agentId: string): void {
    const agent = this.#agents.get(agentId);
    if (agent !== undefined) this.#waiting.remove(agent);
  }

  /** The stream was lost: what went out last may not have arrived, and goes out again. */
  doubt(): void {
    const since = this.#parts.clock.now() - DOUBT_MS;
    for (const agent of this.#agents) if (agent.doubt(since)) this.#wait(agent.row);
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
    for (const agent of [...this.#agents]) this.#waiting.remove(agent);
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
    if (this.#place(known.row, update.position, !known.isIn(details.scene_id))) known.take(details);
    return known.move;
  }

  /** Puts an agent where it is now, and lets it wait for its time to be told of; false where it was there already. */
  #place(row: number, position: Position, isNews: boolean): boolean {
    const { rows } = this.#agents;
    if (rows.waits(row)) {
      this.#counts.merged += 1;
    } else if (!isNews && rows.isAt(row, position)) {
      this.#counts.skipped += 1;
      return false;
    } else {
      this.#wait(row);
    }
    rows.put(row, position);
    return true;
  }

  #wait(row: number): void {
    this.#waiting.add(row);
    if (!this.#isSoon) this.#flushSoon();
  }

  #add(update: PositionUpdate, details: MoveDetails): MovingAgent {
    const { oldest } = this.#agents;
    if (oldest !== undefined && this.#agents.size >= MOVING_AGENTS_MAX) this.#waiting.remove(oldest);
    const agent = this.#agents.add(update, details, this.#parts.random());
    this.#wait(agent.row);
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
    // Bands that were good are not looked at again. Not `isPlace`, which is for the game's own vectors.
    const isKnown = bands === this.#waiting.viewer?.bands;
    if (isKnown && [position.x, position.y, position.z].every(isCoordinate)) return true;
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
    if (this.#timer !== null || this.#isSoon || this.#isPutting || this.#isOver || this.#waiting.size === 0)
      return;
    const { clock, isLive } = this.#parts;
    const at = Math.max(this.#flushedAt + (isLive() ? STREAM_LATE_MS : REQUEST_FLUSH_MS), this.#notBefore);
    this.#timer = clock.setTimeout(this.#onTime, Math.max(0, at - clock.now()));
  }

  /** Flushes at the end of the frame that moves agents, while all that is told of them is at hand; later it would have to be found again. */
  #flushSoon(): void {
    const { clock, isLive } = this.#parts;
    const isTime = clock.now() >= Math.max(this.#flushedAt + STREAM_FLUSH_MS, this.#notBefore);
    if (!isTime || this.#isPutting || this.#isOver || !isLive()) {
      this.#arm();
      return;
    }
    this.#isSoon = true;
    // One microtask later than the next: who awaits a move asks for it in that, and it does not go out twice.
    queueMicrotask(this.#nearEnd);
  }

  #flushNow(): void {
    this.#timer?.();
    this.#timer = null;
    const putting = this.#flush(false);
    if (putting === null) this.#arm();
    else void putting.then(() => this.#arm());
  }

  /** Sends what is due, or all. Gives when that is done where it takes a request, and null where it is done. */
  #flush(all: boolean): Promise<void> | null {
    if (this.#isPutting) return null;
    const { clock, isLive } = this.#parts;
    const now = clock.now();
    this.#flushedAt = now;
    const due = this.#waiting.take(all ? null : now, this.#perFlush);
    if (due.length === 0) return null;
    if (!isLive()) return this.#put(due, now);
    this.#send(due, now);
    return null;
  }

  #send(due: readonly MovingAgent[], now: number): void {
    if (!this.#parts.send(this.#updatesOf(due))) {
      this.#waiting.putBack(due);
      return;
    }
    this.#counts.messages += 1;
    this.#counts.sent += due.length;
    this.#tell(due, now);
  }

  #updatesOf(due: readonly MovingAgent[]): PositionUpdate[] {
    const sequence = this.#parts.numbers.next();
    return due.map((agent) => agent.updateWith(sequence));
  }

  #tell(due: readonly MovingAgent[], now: number): void {
    for (const agent of due) {
      agent.tell(now);
      this.#waiting.rest(agent.row);
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
        if (this.#agents.get(agent.id) === agent && agent.doubt(now)) this.#wait(agent.row);
    } finally {
      this.#isPutting = false;
    }
  }
}
