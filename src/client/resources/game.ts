import { gameRoutes } from "../../contract/routes/game.js";
import { sessionRoutes } from "../../contract/routes/session.js";
import type { sceneRoutes } from "../../contract/routes/scenes.js";
import type { AnswerOf, BodyOf } from "../../contract/index.js";
import type { Caller } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";
import type { Session } from "./session.js";

/** Gets the calls about scenes, which few games make. */
type LoadSceneRoutes = () => Promise<{ readonly sceneRoutes: typeof sceneRoutes }>;

/** The game: its session, its scenes and all of its agents at one moment. */
export class Game {
  readonly #caller: Caller;
  readonly #session: Session;
  readonly #load: LoadSceneRoutes;

  /** Made by the client. */
  constructor(caller: Caller, session: Session, load: LoadSceneRoutes) {
    this.#caller = caller;
    this.#session = session;
    this.#load = load;
  }

  /**
   * Opens a session for a game; from then on every call is made with its token and sees this game alone, and the
   * session is kept alive until `disconnect` or `close`. The answer holds the token: keep it out of logs.
   */
  connect(game: BodyOf<"gameConnect"> = {}, options?: CallOptions): Promise<AnswerOf<"gameConnect">> {
    return this.#session.open(game, options);
  }

  /** Keeps the session alive. Nobody has to call it: a session that this client opened keeps itself alive. */
  heartbeat(options?: CallOptions): Promise<AnswerOf<"gameHeartbeat">> {
    return this.#caller.json(sessionRoutes.gameHeartbeat, {}, options);
  }

  /** Ends the session, and the connect that is under way; its token stops working, and calls are made as before it. */
  disconnect(options?: CallOptions): Promise<void> {
    return this.#session.end(options);
  }

  /** Describes a scene of a game: its bounds, and where agents appear and work. Replaces what was told before. */
  async updateScene(
    sceneId: string,
    scene: BodyOf<"sceneUpdate">,
    options?: CallOptions,
  ): Promise<AnswerOf<"sceneUpdate">> {
    const { sceneRoutes } = await this.#load();
    const input = { params: { scene_id: sceneId }, body: scene };
    return this.#caller.json(sceneRoutes.sceneUpdate, input, options);
  }

  /** All of a game's agents, and the place in the event stream at which they were so. */
  agents(gameId: string, options?: CallOptions): Promise<AnswerOf<"gameAgents">> {
    return this.#caller.json(gameRoutes.gameAgents, { params: { game_id: gameId } }, options);
  }
}
