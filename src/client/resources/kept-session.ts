import * as z from "../../contract/zod.js";
import { check } from "../../contract/schema.js";
import { gameConnectAnswerSchema } from "../../contract/games.js";
import { sessionRoutes } from "../../contract/routes/session.js";
import type { AnswerOf, BodyOf } from "../../contract/index.js";
import { isAgentVMError } from "../../errors/agentvm-error.js";
import { isCancelledError } from "../../errors/cancelled-error.js";
import { isClosedError } from "../../errors/closed-error.js";
import type { Caller } from "../http/caller.js";
import { isCredentialText } from "../http/options.js";
import type { CallOptions } from "../http/options.js";
import { goodbye } from "./goodbye.js";
import type { ResumeStorage } from "./resume-storage.js";

type Game = BodyOf<"gameConnect">;
type Answer = AnswerOf<"gameConnect">;

/** Characters of what is kept at the most; what is longer was written by somebody else. */
const KEPT_MAX = 65_536;

/** What is kept: the answer to a connect, and what was asked for. */
const keptSchema = z.object({ answer: gameConnectAnswerSchema, game: z.string() });

/** What finding a session again is done with. */
export interface FindParts {
  /** Opens a session. */
  readonly connect: (game: Game, options: CallOptions) => Promise<Answer>;
  /** Makes calls as the session of a token. */
  readonly as: (token: string) => Caller;
  readonly options: CallOptions;
}

/** One game's session in a storage, for the page that comes back. Whatever the storage does, nothing is thrown. */
export class KeptSession {
  readonly #storage: ResumeStorage | null;
  readonly #key: string;
  readonly #game: Game;

  constructor(resume: ResumeStorage | true, endpoint: string, game: Game) {
    const { game_id, game_name = "" } = game;
    this.#storage = resume === true ? pageStorage() : resume;
    this.#key = `agentvm:${endpoint}:${game_id === undefined ? `name:${game_name}` : `id:${game_id}`}`;
    this.#game = game;
  }

  /** Keeps a session; false where it is not there afterwards. */
  write(answer: Answer): boolean {
    const text = JSON.stringify({ answer, game: JSON.stringify(this.#game) });
    const isKept = quietly(() => {
      this.#storage?.setItem(this.#key, text);
      return this.#storage?.getItem(this.#key) === text;
    });
    // A session of before would be taken for this one.
    if (isKept !== true) this.forget();
    return isKept === true;
  }

  /** Forgets the session. */
  forget(): void {
    quietly(() => this.#storage?.removeItem(this.#key));
  }

  /** The token of the session that is kept; null when there is none. */
  get token(): string | null {
    return this.#read()?.answer.session_token ?? null;
  }

  /**
   * Finds the session again, or opens another for the same game where it is over. Rejects where that cannot be learned, as without
   * a network, and leaves what is kept as it is then.
   */
  async find({ connect, as, options }: FindParts): Promise<Answer> {
    const game = this.#game;
    const kept = this.#read();
    if (kept === null) return connect(game, options);
    const { answer, game: asked } = kept;
    const caller = as(answer.session_token);
    // The key is that of the connect, and another call with it would be refused.
    const { idempotencyKey: _key, ...other } = options;
    // What is asked for now has to be told to the server, as whether the game is to stay.
    const isSame = asked === JSON.stringify(game);
    if (isSame) {
      const beat = await unlessRefused(caller.json(sessionRoutes.gameHeartbeat, {}, other));
      if (beat !== null) return { ...answer, expires_at: beat.expires_at };
    }
    const again = connect({ ...game, game_id: answer.game_id }, other);
    // A server that does not let this client have that game again gives another.
    const session = game.game_id === undefined ? await unlessRefused(again) : await again;
    if (session === null) return connect(game, options);
    if (!isSame) await goodbye(caller, other);
    return session;
  }

  #read(): z.output<typeof keptSchema> | null {
    const text: unknown = quietly(() => this.#storage?.getItem(this.#key));
    if (typeof text !== "string" || text.length > KEPT_MAX) return null;
    const read = check(
      keptSchema,
      quietly((): unknown => JSON.parse(text)),
      "kept",
    );
    if (!read.ok || !isCredentialText(read.value.answer.session_token)) return null;
    const { game_id = read.value.answer.game_id } = this.#game;
    return read.value.answer.game_id === game_id ? read.value : null;
  }
}

/** The page's own storage; null where there is none, or it must not be looked at. */
function pageStorage(): ResumeStorage | null {
  return quietly(() => globalThis.sessionStorage) ?? null;
}

/** What `work` gives; undefined where it throws, as every part of a storage may. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** What a call gives; null where the server does not take it, and will not take it later either. */
async function unlessRefused<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    const isOver = isCancelledError(error) || isClosedError(error);
    if (isOver || !isAgentVMError(error) || error.retryable) throw error;
    return null;
  }
}
