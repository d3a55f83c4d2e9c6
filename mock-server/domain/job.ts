import type { Agent, AgentState, Fault, Position, Task } from "../../src/contract/index.js";
import type { Chance, Job, Kept, WorkingState } from "../work/work.js";
import type { AgentRecord } from "./agent-record.js";
import type { Core } from "./core.js";
import type { OutputStream } from "./types.js";
import type { TaskRecord } from "./world.js";

/** How a task ends. */
export type Ending =
  | { readonly kind: "completed" }
  | { readonly kind: "failed"; readonly error: Fault }
  | { readonly kind: "cancelled"; readonly reason: string | null };

/** Ends a task that is not over. */
type End = (core: Core, record: TaskRecord, ending: Ending) => void;

const NOTHING: Kept = Object.freeze({});

/**
 * The one door through which work comes in: what its worker may do to a task, and to the agent that is seen at it. It keeps nothing
 * itself; the world says whether a report counts.
 */
export class TaskJob implements Job {
  readonly #core: Core;
  readonly #given: TaskRecord;
  readonly #worker: AgentRecord;
  readonly #end: End;

  constructor(core: Core, given: TaskRecord, worker: AgentRecord, end: End) {
    this.#core = core;
    this.#given = given;
    this.#worker = worker;
    this.#end = end;
  }

  get task(): Task {
    return this.#given.task;
  }

  get agent(): Agent {
    return this.#worker.agent;
  }

  get kept(): Kept {
    return this.#core.world.work.get(this.task.id) ?? NOTHING;
  }

  /** Agents share when there are more of them than workspaces. */
  desk(): Position | null {
    const { scene_id, game_id } = this.agent;
    if (scene_id === null || game_id === null) return null;
    const desks = this.#core.world.scenes.get(game_id)?.get(scene_id)?.body.workspaces ?? [];
    return desks[this.#worker.ordinal % desks.length]?.position ?? null;
  }

  chance(): Chance {
    return this.#core.random.fork(`work:${this.task.id}`);
  }

  start(state: WorkingState): boolean {
    return this.#report("assigned", (task, agent, core) => {
      const { id: task_id, game_id, team_id, prompt, task_type, timeout } = task;
      setState(core, agent, state, task_id);
      const data = { task_id, agent_id: agent.id, team_id, prompt, task_type };
      core.ledger.emit({ type: "task.started", game_id, data });
      core.agenda.schedule("timeout", task_id, core.ledger.now + Math.ceil(timeout * 1_000));
    });
  }

  state(state: WorkingState): boolean {
    return this.#report("running", ({ id }, agent, core) => {
      if (agent.state !== state) setState(core, agent, state, id);
    });
  }

  place(position: Position): boolean {
    return this.#report("running", (_task, { id: agent_id, game_id, scene_id }, { ledger }) => {
      const data = { agent_id, position: Object.freeze(position), scene_id, sequence: null };
      ledger.emit({ type: "agent.moved", game_id, data });
    });
  }

  progress(share: number | null, message: string): boolean {
    return this.#report("running", ({ id: task_id, game_id, progress }, { id: agent_id }, { ledger }) => {
      const data = { task_id, agent_id, progress: share ?? progress, message };
      ledger.emit({ type: "task.progress", game_id, data });
    });
  }

  write(text: string, stream: OutputStream = "stdout"): boolean {
    return this.#report("running", ({ id: task_id }, _agent, { ledger }) => {
      ledger.note({ type: "output.written", task_id, stream, text });
    });
  }

  keep(kept: Kept): boolean {
    return this.#report("running", ({ id: task_id }, _agent, { ledger }) => {
      ledger.note({ type: "work.kept", task_id, kept });
    });
  }

  wake(afterMs: number): boolean {
    return this.#report("running", ({ id }, _agent, { agenda, ledger }) => {
      agenda.schedule("work", id, ledger.now + afterMs);
    });
  }

  finish(error: Fault | null): boolean {
    return this.#report("running", (_task, _agent, core, record) => {
      this.#end(core, record, error === null ? { kind: "completed" } : { kind: "failed", error });
    });
  }

  /** Takes a report where the task is still its agent's and stands so; one that is to begin needs its agent idle. */
  #report(
    status: "assigned" | "running",
    take: (task: Task, agent: Agent, core: Core, record: TaskRecord) => void,
  ): boolean {
    const core = this.#core;
    return core.command(() => {
      const record = core.world.tasks.get(this.task.id);
      const agent = core.world.agents.get(this.agent.id)?.agent;
      if (record?.task.status !== status || record.task.agent_id !== agent?.id) return false;
      if (status === "assigned" && agent.state !== "idle") return false;
      take(record.task, agent, core, record);
      return true;
    });
  }
}

/** Tells what an agent is seen doing from now on. */
export function setState(core: Core, agent: Agent, state: AgentState, taskId: string | null): void {
  core.ledger.emit({
    type: "agent.state_changed",
    game_id: agent.game_id,
    data: { agent_id: agent.id, state, previous_state: agent.state, task_id: taskId },
  });
}
