import type { PermissionRequest } from "../../agent-events.js";
import type { AgentProcess } from "../../processes/processes.js";
import type { AgentRun } from "../adapter.js";
import { choiceQuestion } from "../choices.js";
import { noteDenied } from "../outcome.js";
import { Requests } from "../requests.js";
import { editDiff } from "./edit-diff.js";
import { questionsOf } from "./messages.js";
import type { ControlRequest } from "./messages.js";
import { pathIn, textIn, toolKind, toolTitle } from "./tools.js";
import type { ToolInput } from "./tools.js";

/** What claude asks before it goes on, put to the player one after another. */
export class ClaudeAsking {
  readonly #run: AgentRun;
  readonly #answer: (line: string) => void;
  readonly #requests: Requests;
  /** What was not allowed, in a line each. */
  readonly denied: string[] = [];

  constructor(run: AgentRun, waiting: Pick<AgentProcess, "waitsFor">, answer: (line: string) => void) {
    this.#run = run;
    this.#answer = answer;
    this.#requests = new Requests(run, waiting);
  }

  /** Takes a request, and answers it in its turn. */
  take({ request_id: id, request }: ControlRequest): void {
    const { subtype, tool_name: name, input = {}, blocked_path } = request;
    if (subtype !== "can_use_tool" || name === undefined) {
      this.#answer(control({ subtype: "error", request_id: id, error: `${subtype} is not known here` }));
      return;
    }
    this.#requests.take({
      id,
      answer: (isOpen) =>
        name === "AskUserQuestion"
          ? this.#question(input, isOpen)
          : this.#permission(name, input, blocked_path),
      refuse: deny,
      reply: (response) => this.#answer(control({ subtype: "success", request_id: id, response })),
    });
  }

  /** A request need not be answered any more. */
  cancel(id: string): void {
    this.#requests.cancel(id);
  }

  /** Nothing needs to be answered any more. */
  close(): void {
    this.#requests.close();
  }

  async #permission(name: string, input: ToolInput, blocked: string | null | undefined): Promise<object> {
    const { directory } = this.#run;
    const paths = [pathIn(input), blocked ?? null].filter((path) => path !== null);
    const request: PermissionRequest = {
      kind: "permission",
      tool: toolKind(name),
      tool_name: name,
      title: toolTitle(name, input, directory),
      paths: [...new Set(paths)],
      command: textIn(input, "command"),
      diff: await editDiff(name, input, directory),
    };
    const { verdict, reason } = await this.#run.permit(request);
    // That "always" holds is seen to by whoever answers: what claude offers to remember it by would write into the worktree's settings.
    if (verdict !== "no") return { behavior: "allow", updatedInput: input };
    noteDenied(this.denied, request.title);
    return deny(reason ?? "The player said no.");
  }

  async #question(input: ToolInput, isOpen: () => boolean): Promise<object> {
    const answers: Record<string, string> = {};
    for (const { question, options = [] } of questionsOf(input["questions"])) {
      if (!isOpen()) return deny("The question was withdrawn.");
      const { asked, said } = choiceQuestion(question, options);
      const reply = await this.#run.ask(asked);
      if (reply === null) return deny("Nobody answered; go on as you think best, or end.");
      answers[question] = said(reply);
    }
    return { behavior: "allow", updatedInput: { ...input, answers } };
  }
}

function control(response: object): string {
  return JSON.stringify({ type: "control_response", response });
}

function deny(message: string): object {
  return { behavior: "deny", message };
}
