import type { AgentProcess } from "../../processes/processes.js";
import type { AgentRun } from "../adapter.js";
import { noteDenied } from "../outcome.js";
import { Requests } from "../requests.js";
import { questionsOf } from "./questions.js";
import type { TaskServer } from "./server.js";
import { requestOf } from "./tools.js";
import type { WirePermission, WireQuestion } from "./wire.js";

/** What opencode's server is told. */
interface Answer {
  readonly path: string;
  readonly body?: object;
}

/** What opencode asks before it goes on, put to the player one after another. */
export class OpencodeAsking {
  readonly #run: AgentRun;
  readonly #server: TaskServer;
  readonly #requests: Requests;
  /** What was not allowed, in a line each. */
  readonly denied: string[] = [];

  constructor(run: AgentRun, waiting: Pick<AgentProcess, "waitsFor">, server: TaskServer) {
    this.#run = run;
    this.#server = server;
    this.#requests = new Requests(run, waiting);
  }

  /** Asks whether something may be done. */
  permission(asked: WirePermission): void {
    const path = `/permission/${asked.id}/reply`;
    const rejected = (message: string): Answer => ({ path, body: { reply: "reject", message } });
    this.#take(asked.id, rejected, async (isOpen) => {
      const request = requestOf(this.#run.directory, asked);
      const { verdict, reason } = await this.#run.permit(request);
      if (verdict !== "no") return { path, body: { reply: verdict } };
      if (isOpen()) noteDenied(this.denied, request.title);
      // Without a reason opencode takes a no as the end of the whole task.
      return rejected(reason ?? "The player said no. Go on without it.");
    });
  }

  /** Asks what opencode wants to know. */
  question(asked: WireQuestion): void {
    const path = `/question/${asked.id}`;
    const rejected = (): Answer => ({ path: `${path}/reject` });
    this.#take(asked.id, rejected, async (isOpen) => {
      const answers: string[][] = [];
      for (const { asked: question, said } of questionsOf(asked)) {
        const given = isOpen() ? await this.#run.ask(question) : null;
        if (given === null) return rejected();
        answers.push([said(given)]);
      }
      return { path: `${path}/reply`, body: { answers } };
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

  #take(
    id: string,
    refuse: (reason: string) => Answer,
    answer: (isOpen: () => boolean) => Promise<Answer>,
  ): void {
    const reply = ({ path, body }: Answer): void => {
      // It was answered elsewhere, or the server is gone, which ends the task by itself.
      this.#server.call("POST", path, body).catch(() => undefined);
    };
    this.#requests.take({ id, answer, refuse, reply });
  }
}
