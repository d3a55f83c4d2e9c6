import type { Clock } from "oligarchy-agentvm";
import { WorkFailure } from "oligarchy-agentvm/worker";
import type { Work, WorkJob } from "oligarchy-agentvm/worker";
import type { AgentEvent, AgentQuestion, AgentReply } from "../agent-events.js";
import type { AskedPermission } from "../permissions/permissions.js";
import { Turns } from "../turns.js";
import { Character } from "../worker/character.js";
import type { Redact } from "../worker/character.js";
import { Questions } from "../worker/questions.js";

/** Events of a turn that are told again where it is seen anew; of more the newest. */
const EVENTS_MAX = 500;

/** Tools of a turn that are remembered, so that none is told twice. */
const TOOLS_MAX = 2_000;

/** Requests that wait at one time; those past it are not shown. */
const ASKED_MAX = 20;

/** Seconds for which a question is shown: a person comes back to their terminal when they do. */
const ASK_SECONDS = 86_400;

/** How a turn ended, as its task tells it. */
export type TurnEnd =
  { readonly success: true } | { readonly success: false; readonly code: string; readonly message: string };

/** What waits for the person: whether something may be done, or something that the agent wants to know. */
export type AskedOf = AskedPermission | AgentQuestion;

/** Is told what the player has said to a question that they may answer. */
export type Answered = (reply: NonNullable<AgentReply>) => void;

interface Request {
  readonly asked: AskedOf;
  readonly answered: Answered | null;
  /** Aborted when it waits no more. */
  readonly over: AbortController;
}

/** Somebody who shows a turn now. */
interface Showing {
  readonly character: Character;
  readonly questions: Questions;
  readonly turns: Turns;
}

const HOW_FAR = { pending: 0, running: 1, done: 2, failed: 2 } as const;

/** One turn of a session that somebody else runs: all that is seen of it, for whoever shows it, from its beginning. */
export class WatchedTurn {
  readonly #clock: Clock;
  readonly #redact: Redact;
  #events: AgentEvent[] = [];
  readonly #tools = new Map<string, number>();
  readonly #requests = new Map<string, Request>();
  readonly #over = new AbortController();
  #end: TurnEnd = { success: true };
  #showing: Showing | null = null;

  constructor(clock: Clock, redact: Redact) {
    this.#clock = clock;
    this.#redact = redact;
  }

  /** Whether nothing more is seen of it. */
  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  /** Something was done. What was told of a tool already is not told again, whoever says it. */
  tell(event: AgentEvent): void {
    if (this.isOver) return;
    if (event.kind === "tool") {
      const far = HOW_FAR[event.status];
      if ((this.#tools.get(event.tool_id) ?? -1) >= far) return;
      this.#tools.set(event.tool_id, far);
      const [oldest] = this.#tools.keys();
      if (this.#tools.size > TOOLS_MAX && oldest !== undefined) this.#tools.delete(oldest);
    }
    this.#events.push(event);
    if (this.#events.length > EVENTS_MAX) this.#events.shift();
    this.#showing?.character.tell(event);
  }

  /** It waits for the person: for something that is answered where it was asked, or, with `answered`, by the player too. */
  ask(id: string, asked: AskedOf, answered: Answered | null = null): void {
    if (this.isOver || this.#requests.has(id) || this.#requests.size >= ASKED_MAX) return;
    this.#requests.set(id, { asked, answered, over: new AbortController() });
    if (this.#showing) this.#show(this.#showing, id);
  }

  /** It waits for that no more, whatever was said. */
  resolve(id: string): void {
    this.#requests.get(id)?.over.abort();
    this.#requests.delete(id);
  }

  /** It waits for nothing any more. */
  resolveAll(): void {
    for (const id of [...this.#requests.keys()]) this.resolve(id);
  }

  /** Nothing more is seen of it. */
  end(end: TurnEnd): void {
    if (this.isOver) return;
    this.#end = end;
    this.resolveAll();
    this.#over.abort();
  }

  /** Shows all of it as the work on a task. */
  readonly work: Work = async (_task, job) => {
    const showing = this.#begin(job);
    try {
      await until(this.#over.signal, job.signal);
    } finally {
      showing.character.close();
      if (this.#showing === showing) this.#showing = null;
    }
    const end = this.#end;
    if (!end.success) throw new WorkFailure(end.code, this.#redact(end.message));
  };

  #begin(job: WorkJob): Showing {
    const character = new Character(job, this.#clock, this.#redact);
    const questions = new Questions(job, ASK_SECONDS, this.#redact);
    const showing: Showing = { character, questions, turns: new Turns() };
    this.#showing = showing;
    job.state("thinking");
    for (const event of this.#events) character.tell(event);
    for (const id of this.#requests.keys()) this.#show(showing, id);
    return showing;
  }

  /** Shows one request after the other: a task has one open question at a time. */
  #show(showing: Showing, id: string): void {
    void showing.turns.take(async () => {
      const request = this.#requests.get(id);
      if (request === undefined || this.#showing !== showing) return;
      const reply = await replyTo(request, showing.questions);
      if (reply !== null && this.#requests.get(id) === request) request.answered?.(reply);
    });
  }
}

/** What the player says to what is asked; null where they say nothing. */
async function replyTo({ asked, over: { signal } }: Request, questions: Questions): Promise<AgentReply> {
  if ("kind" in asked) return questions.ask(asked, signal);
  const { choice } = await questions.permission(asked, signal);
  return choice === null ? null : { choice };
}

/** Waits until one of two is aborted. */
function until(one: AbortSignal, other: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (one.aborted || other.aborted) return resolve();
    one.addEventListener("abort", () => resolve(), { once: true });
    other.addEventListener("abort", () => resolve(), { once: true });
  });
}
