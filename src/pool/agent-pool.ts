import { asyncDispose } from "../contract/dispose.js";
import type { Agent, ToldAgentState, CancelTimer, TaskResult } from "../contract/index.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import { ClosedError } from "../errors/closed-error.js";
import { ConflictError, isConflictError } from "../errors/conflict-error.js";
import { isNotFoundError } from "../errors/not-found-error.js";
import { backoff } from "../client/http/backoff.js";
import { assertLive, stopError, stoppable } from "../lifetime.js";
import type { CallOptions } from "../client/http/options.js";
import type { WaitOptions } from "../client/resources/task-handle.js";
import type { PoolSettings } from "./pool-options.js";
import type { PoolParts } from "./pool-parts.js";
import { PooledAgent } from "./pooled-agent.js";
import type { PoolTask } from "./pooled-agent.js";
import { WaitingList } from "./waiting-list.js";

/** How a pool stands. */
export interface PoolStats {
  /** Agents that wait for work. */
  readonly idle: number;
  /** Agents in the hands of a caller. */
  readonly busy: number;
  /** Agents that are being created. */
  readonly creating: number;
  /** Callers in line. */
  readonly waiting: number;
  /** Agents created since the pool began. */
  readonly created: number;
  /** Agents that went away by themselves, or got stuck in an error, and were let go. */
  readonly lost: number;
}

interface Member {
  readonly agent: Agent;
  state: ToldAgentState;
  /** When it was last given back. */
  idleSince: number;
}

/** Milliseconds in which an agent that shows an error may come to itself before it is replaced. */
const RECOVERY_MS = 5_000;

/** Agents that a piece of work is offered to, should each be gone when it is asked. */
const OFFERS = 3;

/**
 * Agents that are used again rather than created and removed for each task. Whoever comes first is served first.
 *
 * @example
 * const pool = await agentvm.pool({ type: "aider", min: 2, max: 20 });
 * const { success, output } = await pool.run({ prompt: "Fix the jump", task_type: "debugging" });
 * await pool.close();
 */
export class AgentPool {
  readonly #settings: PoolSettings;
  readonly #parts: PoolParts;
  readonly #members = new Map<string, Member>();
  /** The ids of those that can be had, the longest unused first. */
  readonly #idle = new Set<string>();
  readonly #line = new WaitingList<Member>();
  readonly #undo: (() => void)[];
  readonly #end = (): void => this.#dismissAll();
  #creating = 0;
  #created = 0;
  #lost = 0;
  #failures = 0;
  #cancelSweep: CancelTimer | null = null;
  #cancelRetry: CancelTimer | null = null;
  #closing: Promise<void> | null = null;
  #whenEmpty: (() => void) | null = null;

  /** Made by `agentvm.pool`. */
  constructor(settings: PoolSettings, parts: PoolParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#undo = [
      parts.on("agent.removed", ({ data }) => this.#lose(data.agent_id)),
      parts.on("agent.state_changed", ({ data }) => this.#heard(data.agent_id, data.state)),
    ];
    parts.lifetime.add(this.#end);
  }

  /** How the pool stands at the moment. */
  get stats(): PoolStats {
    const idle = this.#idle.size;
    return {
      idle,
      busy: this.#members.size - idle,
      creating: this.#creating,
      waiting: this.#line.length,
      created: this.#created,
      lost: this.#lost,
    };
  }

  /** Creates the agents that are kept ready; when one cannot be created, none of them stays. */
  async start(): Promise<this> {
    const many = Array.from({ length: this.#settings.min }, () => this.#create());
    const failed = (await Promise.allSettled(many)).find((one) => one.status === "rejected");
    if (failed === undefined) return this;
    await this.close();
    throw failed.reason;
  }

  /**
   * Gives an agent that nobody else has: one that is ready, else a new one while there are fewer than `max`, else the next that is
   * given back, in the order of calling. Release it when the work is done.
   *
   * @throws ConflictError `pool_full` when too many wait already, CancelledError when `signal` is aborted first, ClosedError after
   * `close()`, and what `agents.create` throws where a new one is needed.
   *
   * @example
   * const worker = await pool.acquire();
   * try {
   *   await worker.run("Fix the jump");
   * } finally {
   *   worker.release();
   * }
   */
  async acquire({ signal }: Pick<CallOptions, "signal"> = {}): Promise<PooledAgent> {
    const { lifetime } = this.#parts;
    assertLive(lifetime, signal, "pool.acquire");
    if (this.#closing !== null) throw closedError();
    const ready = this.#line.length === 0 ? this.#takeIdle() : undefined;
    if (ready !== undefined) return this.#handOut(ready);
    this.#mustHaveRoom();
    const member = stoppable<Member>(
      lifetime,
      signal,
      () => stopError(lifetime, "pool.acquire", "not_sent"),
      (give, refuse) => this.#line.join({ give, refuse }),
    );
    this.#serve();
    return this.#handOut(await member);
  }

  /**
   * Gives a task to an agent of the pool, waits for its result and gives the agent back. An agent that turns out to be gone costs
   * nothing: the task goes to another.
   *
   * @throws what `acquire` and `tasks.assign` throw, and TimeoutError or CancelledError when the waiting ends first; then the task is
   * cancelled.
   */
  async run(task: PoolTask, options: WaitOptions = {}): Promise<TaskResult> {
    for (let offer = 1; ; offer += 1) {
      const worker = await this.acquire(options);
      try {
        return await worker.run(task, options);
      } catch (error) {
        const isGone = isNotFoundError(error) && error.code === "agent_not_found";
        if (isGone) this.#lose(worker.id);
        if (!isGone || offer === OFFERS) throw error;
      } finally {
        worker.release();
      }
    }
  }

  /**
   * Ends the pool: nobody is served any more, who waits gets a ClosedError, and every agent is removed as soon as it is given back.
   * It resolves when all are. Closing the client removes them at once.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#drain());
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  async #drain(): Promise<void> {
    this.#stop(closedError());
    for (const id of [...this.#idle]) this.#dismiss(id);
    if (this.#members.size + this.#creating > 0) await new Promise<void>((done) => (this.#whenEmpty = done));
    this.#parts.lifetime.forget(this.#end);
  }

  #dismissAll(): void {
    this.#stop(closedError());
    for (const id of [...this.#members.keys()]) this.#dismiss(id);
    this.#whenEmpty?.();
  }

  #stop(error: ClosedError): void {
    this.#closing ??= Promise.resolve();
    for (const undo of this.#undo.splice(0)) undo();
    this.#cancelSweep?.();
    this.#cancelRetry?.();
    this.#line.refuseAll(error);
  }

  /** Those for whom an agent is being created do not count as waiting. */
  #mustHaveRoom(): void {
    const { max, maxWaiting } = this.#settings;
    if (this.#line.length < maxWaiting + max - this.#members.size) return;
    throw new ConflictError(
      `The pool's ${max} agents are busy, and ${maxWaiting} callers wait for them already.`,
      {
        code: "pool_full",
        outcome: "not_sent",
        retryable: true,
        remediation: "Try again when some work is done, or raise the pool's max or maxWaiting.",
      },
    );
  }

  /** Gives those in line what there is, and has made what there is too little of. */
  #serve(): void {
    while (this.#line.length > 0) {
      const member = this.#takeIdle();
      if (member === undefined) break;
      this.#line.next()?.give(member);
    }
    if (this.#closing !== null || this.#cancelRetry !== null) return;
    const { min, max } = this.#settings;
    const wanted = Math.max(this.#line.length, min - this.#members.size);
    const room = max - this.#members.size;
    while (this.#creating < Math.min(wanted, room)) {
      this.#create().catch((error: unknown) => this.#notCreated(error));
    }
  }

  /** The one that was used last, so that those which are not needed grow old; none that shows an error. */
  #takeIdle(): Member | undefined {
    let found: Member | undefined;
    for (const id of this.#idle) {
      const member = this.#members.get(id);
      if (member !== undefined && member.state !== "error") found = member;
    }
    if (found !== undefined) this.#idle.delete(found.agent.id);
    return found;
  }

  #handOut(member: Member): PooledAgent {
    return new PooledAgent(member.agent, {
      assign: (task) => this.#parts.assign(task),
      release: () => this.#takeBack(member),
    });
  }

  #takeBack(member: Member): void {
    const { id } = member.agent;
    if (this.#members.get(id) !== member) return;
    if (this.#closing !== null) {
      this.#dismiss(id);
      return;
    }
    this.#rest(member);
    this.#serve();
    this.#sweepLater();
  }

  #rest(member: Member): void {
    member.idleSince = this.#parts.clock.now();
    this.#idle.add(member.agent.id);
  }

  async #create(): Promise<void> {
    this.#creating += 1;
    try {
      const agent = await this.#parts.create(this.#settings.body);
      this.#created += 1;
      this.#failures = 0;
      const member = { agent, state: agent.state, idleSince: 0 };
      this.#members.set(agent.id, member);
      this.#rest(member);
      if (this.#closing !== null) this.#dismiss(agent.id);
    } finally {
      this.#creating -= 1;
      this.#emptied();
    }
    this.#serve();
    this.#sweepLater();
  }

  /** Whoever waits hears of it when nobody is there, or comes, to serve them; it is tried again a while later. */
  #notCreated(error: unknown): void {
    const isHopeless = this.#members.size + this.#creating === 0;
    const isFull = isConflictError(error) && /^(agent_limit_reached|storage_full)$/.test(error.code);
    if (isHopeless && this.#line.length > 0) this.#line.refuseAll(error);
    else if (!isFull && isAgentVMError(error)) this.#parts.report(error);
    if (this.#closing !== null || this.#cancelRetry !== null) return;
    const { clock, random } = this.#parts;
    const delayMs = backoff(this.#failures, random);
    this.#failures += 1;
    this.#cancelRetry = clock.setTimeout(() => {
      this.#cancelRetry = null;
      this.#serve();
    }, delayMs);
  }

  #heard(agentId: string, state: ToldAgentState): void {
    const member = this.#members.get(agentId);
    if (member === undefined) return;
    member.state = state;
    this.#serve();
    this.#sweepLater();
  }

  /** An agent is gone by itself. */
  #lose(agentId: string): void {
    if (!this.#members.delete(agentId)) return;
    this.#idle.delete(agentId);
    this.#lost += 1;
    this.#emptied();
    this.#serve();
  }

  /** Removes an agent; one that is gone already is no trouble. */
  #dismiss(agentId: string): void {
    this.#members.delete(agentId);
    this.#idle.delete(agentId);
    this.#parts.remove(agentId).catch((error: unknown) => {
      if (isAgentVMError(error) && !isNotFoundError(error)) this.#parts.report(error);
    });
    this.#emptied();
  }

  #emptied(): void {
    if (this.#members.size + this.#creating === 0) this.#whenEmpty?.();
  }

  /** Removes those that were unused for too long, and those that stay in their error; then looks again when the next is due. */
  #sweepLater(): void {
    this.#cancelSweep?.();
    this.#cancelSweep = null;
    if (this.#closing !== null) return;
    const { clock } = this.#parts;
    let dueMs = Infinity;
    for (const id of this.#idle) dueMs = Math.min(dueMs, this.#dueMs(id));
    if (dueMs === Infinity) return;
    this.#cancelSweep = clock.setTimeout(() => this.#sweep(), Math.max(0, dueMs - clock.now()));
  }

  #dueMs(agentId: string): number {
    const member = this.#members.get(agentId);
    if (member === undefined) return Infinity;
    if (member.state === "error") return member.idleSince + RECOVERY_MS;
    return this.#members.size > this.#settings.min
      ? member.idleSince + this.#settings.idleTimeoutMs
      : Infinity;
  }

  #sweep(): void {
    const now = this.#parts.clock.now();
    for (const id of [...this.#idle]) {
      if (this.#dueMs(id) > now) continue;
      if (this.#members.get(id)?.state === "error") this.#lost += 1;
      this.#dismiss(id);
    }
    this.#serve();
    this.#sweepLater();
  }
}

function closedError(): ClosedError {
  return new ClosedError("The pool is closed.", {
    code: "closed",
    outcome: "not_sent",
    remediation: "Make another with agentvm.pool().",
  });
}
