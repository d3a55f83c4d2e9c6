import { expect } from "vitest";
import { isTaskEnding } from "../../src/contract/tasks.js";
import { WORKER_LOST } from "../../src/contract/worker.js";
import type { AnyEvent, TaskResult } from "../../src/contract/index.js";
import { workerCalls } from "../../mock-server/domain/workers.js";
import type { WorkerCalls } from "../../mock-server/domain/workers.js";
import type { TestBackend } from "../../mock-server/testing.js";
import { all } from "../domain/support.js";

/** Who says something in which attempt, as it stands in all that workers say here: `ann:2:7` is the seventh report of Ann's second attempt. */
export function signed(name: string, attempt: number, number: number | "end"): string {
  return `${name}:${attempt}:${number}`;
}

/** What is known of a task from its events alone. */
interface Seen {
  /** How often the work on it was begun. */
  begun: number;
  result: TaskResult | null;
  /** Whether somebody that was asked has said that a review of it is done. */
  done: boolean;
}

/** Listens to a backend whose tasks are done by workers, and fails where it tells what must not be, through restarts too. */
export class WorkerWatch {
  readonly tasks = new Map<string, Seen>();
  /** The names of workers, by their ids. */
  readonly names = new Map<string, string>();
  /** What was wrong in what was told: a listener that throws is not heard. */
  readonly #wrong: string[] = [];
  readonly #backend: TestBackend;
  readonly #attempts: number;
  #calls: WorkerCalls;

  constructor(backend: TestBackend, attempts: number) {
    this.#backend = backend;
    this.#attempts = attempts;
    this.#calls = this.listen();
  }

  /** Hears the run of the backend that began now. */
  listen(): WorkerCalls {
    const { engine } = this.#backend;
    engine.log.subscribe((event) => {
      const wrong = this.#hear(event);
      if (wrong !== null) this.#wrong.push(`${event.seq} ${event.type}: ${wrong}`);
    });
    return (this.#calls = engine.extend(workerCalls));
  }

  get open(): string[] {
    return [...this.tasks].flatMap(([id, { result }]) => (result === null ? [id] : []));
  }

  knows(workerId: string): boolean {
    return this.#calls.list().some(({ worker_id }) => worker_id === workerId);
  }

  /** Looks at all agents, tasks and workers as they are now. */
  look(): void {
    if (this.#wrong.length > 0) throw new Error(this.#wrong.join("\n"));
    const { agents, tasks } = this.#backend.engine;
    const held = new Map<string, number>();
    for (const { id, state, parent_agent_id, current_task_id } of agents.list(all, {}).items) {
      if (current_task_id === null) {
        if (state !== "idle") throw new Error(`The agent ${id} is ${state} and has no task.`);
        continue;
      }
      const { status, agent_id, question } = tasks.get(all, current_task_id);
      if (status !== "running" || agent_id !== (parent_agent_id ?? id))
        throw new Error(`The agent ${id} is ${state} at the task ${current_task_id}, which is ${status}.`);
      if (parent_agent_id !== null) continue;
      if ((state === "waiting") !== (question !== null))
        throw new Error(`The agent ${id} is ${state}, and its task asks ${JSON.stringify(question)}.`);
      const holder = this.#calls.holderOf(current_task_id) ?? "nobody";
      held.set(holder, (held.get(holder) ?? 0) + 1);
    }
    for (const { worker_id, busy, slots } of this.#calls.list()) {
      if (busy > slots || busy !== (held.get(worker_id) ?? 0))
        throw new Error(`${worker_id} has ${busy} tasks in ${slots} slots.`);
      held.delete(worker_id);
    }
    if (held.size > 0) throw new Error(`Running and in the hands of no worker: ${[...held.keys()].join()}.`);
  }

  /** Looks at what every task came to, when all are over. */
  lookBack(): void {
    this.look();
    expect(this.open).toEqual([]);
    expect(this.#backend.snapshot().world.reviews).toEqual([]);
    for (const [id, { begun, result }] of this.tasks) {
      const task = this.#backend.engine.tasks.get(all, id);
      // Whatever was said after the end, nothing of it was taken.
      expect([isTaskEnding(task.status), task.result]).toEqual([true, result]);
      if (task.result?.error?.code === WORKER_LOST) expect(begun).toBe(this.#attempts);
      inOrder(task.result?.output ?? "");
    }
  }

  #hear(event: AnyEvent): string | null {
    if (!event.type.startsWith("task.")) return null;
    if (event.type === "task.assigned") {
      const { id, attempt } = event.data.task;
      const seen = this.tasks.get(id) ?? { begun: 0, result: null, done: false };
      this.tasks.set(id, seen);
      if (seen.result !== null) return "given after its end";
      return attempt === seen.begun + 1 ? null : `attempt ${attempt} after ${seen.begun}`;
    }
    const id = "task_id" in event.data ? event.data.task_id : null;
    const seen = this.tasks.get(id ?? "");
    if (id === null || seen === undefined) return "a task that nobody has heard of";
    if (event.type === "task.reviewed" && seen.result?.changes?.review === "open") {
      const { changes } = event.data;
      seen.result = { ...seen.result, changes };
      const lease = this.#backend.snapshot().world.leases.find(({ task_id }) => task_id === id);
      return seen.done || lease?.reviewer === undefined ? null : "reviewed by nobody";
    }
    if (seen.result !== null) return `told of ${id} after its end`;
    switch (event.type) {
      case "task.started":
        seen.begun += 1;
        return seen.begun <= this.#attempts ? null : `begun for the ${seen.begun}th time`;
      case "task.completed":
      case "task.failed":
        seen.result = event.data.result;
        return null;
      case "task.cancelled":
        seen.result = this.#backend.engine.tasks.get(all, id).result;
        return seen.result === null ? "it is not over" : null;
      case "task.progress": {
        const holder = this.names.get(this.#calls.holderOf(id) ?? "") ?? "nobody";
        const is = `${holder}:${seen.begun}:`;
        return event.data.message.startsWith(is) ? null : `'${event.data.message}' is not of '${is}'`;
      }
      default:
        return null;
    }
  }
}

/** Each report was taken once, in its order, and none of an attempt after one of the next. */
function inOrder(output: string): void {
  let last = [0, 0];
  for (const line of output.split("\n").filter(Boolean)) {
    const [, attempt, number] = line.split(":");
    const here = [Number(attempt), number === "end" ? Infinity : Number(number)];
    const [before = 0, from = 0] = last;
    const [now = 0, to = 0] = here;
    if (now < before || (now === before && to <= from)) throw new Error(`Out of order: ${output}`);
    last = here;
  }
}
