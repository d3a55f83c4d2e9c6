import type { Agent, Task } from "../../../src/contract/index.js";
import { checkScript } from "./check-script.js";
import type { ReadScript } from "./effects.js";
import type { ScriptEntry, ScriptUse } from "./script.js";

interface Note {
  uses: number;
  tasks: readonly string[];
  missed: ScriptUse["missed"];
}

/** Tasks of a script that are remembered; past it the oldest is forgotten. */
const TASKS_TOLD = 20;

/** Characters of a prompt that a pattern sees: with what patterns may be, it is done with them in an instant. */
const PROMPT_SEEN = 1_000;

/** Chooses scripts for tasks, and knows how they were used. */
export class ScriptBook {
  readonly #entries: ScriptEntry[];
  readonly #notes = new WeakMap<ScriptEntry, Note>();
  /** Of tasks that have not begun: who is free for one that goes on elsewhere may be used by another. */
  readonly #chosen = new Map<string, ScriptEntry>();

  constructor(entries: ScriptEntry[]) {
    this.#entries = entries;
  }

  /**
   * Looks at the scripts that nobody has looked at yet.
   *
   * @throws TypeError for one that is wrong, which is taken out.
   */
  check(): void {
    for (const entry of this.#entries.filter(({ script }) => script === null)) {
      try {
        entry.script = checkScript(entry.given, entry.place);
      } catch (error) {
        this.#entries.splice(this.#entries.indexOf(entry), 1);
        throw error;
      }
    }
  }

  /**
   * The first script that fits the task and is not used up. Once there is an agent it is the task's, until it is chosen for anew or
   * is released.
   */
  choose(task: Task, agent: Agent | null): ReadScript | null {
    this.release(task.id);
    for (const entry of this.#entries) {
      const { script } = entry;
      if (script === null) continue;
      const note = this.#noteOf(entry);
      const why = whyNot(script, note, task, agent);
      if (why === null) {
        if (agent !== null) this.#give(entry, note, task.id);
        return script;
      }
      note.missed = { task_id: task.id, why };
    }
    return null;
  }

  /** The script of a task that has not begun. */
  chosenFor(taskId: string): ReadScript | null {
    return this.#chosen.get(taskId)?.script ?? null;
  }

  /** The script of a task that begins now. */
  take(taskId: string): ReadScript | null {
    return this.#take(taskId)?.script ?? null;
  }

  /** The task has not begun and does not go by its script any more, which is for another then. */
  release(taskId: string): void {
    const entry = this.#take(taskId);
    if (entry === undefined) return;
    const note = this.#noteOf(entry);
    note.uses -= 1;
    note.tasks = note.tasks.filter((id) => id !== taskId);
  }

  useOf(entry: ScriptEntry): ScriptUse {
    const { name = "", times = null } = entry.script ?? entry.given;
    return { name, times, ...this.#noteOf(entry) };
  }

  #take(taskId: string): ScriptEntry | undefined {
    const entry = this.#chosen.get(taskId);
    this.#chosen.delete(taskId);
    return entry;
  }

  #give(entry: ScriptEntry, note: Note, taskId: string): void {
    note.uses += 1;
    note.tasks = [...note.tasks.slice(1 - TASKS_TOLD), taskId];
    this.#chosen.set(taskId, entry);
  }

  #noteOf(entry: ScriptEntry): Note {
    const note = this.#notes.get(entry) ?? { uses: 0, tasks: [], missed: null };
    this.#notes.set(entry, note);
    return note;
  }
}

/** Why a script is not for a task; null where it is. */
function whyNot(script: ReadScript, { uses }: Note, task: Task, agent: Agent | null): string | null {
  const { times, agent_type, agent: who, task_type, prompt } = script;
  if (task_type !== undefined && task_type !== task.task_type)
    return `It is for tasks of the type '${task_type}', and this one is '${task.task_type}'.`;
  if (prompt !== undefined && !isIn(prompt, task.prompt))
    return `The prompt has nothing of ${typeof prompt === "string" ? JSON.stringify(prompt) : String(prompt)} in it.`;
  if (agent_type !== undefined && agent_type !== agent?.type)
    return `It is for agents of the type '${agent_type}', and ${agent === null ? "the task has none yet" : `this one is '${agent.type}'`}.`;
  if (who !== undefined && who !== agent?.id && who !== agent?.name)
    return `It is for the agent '${who}', and ${agent === null ? "the task has none yet" : `this one is '${agent.name}' (${agent.id})`}.`;
  return times !== undefined && uses >= times
    ? `It is used up: it was for ${times} ${times === 1 ? "task" : "tasks"}.`
    : null;
}

function isIn(prompt: string | RegExp, text: string): boolean {
  return typeof prompt === "string" ? text.includes(prompt) : prompt.test(text.slice(0, PROMPT_SEEN));
}
