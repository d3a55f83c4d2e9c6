import type { PermissionRequest } from "../../agent-events.js";
import type { AgentProcess } from "../../processes/processes.js";
import type { AgentRun } from "../adapter.js";
import { choiceQuestion } from "../choices.js";
import type { Choice } from "../choices.js";
import { noteDenied } from "../outcome.js";
import { Requests } from "../requests.js";
import type { Rpc } from "./rpc.js";
import { commandRequest, fileRequest } from "./tools.js";
import { request as requestSchema } from "./wire.js";
import type { AsyncQuestion, FileChange, InputRequest, Request } from "./wire.js";

/** How codex is told no to what it does not wait for a word about. */
const REFUSALS: Readonly<Record<string, object>> = {
  "item/permissions/requestApproval": { permissions: {}, scope: "turn" },
  "mcpServer/elicitation/request": { action: "decline", content: null, _meta: null },
  applyPatchApproval: { decision: "denied" },
  execCommandApproval: { decision: "denied" },
};

/** What is said to a request; codex takes no words with a no. */
interface Decision {
  readonly decision: "accept" | "decline";
  readonly words?: string;
}

/** What codex asks before it goes on, put to the player one after another. */
export class CodexAsking {
  readonly #run: AgentRun;
  readonly #rpc: Rpc;
  readonly #requests: Requests;
  readonly #changesOf: (item: string) => readonly FileChange[];
  readonly #say: (words: string) => void;
  /** What was not allowed, in a line each. */
  readonly denied: string[] = [];

  /**
   * @param changesOf What an item would change: codex asks about it by its id alone.
   * @param say Tells codex what the player has said along with a no.
   */
  constructor(
    run: AgentRun,
    waiting: Pick<AgentProcess, "waitsFor">,
    rpc: Rpc,
    changesOf: (item: string) => readonly FileChange[],
    say: (words: string) => void,
  ) {
    this.#say = say;
    this.#run = run;
    this.#rpc = rpc;
    this.#requests = new Requests(run, waiting);
    this.#changesOf = changesOf;
  }

  /** Takes a request, and answers it in its turn. One that is not known is refused. */
  take(id: string | number, value: unknown): void {
    const read = requestSchema.safeParse(value);
    if (!read.success) {
      const method = methodOf(value);
      const refusal = Object.hasOwn(REFUSALS, method) ? REFUSALS[method] : undefined;
      if (refusal !== undefined) this.#rpc.answer(id, refusal);
      else this.#rpc.refuse(id, `${method} is not known here`);
      return;
    }
    const asked = read.data;
    const reply = (answer: object): void => this.#rpc.answer(id, answer);
    const name = String(id);
    if (asked.method === "item/tool/requestUserInput")
      this.#requests.take({
        id: name,
        answer: (isOpen) => this.#input(asked.params, isOpen),
        refuse: () => ({ answers: {} }),
        reply,
      });
    else
      this.#requests.take<Decision>({
        id: name,
        answer: () => this.#permission(asked),
        refuse: () => ({ decision: "decline" }),
        reply: ({ decision, words }) => {
          reply({ decision });
          if (words !== undefined) this.#say(words);
        },
      });
  }

  /** A request need not be answered any more. */
  cancel(id: string | number): void {
    this.#requests.cancel(String(id));
  }

  /**
   * Puts questions to the player for which codex does not wait.
   *
   * @param reply Is told the questions with their answers, where there are any.
   */
  later(id: string, questions: readonly AsyncQuestion[], reply: (text: string) => void): void {
    this.#requests.take({
      id,
      answer: async (isOpen) => {
        const said: string[] = [];
        for (const { title, options } of questions) {
          if (!isOpen()) break;
          const text = await this.#ask(
            title,
            (options ?? []).map((label) => ({ label })),
          );
          if (text !== null) said.push(`${title}\n${text}`);
        }
        return said;
      },
      refuse: () => [],
      reply: (said) => {
        if (said.length > 0) reply(said.join("\n\n"));
      },
    });
  }

  /** Resolves when all that was asked until now is answered. */
  settled(): Promise<void> {
    return this.#requests.settled();
  }

  /** Nothing needs to be answered any more. */
  close(): void {
    this.#requests.close();
  }

  async #permission(asked: Exclude<Request, { method: "item/tool/requestUserInput" }>): Promise<Decision> {
    const { directory } = this.#run;
    const request: PermissionRequest =
      asked.method === "item/fileChange/requestApproval"
        ? fileRequest(asked.params, this.#changesOf(asked.params.itemId), directory)
        : commandRequest(asked.params, directory);
    // That "always" holds is seen to by whoever answers: codex would remember it for all that begins with the same words.
    const { verdict, words } = await this.#run.permit(request);
    if (verdict !== "no") return { decision: "accept" };
    noteDenied(this.denied, request.title);
    return { decision: "decline", ...(words !== undefined && { words }) };
  }

  async #input({ questions }: InputRequest, isOpen: () => boolean): Promise<object> {
    const answers: Record<string, { readonly answers: readonly string[] }> = {};
    for (const { id, question, options } of questions) {
      if (!isOpen()) break;
      const text = await this.#ask(question, options ?? []);
      answers[id] = { answers: text === null ? [] : [text] };
    }
    return { answers };
  }

  async #ask(text: string, options: readonly Choice[]): Promise<string | null> {
    const { asked, said } = choiceQuestion(text, options);
    const reply = await this.#run.ask(asked);
    return reply === null ? null : said(reply);
  }
}

function methodOf(value: unknown): string {
  const named = typeof value === "object" && value !== null && "method" in value ? value.method : null;
  return typeof named === "string" ? named : "This";
}
