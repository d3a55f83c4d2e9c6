import type { QuestionOption } from "oligarchy-agentvm";
import type { WorkAnswer, WorkJob, WorkQuestion } from "oligarchy-agentvm/worker";
import type { AgentQuestion, AgentReply } from "../agent-events.js";
import type { AskedPermission, Said } from "../permissions/permissions.js";
import { Turns } from "../turns.js";
import type { Redact } from "./character.js";

/** A question whose options all have an id. */
type Asked = Omit<WorkQuestion, "options"> & { readonly options?: readonly QuestionOption[] };

/** Puts what an agent asks to the player, one after the other: a task has one open question at a time, and an agent's helpers ask too. */
export class Questions {
  readonly #job: WorkJob;
  readonly #seconds: number;
  readonly #redact: Redact;
  readonly #turns = new Turns();
  #open: AbortController | null = null;

  constructor(job: WorkJob, seconds: number, redact: Redact) {
    this.#job = job;
    this.#seconds = seconds;
    this.#redact = redact;
  }

  /** Asks whether something may be done. When the task is over it may not. It is asked no more once the signal is aborted. */
  async permission(asked: AskedPermission, signal?: AbortSignal): Promise<Said> {
    const answer = await this.#put({ kind: "permission", ...asked }, signal);
    return { choice: answer.choice ?? null, text: answer.text ?? null, by: answer.by };
  }

  /** Asks what the agent wants to know; null where nobody answered. It is asked no more once the signal is aborted. */
  async ask({ text, options, about }: AgentQuestion, signal?: AbortSignal): Promise<AgentReply> {
    const answer = await this.#put(
      {
        text,
        ...(options.length > 0 && { options }),
        ...(about !== undefined && { about }),
      },
      signal,
    );
    if (answer.choice !== undefined) return { choice: answer.choice };
    return answer.text === undefined ? null : { text: answer.text };
  }

  /** What is open need not be answered any more. */
  withdraw(): void {
    this.#open?.abort();
  }

  #put(question: Asked, signal?: AbortSignal): Promise<WorkAnswer> {
    return this.#turns.take(() => this.#ask(question, signal));
  }

  async #ask(question: Asked, wanted?: AbortSignal): Promise<WorkAnswer> {
    const open = new AbortController();
    const signal = wanted === undefined ? open.signal : AbortSignal.any([open.signal, wanted]);
    this.#open = open;
    try {
      const told = this.#withoutSecrets(question);
      return await this.#job.ask({ ...told, seconds: this.#seconds }, { signal });
    } catch (error) {
      // The task is over, or the question is none that can be asked: nobody has said yes.
      if (!this.#job.signal.aborted)
        this.#job.write(`> A question could not be asked: ${wordsOf(error)}\n`, "stderr");
      return { by: "worker" };
    } finally {
      if (this.#open === open) this.#open = null;
    }
  }

  /** The question as anybody may see it. The ids of options are what the agent waits for, and stay. */
  #withoutSecrets({ text, options, about, ...rest }: Asked): WorkQuestion {
    const redact = this.#redact;
    return {
      ...rest,
      text: redact(text),
      ...(options !== undefined && {
        options: options.map(({ id, label, hint }) => ({
          id,
          label: redact(label),
          ...(hint !== undefined && { hint: redact(hint) }),
        })),
      }),
      ...(about !== undefined && {
        about: {
          tool: about.tool,
          title: redact(about.title),
          ...(about.path !== undefined && { path: redact(about.path) }),
          ...(about.command !== undefined && { command: redact(about.command) }),
          ...(about.diff !== undefined && { diff: redact(about.diff) }),
        },
      }),
    };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
