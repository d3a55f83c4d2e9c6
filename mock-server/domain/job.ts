import type { Agent, Ask, Fault, Position, Task, Usage } from "../../src/contract/index.js";
import type { WorkState } from "../../src/contract/work-states.js";
import type { Chance, Job, Kept, Outcome } from "../work/work.js";
import type { AgentRecord } from "./agent-record.js";
import { reportChild } from "./children.js";
import type { Core } from "./core.js";
import { checkedOutcome, checkedUsage, keepOutcome } from "./outcome.js";
import { closeQuestion, openQuestion } from "./questions.js";
import { noteWork } from "./note-work.js";
import { setState } from "./set-state.js";
import type { OutputStream } from "./types.js";
import type { TaskRecord } from "./world.js";

/** How a task ends. */
export type Ending =
  | { readonly kind: "completed" }
  | { readonly kind: "failed"; readonly error: Fault }
  | { readonly kind: "cancelled"; readonly reason: string | null };

/** What a report may lead to. */
interface Ways {
  /** Ends a task that is not over. */
  readonly end: (core: Core, record: TaskRecord, ending: Ending) => void;
  /** Removes an agent that has nothing of its own to do. */
  readonly dismiss: (core: Core, record: AgentRecord) => void;
}

type Take<R> = (task: Task, agent: Agent, core: Core, record: TaskRecord) => R;

const NOTHING: Kept = Object.freeze({});

/**
 * The one door through which work comes in: what its worker may do to a task, and to the agent that is seen at it. It keeps nothing
 * itself; the world says whether a report counts.
 */
export class TaskJob implements Job {
  readonly #core: Core;
  readonly #given: TaskRecord;
  readonly #worker: AgentRecord;
  readonly #ways: Ways;

  constructor(core: Core, given: TaskRecord, worker: AgentRecord, ways: Ways) {
    this.#core = core;
    this.#given = given;
    this.#worker = worker;
    this.#ways = ways;
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

  start(state: WorkState): boolean {
    return this.#report("assigned", (task, agent, core) => {
      const { id: task_id, game_id, team_id, prompt, task_type, timeout } = task;
      noteWork(core, task.id, core.work.kindOf(task, agent));
      setState(core, agent, state, task_id);
      const data = { task_id, agent_id: agent.id, team_id, prompt, task_type };
      core.ledger.emit({ type: "task.started", game_id, data });
      core.agenda.schedule("timeout", task_id, core.ledger.now + Math.ceil(timeout * 1_000));
    });
  }

  again(): boolean {
    return this.#report("running", ({ id: task_id, attempt }, _agent, { ledger }) => {
      ledger.note({ type: "attempt.begun", task_id, attempt: attempt + 1 });
    });
  }

  state(state: WorkState): boolean {
    return this.#report("running", ({ id: task_id, question }, agent, core) => {
      if (question !== null) core.ledger.note({ type: "state.deferred", task_id, state });
      else if (agent.state !== state) setState(core, agent, state, task_id);
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

  ask(question: Ask): string | null {
    return this.#take("running", null, (task, agent, core) => openQuestion(core, task, agent, question));
  }

  withdraw(question_id: string): boolean {
    return this.#take("running", false, (task, _agent, core, record) => {
      if (task.question?.question_id !== question_id) return false;
      closeQuestion(core, record, { question_id, choice: null, text: null, by: "worker" });
      return true;
    });
  }

  usage(usage: Usage): boolean {
    return this.#report("running", ({ id: task_id }, _agent, { ledger }) => {
      ledger.note({ type: "usage.counted", task_id, usage: checkedUsage(usage) });
    });
  }

  child(child: string, seen: { readonly name?: string; readonly state: WorkState } | "gone"): string | null {
    const { dismiss } = this.#ways;
    return this.#take("running", null, (task, agent, core) =>
      reportChild(core, task, agent, child, seen, dismiss),
    );
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

  finish(error: Fault | null, outcome?: Outcome): boolean {
    return this.#report("running", (task, _agent, core, record) => {
      if (outcome) keepOutcome(core, task, checkedOutcome(outcome));
      this.#ways.end(core, record, error === null ? { kind: "completed" } : { kind: "failed", error });
    });
  }

  #report(status: "assigned" | "running", take: Take<void>): boolean {
    return this.#take(status, false, (...given) => {
      take(...given);
      return true;
    });
  }

  /** Takes a report where the task is still its agent's and stands so; one that is to begin needs its agent idle. */
  #take<R>(status: "assigned" | "running", otherwise: R, take: Take<R>): R {
    const core = this.#core;
    return core.command(() => {
      const record = core.world.tasks.get(this.task.id);
      const agent = core.world.agents.get(this.agent.id)?.agent;
      if (record?.task.status !== status || record.task.agent_id !== agent?.id) return otherwise;
      if (status === "assigned" && agent.state !== "idle") return otherwise;
      return take(record.task, agent, core, record);
    });
  }
}
