import { positionUpdateSchema } from "../contract/agents.js";
import { isCoordinate } from "../contract/primitives.js";
import { viewerFrameSchema } from "../contract/detail.js";
import { check, describeProblems } from "../contract/schema.js";
import type { Problem } from "../contract/schema.js";
import type { CancelTimer, Position, PositionsResult, PositionUpdate } from "../contract/index.js";
import type { AgentVMError } from "../errors/agentvm-error.js";
import { InvalidRequestError } from "../errors/invalid-request-error.js";
import { fullJitter } from "../client/stream/backoff.js";
import { isSameViewer } from "../client/stream/viewer.js";
import type { Viewer } from "../client/stream/viewer.js";
import { AgentRows } from "./agent-rows.js";
import { REQUEST_FLUSH_MS, STREAM_FLUSH_MS, STREAM_LATE_MS } from "./flush-times.js";
import { Flights } from "./flights.js";
import type { Flight } from "./flights.js";
import type { MoverParts } from "./mover-parts.js";
import type { MovesSummary } from "./moves-options.js";
import { isPlace } from "./moving-agent.js";
import type { MovingAgent } from "./moving-agent.js";
import { failedMove } from "./owed.js";
import { NO_DETAILS, updateOf } from "./position-update.js";
import type { MoveAnswer, MoveDetails } from "./position-update.js";
import { steadyTime } from "./steady-clock.js";
import { WaitingAgents } from "./waiting-agents.js";

/** What is so where the options say nothing. */
export const MOVES_DEFAULTS = { perSecond: 10, threshold: 0.01, perFlush: 250 } as const;

/** Agents whose positions are remembered; the one that moved longest ago makes room. */
export const MOVING_AGENTS_MAX = 10_000;

/** Gathers the moves of a game's agents, and sends each agent's newest place as often as that is worth something. */
export class Mover {
  readonly #parts: MoverParts;
  readonly #perFlush: number;
  readonly #now: () => number;
  readonly #agents = new AgentRows();
  readonly #waiting: WaitingAgents;
  readonly #flights: Flights;
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

  constructor(parts: MoverParts) {
    const { perSecond = MOVES_DEFAULTS.perSecond, threshold = MOVES_DEFAULTS.threshold } = parts.options;
    const { perFlush = MOVES_DEFAULTS.perFlush } = parts.options;
    this.#parts = parts;
    this.#perFlush = perFlush;
    this.#now = steadyTime(parts.clock);
    this.#waiting = new WaitingAgents(this.#agents, { everyMs: 1_000 / perSecond, threshold }, (agent) => {
      this.#counts.skipped += 1;
      agent.come();
    });
    const [agents, waiting] = [this.#agents, this.#waiting];
    this.#flights = new Flights({ ...parts, agents, waiting, wait: (agent) => this.#wait(agent) });
  }

  get summary(): MovesSummary {
    return { ...this.#counts, waiting: this.#waiting.size, held: this.#agents.size };
  }

  /**
   * Takes where an agent is now, and gives the answer of the message that will carry this place or a newer one: the same promise until
   * that message goes out.
   */
  move(agentId: string, position: Position, details: MoveDetails): Promise<MoveAnswer> {
    this.#counts.calls += 1;
    const row = this.#agents.find(agentId);
    const agent = this.#agents.in(row);
    // The schema is asked for what is seen the first time; a place is looked at each time, and costs less.
    if (agent === undefined || details !== NO_DETAILS || !isPlace(position)) {
      return this.#moveChecked(agent, updateOf(agentId, position, details), details);
    }
    this.#place(agent, position, false);
    return this.#agents.answerIn(row) ?? this.#agents.owe(agent);
  }

  /** Takes where the game is looked at from; null for nowhere. One that is none is told of, and the last one stays. */
  setViewer(viewer: Viewer | null): void {
    // A game says it in every frame, and most viewers stand.
    if (viewer !== null && (isSameViewer(viewer, this.#waiting.viewer) || !this.#isViewer(viewer))) return;
    this.#waiting.viewer = viewer;
    this.#parts.look(viewer);
    this.#arm();
  }

  /** Lets go of an agent: it was removed, or its next move goes another way. Moves that wait are answered with what is given. */
  forget(agentId: string, answer: () => Promise<MoveAnswer>): void {
    const agent = this.#agents.get(agentId);
    if (agent === undefined) return;
    agent.takeOwed()?.follow(answer());
    this.#waiting.remove(agent);
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
    for (const agent of [...this.#agents]) {
      agent.takeOwed()?.fail(this.#parts.stopped("not_sent"));
      this.#waiting.remove(agent);
    }
  }

  #moveChecked(
    known: MovingAgent | undefined,
    update: PositionUpdate,
    details: MoveDetails,
  ): Promise<MoveAnswer> {
    if (this.#isOver) return failedMove(this.#parts.stopped("not_sent"));
    const checked = check(positionUpdateSchema, update, "body");
    if (!checked.ok) {
      this.#counts.failed += 1;
      return failedMove(this.#refuse("agents.move", checked.problems));
    }
    const agent = known ?? this.#add(update, details);
    if (agent === known && this.#place(agent, update.position, !agent.isIn(details.scene_id)))
      agent.take(details);
    return this.#agents.answerIn(agent.row) ?? this.#agents.owe(agent);
  }

  /** Puts an agent where it is now, and lets it wait for its time to be told of; false where it was there already. */
  #place(agent: MovingAgent, position: Position, isNews: boolean): boolean {
    const { rows } = this.#agents;
    const { row } = agent;
    if (rows.waits(row)) {
      this.#counts.merged += 1;
    } else if (!isNews && rows.isAt(row, position)) {
      this.#counts.skipped += 1;
      return false;
    } else {
      this.#wait(agent);
    }
    rows.put(row, position);
    return true;
  }

  #wait(agent: MovingAgent): void {
    this.#waiting.add(agent.row);
    void this.#agents.owe(agent);
    if (!this.#isSoon) this.#flushSoon();
  }

  #add(update: PositionUpdate, details: MoveDetails): MovingAgent {
    const { oldest } = this.#agents;
    if (oldest !== undefined && this.#agents.size >= MOVING_AGENTS_MAX) this.#leaveOut(oldest);
    const agent = this.#agents.add(update, details, this.#parts.random());
    this.#wait(agent);
    return agent;
  }

  /** Makes room. Where the agent waits, its move goes nowhere. */
  #leaveOut(agent: MovingAgent): void {
    const owed = agent.takeOwed();
    if (owed !== null) {
      this.#counts.failed += 1;
      const error = new InvalidRequestError(
        `agents.move: more than ${MOVING_AGENTS_MAX} agents wait to be told of. Nothing was sent of '${agent.id}'.`,
        { code: "too_many_agents", outcome: "not_sent", remediation: "Move fewer agents at the same time." },
      );
      owed.fail(error);
    }
    this.#waiting.remove(agent);
  }

  #isViewer({ position, bands }: Viewer): boolean {
    // Bands that were good are not looked at again. Not `isPlace`, which is for the game's own vectors.
    const isKnown = bands === this.#waiting.viewer?.bands;
    if (isKnown && [position.x, position.y, position.z].every(isCoordinate)) return true;
    const checked = check(viewerFrameSchema, { type: "viewer", position, bands }, "viewer");
    if (!checked.ok) this.#refuse("agents.setViewer", checked.problems);
    return checked.ok;
  }

  #refuse(call: string, problems: readonly Problem[]): AgentVMError {
    const error = new InvalidRequestError(`${call}: ${describeProblems(problems)}. Nothing was sent.`, {
      code: "invalid_request",
      outcome: "not_sent",
      remediation: `Correct what is passed to ${call}().`,
      detail: problems,
    });
    this.#parts.report(error);
    return error;
  }

  #arm(): void {
    // What is under way arms it again when it is done.
    if (this.#timer !== null || this.#isSoon || this.#isPutting || this.#isOver || this.#waiting.size === 0)
      return;
    const { clock, isLive } = this.#parts;
    const at = Math.max(this.#flushedAt + (isLive() ? STREAM_LATE_MS : REQUEST_FLUSH_MS), this.#notBefore);
    this.#timer = clock.setTimeout(this.#onTime, Math.max(0, at - this.#now()));
  }

  /** Flushes at the end of the frame that moves agents, while all that is told of them is at hand; later it would have to be found again. */
  #flushSoon(): void {
    const everyMs = this.#parts.isLive() ? STREAM_FLUSH_MS : REQUEST_FLUSH_MS;
    const isTime = this.#now() >= Math.max(this.#flushedAt + everyMs, this.#notBefore);
    if (!isTime || this.#isPutting || this.#isOver) {
      this.#arm();
      return;
    }
    this.#isSoon = true;
    queueMicrotask(this.#onEnd);
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
    const now = this.#now();
    this.#flushedAt = now;
    const due = this.#waiting.take(all ? null : now, this.#perFlush);
    if (due.length === 0) return null;
    const flight = this.#flights.make(due, this.#parts.numbers.next(), now);
    if (!this.#parts.isLive()) return this.#put(flight);
    this.#send(flight);
    return null;
  }

  #send(flight: Flight): void {
    if (!this.#parts.send(flight.updates, (outcome) => this.#landed(flight, outcome))) {
      this.#waiting.putBack(flight.agents);
      return;
    }
    this.#counts.messages += 1;
    this.#counts.sent += flight.agents.length;
    this.#tell(flight);
  }

  /** What became of a message of the stream. */
  #landed(flight: Flight, outcome: PositionsResult | Error | null): void {
    if (this.#isOver) for (const owed of flight.owed) owed.fail(this.#parts.stopped("unknown"));
    else if (outcome === null) this.#flights.lose(flight);
    else if (outcome instanceof Error) this.#fail(flight, outcome);
    else this.#land(flight, outcome);
  }

  #land(flight: Flight, result: PositionsResult): void {
    const refused = this.#flights.land(flight, result);
    this.#counts.sent -= refused;
    this.#counts.failed += refused;
    this.#failures = 0;
  }

  #fail(flight: Flight, error: Error): void {
    this.#notBefore = this.#now() + fullJitter(this.#failures++, this.#parts.random());
    this.#flights.fail(flight, error);
  }

  #tell({ agents, at }: Flight): void {
    for (const agent of agents) {
      agent.tell(at);
      this.#waiting.rest(agent.row);
    }
  }

  /** One request at a time: a newer one never overtakes an older one. */
  async #put(flight: Flight): Promise<void> {
    this.#isPutting = true;
    this.#tell(flight);
    try {
      const result = await this.#parts.put(flight.updates);
      this.#counts.messages += 1;
      this.#counts.sent += flight.agents.length;
      this.#land(flight, result);
    } catch (error) {
      const known = error instanceof Error ? error : this.#parts.stopped("unknown");
      if (this.#isOver) for (const owed of flight.owed) owed.fail(known);
      else this.#fail(flight, known);
    } finally {
      this.#isPutting = false;
    }
  }
}
