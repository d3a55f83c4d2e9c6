import type { PermissionRequest } from "../../agent-events.js";
import type { AgentProcess } from "../../processes/processes.js";
import type { AgentRun } from "../adapter.js";
import { editDiff } from "./edit-diff.js";
import { questionsOf } from "./messages.js";
import type { ControlRequest } from "./messages.js";
import { pathIn, textIn, toolKind, toolTitle } from "./tools.js";
import type { ToolInput } from "./tools.js";

interface Open {
  readonly id: string;
  readonly withdrawn: Promise<null>;
  withdraw(): void;
}

/** Requests that wait at one time; past them they are denied. */
const OPEN_MAX = 100;

/** What claude asks before it goes on, put to the player one after another. */
export class ClaudeAsking {
  readonly #run: AgentRun;
  readonly #waiting: Pick<AgentProcess, "waitsFor">;
  readonly #answer: (line: string) => void;
  readonly #open: Open[] = [];
  #last: Promise<void> = Promise.resolve();
  /** What was not allowed, in a line each. */
  readonly denied: string[] = [];

  constructor(run: AgentRun, waiting: Pick<AgentProcess, "waitsFor">, answer: (line: string) => void) {
    this.#run = run;
    this.#waiting = waiting;
    this.#answer = answer;
  }

  /** Takes a request, and answers it in its turn. */
  take({ request_id: id, request }: ControlRequest): void {
    const { subtype, tool_name: name, input = {}, blocked_path } = request;
    if (subtype !== "can_use_tool" || name === undefined) {
      this.#answer(control({ subtype: "error", request_id: id, error: `${subtype} is not known here` }));
      return;
    }
    if (this.#open.length >= OPEN_MAX) {
      this.#reply(id, deny("Too many requests are open."));
      return;
    }
    const open = opened(id);
    this.#open.push(open);
    this.#last = this.#last.then(async () => {
      if (!this.#open.includes(open)) return;
      const answered =
        name === "AskUserQuestion"
          ? this.#question(input, open)
          : this.#permission(name, input, blocked_path);
      const answer = await this.#waiting
        .waitsFor(Promise.race([answered, open.withdrawn]))
        .catch((error: unknown) => deny(error instanceof Error ? error.message : String(error)));
      if (answer === null) return;
      this.#remove(open);
      this.#reply(id, answer);
    });
  }

  /** A request need not be answered any more. */
  cancel(id: string): void {
    const open = this.#open.find((one) => one.id === id);
    if (open === undefined) return;
    const isFirst = this.#open[0] === open;
    this.#remove(open);
    open.withdraw();
    if (isFirst) this.#run.withdraw();
  }

  /** Nothing needs to be answered any more. */
  close(): void {
    const isAsked = this.#open.length > 0;
    for (const open of this.#open.splice(0)) open.withdraw();
    if (isAsked) this.#run.withdraw();
  }

  #remove(open: Open): void {
    const place = this.#open.indexOf(open);
    if (place >= 0) this.#open.splice(place, 1);
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
    if (this.denied.length < OPEN_MAX) this.denied.push(request.title);
    return deny(reason ?? "The player said no.");
  }

  async #question(input: ToolInput, open: Open): Promise<object> {
    const answers: Record<string, string> = {};
    for (const { question, options = [] } of questionsOf(input["questions"])) {
      if (!this.#open.includes(open)) return deny("The question was withdrawn.");
      const reply = await this.#run.ask({
        kind: "question",
        text: question,
        options: options.map(({ label, description }, place) => ({
          id: String(place + 1),
          label,
          ...(description === undefined || description === label ? {} : { hint: description }),
        })),
      });
      if (reply === null) return deny("Nobody answered; go on as you think best, or end.");
      answers[question] =
        "text" in reply ? reply.text : (options[Number(reply.choice) - 1]?.label ?? reply.choice);
    }
    return { behavior: "allow", updatedInput: { ...input, answers } };
  }

  #reply(id: string, response: object): void {
    this.#answer(control({ subtype: "success", request_id: id, response }));
  }
}

function control(response: object): string {
  return JSON.stringify({ type: "control_response", response });
}

function deny(message: string): object {
  return { behavior: "deny", message };
}

function opened(id: string): Open {
  let withdraw = (): void => undefined;
  const withdrawn = new Promise<null>((resolve) => {
    withdraw = () => resolve(null);
  });
  return { id, withdrawn, withdraw: () => withdraw() };
}
