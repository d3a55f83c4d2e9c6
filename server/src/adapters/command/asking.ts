import type { PermissionRequest, ToolKind } from "../../agent-events.js";
import type { AgentProcess } from "../../processes/processes.js";
import type { AgentRun } from "../adapter.js";
import { Requests } from "../requests.js";
import type { Question } from "./report-line.js";

/** Tools of which something can be said by a rule; another one is called what it is. */
const TOOLS: readonly ToolKind[] = [
  "read",
  "edit",
  "delete",
  "move",
  "search",
  "execute",
  "think",
  "fetch",
  "other",
];

interface Answer {
  readonly choice: string | null;
  readonly text: string | null;
  readonly by: "player" | "time" | "worker";
}

const WITHDRAWN: Answer = { choice: null, text: null, by: "worker" };

/** Puts a command's questions to the player, one after the other, and writes the answers to its standard input, a line each. */
export class CommandAsking {
  readonly #run: AgentRun;
  readonly #process: Pick<AgentProcess, "waitsFor" | "write">;
  readonly #listens: boolean;
  readonly #requests: Requests;
  /** Questions that were not answered yet. */
  readonly #open = new Set<string>();
  #count = 0;

  constructor(run: AgentRun, process: Pick<AgentProcess, "waitsFor" | "write">, listens: boolean) {
    this.#run = run;
    this.#process = process;
    this.#listens = listens;
    this.#requests = new Requests(run, process);
  }

  /** Takes a question. Without a name it is called by its number, from 1 on. */
  take(name: string | null, question: Question): void {
    this.#count += 1;
    const id = name ?? String(this.#count);
    if (!this.#listens) {
      const text = `[It asks "${question.text}", and cannot hear an answer. Say "input: json" of it in the settings.]`;
      if (this.#count === 1) this.#run.tell({ kind: "output", stream: "stderr", text });
      return;
    }
    this.#open.add(id);
    this.#requests.take<Answer>({
      id,
      answer: () => this.#ask(question),
      refuse: () => WITHDRAWN,
      reply: (answer) => this.#reply(id, answer),
    });
  }

  /** A question need not be answered any more; that is said, so that who reads the answers in their order misses none. */
  cancel(id: string): void {
    if (!this.#open.has(id)) return;
    this.#requests.cancel(id);
    this.#reply(id, WITHDRAWN);
  }

  /** None of them need be. */
  close(): void {
    this.#requests.close();
  }

  async #ask(question: Question): Promise<Answer> {
    if (question.kind === "permission" && question.options === undefined) return this.#permit(question);
    const reply = await this.#run.ask({
      kind: "question",
      text: question.text,
      options: (question.options ?? []).map((option) =>
        typeof option === "string"
          ? { id: option, label: option }
          : { id: option.id, label: option.label, ...(option.hint !== undefined && { hint: option.hint }) },
      ),
      ...(question.about !== undefined && { about: question.about }),
    });
    if (reply === null) return { choice: null, text: null, by: "time" };
    return "choice" in reply
      ? { choice: reply.choice, text: null, by: "player" }
      : { choice: null, text: reply.text, by: "player" };
  }

  /** What the rules of the settings may answer, too. */
  async #permit({ text, about }: Question): Promise<Answer> {
    const { path, command = null, diff = null, tool = "other", title = text } = about ?? {};
    const request: PermissionRequest = {
      kind: "permission",
      tool: TOOLS.find((one) => one === tool) ?? "other",
      tool_name: tool,
      title,
      paths: path === undefined ? [] : [path],
      command,
      diff,
    };
    const { verdict, reason } = await this.#run.permit(request);
    return { choice: verdict === "no" ? "deny" : "allow", text: reason, by: "player" };
  }

  #reply(question_id: string, answer: Answer): void {
    this.#open.delete(question_id);
    this.#process.write(`${JSON.stringify({ answer: { question_id, ...answer } })}\n`);
  }
}
