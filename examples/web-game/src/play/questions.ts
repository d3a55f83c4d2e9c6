import { isAgentVMError } from "oligarchy-agentvm/slim";
import type { AgentVM, Question } from "oligarchy-agentvm/slim";
import { problemOf } from "./work.js";
import type { Tell } from "./work.js";

/** What somebody wants to know, and waits for. */
export interface Asked {
  readonly taskId: string;
  readonly agentId: string;
  readonly question: Question;
}

/** One of the options, or words. */
export type Answer = { readonly choice: string } | { readonly text: string };

/** What the questions are asked and answered with. */
export interface QuestionsParts {
  readonly agentvm: AgentVM;
  readonly tell: Tell;
  /** What somebody is called. */
  readonly nameOf: (agentId: string) => string;
  /** Called when somebody begins to wait. */
  readonly onAsked: () => void;
}

/** Closed questions whose end is remembered, so that an open dialog can tell of it. */
const CLOSED_MAX = 50;

/** What the people ask the player: who waits for an answer, and how a question ended. */
export class Questions {
  readonly #parts: QuestionsParts;
  readonly #open = new Map<string, Asked>();
  /** How the last question of somebody ended, in words. */
  readonly #closed = new Map<string, string>();
  /** Questions that the player of this page has answered. */
  readonly #mine = new Set<string>();
  readonly #undo: readonly (() => void)[];

  /** Begins to listen. */
  constructor(parts: QuestionsParts) {
    this.#parts = parts;
    const { agentvm } = parts;
    const over = ({ data }: { readonly data: { readonly task_id: string } }): void => {
      this.#open.delete(data.task_id);
    };
    this.#undo = [
      agentvm.on("task.question", ({ data: { task_id, agent_id, question } }) =>
        this.#ask({ taskId: task_id, agentId: agent_id, question }),
      ),
      agentvm.on("task.answered", ({ data: { task_id, question_id, choice, text, by } }) =>
        this.#close(task_id, question_id, { words: choice ?? text, by }),
      ),
      agentvm.on("task.completed", over),
      agentvm.on("task.failed", over),
      agentvm.on("task.cancelled", over),
      agentvm.on("gap", () => void this.read()),
    ];
  }

  /** All that wait, who has waited longest first. */
  get open(): Iterable<Asked> {
    return this.#open.values();
  }

  /** Who has waited longest; null when nobody waits. */
  get first(): Asked | null {
    return this.#open.values().next().value ?? null;
  }

  /** What somebody asks. */
  of(agentId: string): Asked | null {
    for (const asked of this.#open.values()) if (asked.agentId === agentId) return asked;
    return null;
  }

  /** How the last question of somebody ended; empty where it asked none, or asks anew. */
  endOf(agentId: string): string {
    return this.#closed.get(agentId) ?? "";
  }

  /** Reads who waits already, as in a game that was saved or after news were lost. */
  async read(): Promise<void> {
    try {
      const found: Asked[] = [];
      for await (const { id, agent_id, question } of this.#parts.agentvm.tasks.list({ status: "running" })) {
        if (agent_id !== null && question !== null) found.push({ taskId: id, agentId: agent_id, question });
      }
      this.#open.clear();
      for (const asked of found) this.#open.set(asked.taskId, asked);
    } catch (error) {
      if (isAgentVMError(error)) this.#parts.tell(problemOf(error), "bad");
    }
  }

  /** Gives the player's answer. What is wrong with it is told, and the question stays open where it can. */
  async answer({ taskId, question }: Asked, answer: Answer): Promise<void> {
    const { question_id } = question;
    this.#mine.add(question_id);
    try {
      await this.#parts.agentvm.tasks.answer(taskId, { question_id, ...answer });
    } catch (error) {
      this.#mine.delete(question_id);
      if (!isAgentVMError(error)) throw error;
      if (error.code === "no_such_question" && this.#open.get(taskId)?.question.question_id === question_id) {
        this.#open.delete(taskId);
      }
      this.#parts.tell(problemOf(error), "bad");
    }
  }

  /** Ends the listening. */
  close(): void {
    for (const undo of this.#undo) undo();
  }

  #ask(asked: Asked): void {
    const { tell, nameOf, onAsked } = this.#parts;
    this.#open.set(asked.taskId, asked);
    this.#closed.delete(asked.agentId);
    tell(`${nameOf(asked.agentId)} asks: ${asked.question.text}`);
    onAsked();
  }

  #close(taskId: string, questionId: string, { words, by }: Ending): void {
    const asked = this.#open.get(taskId);
    if (asked?.question.question_id !== questionId) return;
    this.#open.delete(taskId);
    const name = this.#parts.nameOf(asked.agentId);
    const told = `“${labelOf(asked.question, words ?? "")}”`;
    const text =
      by === "time"
        ? `Nobody answered ${name} in time.`
        : by === "worker"
          ? `${name} wants to know no more.`
          : this.#mine.delete(questionId)
            ? `You told ${name}: ${told}.`
            : `Somebody else told ${name}: ${told}.`;
    this.#closed.set(asked.agentId, text);
    for (const old of this.#closed.keys()) {
      if (this.#closed.size <= CLOSED_MAX) break;
      this.#closed.delete(old);
    }
    this.#parts.tell(text, by === "time" ? "bad" : "plain");
  }
}

interface Ending {
  readonly words: string | null;
  readonly by: string;
}

/** What an option is called; words are what they are. */
function labelOf({ options }: Question, answer: string): string {
  return options.find(({ id }) => id === answer)?.label ?? answer;
}
