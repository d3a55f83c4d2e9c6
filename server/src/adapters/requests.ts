import type { AgentProcess } from "../processes/processes.js";
import type { AgentRun } from "./adapter.js";

/** Requests that wait at one time; past them they are refused. */
const OPEN_MAX = 100;

/** One thing that an agent asks, and waits for. */
export interface AgentAsks<Answer> {
  /** The agent's name for it. */
  readonly id: string;
  /** Finds the answer. `isOpen` says whether it is still wanted. */
  answer(isOpen: () => boolean): Promise<Answer>;
  /** What the agent is told where there is no answer, and why. */
  refuse(reason: string): Answer;
  reply(answer: Answer): void;
}

interface Open {
  readonly id: string;
  readonly withdrawn: Promise<null>;
  withdraw(): void;
}

/** What an agent asks before it goes on, put to the player one after another. */
export class Requests {
  readonly #run: Pick<AgentRun, "withdraw">;
  readonly #waiting: Pick<AgentProcess, "waitsFor">;
  readonly #open: Open[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(run: Pick<AgentRun, "withdraw">, waiting: Pick<AgentProcess, "waitsFor">) {
    this.#run = run;
    this.#waiting = waiting;
  }

  /** Takes a request, and answers it in its turn. */
  take<Answer extends object>(asks: AgentAsks<Answer>): void {
    if (this.#open.length >= OPEN_MAX) {
      asks.reply(asks.refuse("Too many requests are open."));
      return;
    }
    const open = opened(asks.id);
    this.#open.push(open);
    const isOpen = (): boolean => this.#open.includes(open);
    this.#last = this.#last.then(async () => {
      if (!isOpen()) return;
      const answer = await this.#waiting
        .waitsFor(Promise.race([asks.answer(isOpen), open.withdrawn]))
        .catch((error: unknown) => asks.refuse(error instanceof Error ? error.message : String(error)));
      if (answer === null) return;
      this.#remove(open);
      asks.reply(answer);
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

  /** Resolves when all that was asked until now is answered. */
  settled(): Promise<void> {
    return this.#last;
  }

  #remove(open: Open): void {
    const place = this.#open.indexOf(open);
    if (place >= 0) this.#open.splice(place, 1);
  }
}

function opened(id: string): Open {
  let withdraw = (): void => undefined;
  const withdrawn = new Promise<null>((resolve) => {
    withdraw = () => resolve(null);
  });
  return { id, withdrawn, withdraw: () => withdraw() };
}
