import { dispose } from "../contract/dispose.js";
import type { Agent, BodyOf, TaskResult } from "../contract/index.js";
import { ConflictError } from "../errors/conflict-error.js";
import type { TaskHandle, WaitOptions } from "../client/resources/task-handle.js";

/** A task for an agent of a pool: its prompt alone, or what `tasks.assign` takes beside the agent. */
export type PoolTask = string | Omit<BodyOf<"taskAssign">, "agent_id" | "preferred_type">;

/** What an agent of a pool does its work with. */
export interface PooledAgentParts {
  assign(task: BodyOf<"taskAssign">): Promise<TaskHandle>;
  release(): void;
}

/** An agent of a pool in the hands of one caller, until it is released. */
export class PooledAgent {
  /** The agent as it was when it was created. */
  readonly agent: Agent;
  readonly #parts: PooledAgentParts;
  #isReleased = false;

  /** Made by the pool. */
  constructor(agent: Agent, parts: PooledAgentParts) {
    this.agent = agent;
    this.#parts = parts;
  }

  /** The agent's id. */
  get id(): string {
    return this.agent.id;
  }

  /**
   * Gives the agent a task.
   *
   * @throws ConflictError `released` when the agent was given back before; else as `tasks.assign`.
   */
  async assign(task: PoolTask): Promise<TaskHandle> {
    if (this.#isReleased) {
      throw new ConflictError(`Agent ${this.id} was given back to its pool.`, {
        code: "released",
        outcome: "not_sent",
        remediation: "Acquire an agent again.",
      });
    }
    return this.#parts.assign({ ...(typeof task === "string" ? { prompt: task } : task), agent_id: this.id });
  }

  /**
   * Gives the agent a task and waits for its result. When `signal` or `timeoutMs` ends the waiting, the task is cancelled: nobody
   * else knows of it.
   */
  async run(task: PoolTask, options: WaitOptions = {}): Promise<TaskResult> {
    const handle = await this.assign(task);
    try {
      return await handle.result(options);
    } catch (error) {
      // The reason to stop is what the caller wants to hear, not whether the task could be told so.
      await handle.cancel("Its caller does not wait for it any more.").catch(() => undefined);
      throw error;
    }
  }

  /** Gives the agent back; a second time does nothing. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#parts.release();
  }

  [dispose](): void {
    this.release();
  }
}
