import { questionsOf } from "../adapters/opencode/questions.js";
import { requestOf } from "../adapters/opencode/tools.js";
import type { WirePermission, WireQuestion } from "../adapters/opencode/wire.js";
import { reachOf } from "../permissions/reach.js";
import { wordsFor } from "../permissions/words.js";
import { wordsOf } from "./opencode-link.js";
import type { OpencodeLink } from "./opencode-link.js";
import type { WatchedSessions } from "./sessions.js";

/** What the player may say to a permission, as opencode calls it. */
const REPLIES = [
  { id: "once", label: "Once" },
  { id: "always", label: "Always", hint: "As long as this opencode runs" },
  { id: "reject", label: "No" },
] as const;

/** Puts to the player what the sessions of a running opencode ask, and tells opencode what they say. */
export class OpencodeAsking {
  readonly #link: OpencodeLink;
  readonly #sessions: WatchedSessions;
  readonly #warn: (text: string) => void;

  constructor(link: OpencodeLink, sessions: WatchedSessions, warn: (text: string) => void) {
    this.#link = link;
    this.#sessions = sessions;
    this.#warn = warn;
  }

  /** Asks whether something may be done. */
  permission(root: string, asked: WirePermission): void {
    const words = wordsFor(requestOf(null, asked), reachOf("/"), null);
    this.#sessions.ask(root, asked.id, { ...words, options: [...REPLIES] }, (reply) => {
      const said = { reply: "choice" in reply ? reply.choice : "reject" };
      const path = `/permission/${encodeURIComponent(asked.id)}/reply`;
      void this.#reply(root, asked.id, path, said, () => this.permission(root, asked));
    });
  }

  /** Asks what opencode wants to know, one question after the other; it is told all answers together. */
  question(root: string, asked: WireQuestion): void {
    const { id } = asked;
    const answers: string[][] = [];
    const questions = questionsOf(asked);
    const next = (): void => {
      const question = questions[answers.length];
      if (question === undefined) return;
      this.#sessions.ask(root, id, question.asked, (reply) => {
        answers.push([question.said(reply)]);
        if (answers.length < questions.length) {
          this.#sessions.resolve(root, id);
          return next();
        }
        const path = `/question/${encodeURIComponent(id)}/reply`;
        void this.#reply(root, id, path, { answers }, () => this.question(root, asked));
      });
    };
    next();
  }

  /** Tells opencode what the player has said. Where it does not take that, they are asked again, since it waits for an answer still. */
  async #reply(root: string, id: string, path: string, said: object, again: () => void): Promise<void> {
    try {
      const status = await this.#link.post(path, said);
      if (status < 400) return;
      // What it does not know any more was answered elsewhere.
      if (status === 404) {
        this.#sessions.resolve(root, id);
        return;
      }
      this.#warn(`What the player said was not taken by opencode: it answers with ${status}.`);
    } catch (error) {
      this.#warn(`What the player said could not be told to opencode: ${wordsOf(error)}`);
    }
    if (!this.#sessions.isBusy(root)) return;
    this.#sessions.resolve(root, id);
    again();
  }
}
