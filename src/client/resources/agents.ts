import type { agentTypeRoutes } from "../../contract/routes/agent-types.js";
import { agentRoutes } from "../../contract/routes/agents.js";
import type {
  Agent,
  AgentType,
  AnswerOf,
  BodyOf,
  DetailBand,
  Position,
  PositionUpdate,
  QueryOf,
} from "../../contract/index.js";
import type { Caller } from "../http/caller.js";
import type { GatheredMoves } from "../../moves/gathered-moves.js";
import { NO_DETAILS, placeOf, updateOf } from "../../moves/position-update.js";
import type { MoveDetails } from "../../moves/position-update.js";
import type { MoveNumbers } from "../../moves/move-numbers.js";
import type { CallOptions } from "../http/options.js";
import { listing } from "../http/page.js";
import type { Listing } from "../http/page.js";
import type { LiveAgents } from "../stream/live-agents.js";
import type { Commander } from "./commander.js";

/** What {@link Agents} does its work with. */
export interface AgentsParts {
  readonly caller: Caller;
  readonly commander: Commander;
  /** Gets the calls that few pages make. */
  readonly load: () => Promise<{ readonly agentTypeRoutes: typeof agentTypeRoutes }>;
  readonly numbers: MoveNumbers;
  readonly live: (gameId: string | undefined) => LiveAgents;
  /** Gathers the moves. */
  readonly moves: GatheredMoves;
  /** False where every move is a call of its own. */
  readonly gathers: boolean;
}

/** The agents: creating, finding, moving and removing them. */
export class Agents {
  readonly #caller: Caller;
  readonly #parts: AgentsParts;

  /** Made by the client. */
  constructor(parts: AgentsParts) {
    this.#caller = parts.caller;
    this.#parts = parts;
  }

  /**
   * Creates an agent of a type, or one that is described further. A ConflictError with the code
   * `agent_limit_reached` says that the game has as many as it may have.
   *
   * @example
   * const agent = await agentvm.agents.create("aider");
   * const other = await agentvm.agents.create({ agent_type: "claude", position: { x: 1, y: 0, z: 2 } });
   */
  async create(agent: string | BodyOf<"agentCreate">, options?: CallOptions): Promise<Agent> {
    const body = typeof agent === "string" ? { agent_type: agent } : agent;
    return (await this.#caller.json(agentRoutes.agentCreate, { body }, options)).agent;
  }

  /** Tells how an agent is now. */
  async get(agentId: string, options?: CallOptions): Promise<Agent> {
    return (await this.#caller.json(agentRoutes.agentGet, { params: { agent_id: agentId } }, options)).agent;
  }

  /**
   * Lists agents, oldest first: await it for one page (100 unless `limit` says otherwise, `nextCursor` leads on),
   * or iterate it for all.
   *
   * @example
   * for await (const agent of agentvm.agents.list({ state: "idle" })) console.log(agent.name);
   */
  list(query: QueryOf<"agentList"> = {}, options?: CallOptions): Listing<Agent> {
    return listing((cursor) =>
      this.#caller.page(
        agentRoutes.agentList,
        { query: cursor === undefined ? query : { ...query, cursor } },
        options,
      ),
    );
  }

  /** Lists the types of agent that can be created. */
  types(options?: CallOptions): Promise<AgentType[]> {
    return this.#caller.json(agentRoutes.agentTypes, {}, options);
  }

  /**
   * Adds a type of agent, for as long as the server runs; agents can be created of it at once. It needs an API key: a session does
   * not decide over what other games see. A ConflictError with the code `agent_type_exists` says that the name is taken.
   *
   * @example
   * await agentvm.agents.createType({ type: "tester", name: "Tester", color: "#CC3366", capabilities: ["testing"] });
   * const agent = await agentvm.agents.create("tester");
   */
  async createType(type: BodyOf<"agentTypeCreate">, options?: CallOptions): Promise<AgentType> {
    const { agentTypeRoutes } = await this.#parts.load();
    return (await this.#caller.json(agentTypeRoutes.agentTypeCreate, { body: type }, options)).agent_type;
  }

  /**
   * Moves an agent. Called for every agent in every frame of a game, it sends each agent's newest place as often as the client's
   * option `moves` and the viewer's distance allow, whether anybody awaits it or not. The promise has the answer of the message that
   * carried this place or a newer one; `applied` is false where a newer move of this client was there before. It rejects where the move
   * came to nothing; that goes to the client's `error` event too, so that a game need not look at it, and is no unhandled rejection then.
   *
   * With `options`, be they empty, the move is a call of its own, and goes out at once.
   *
   * @example
   * void agentvm.agents.move(agent.id, { x: 4, y: 0, z: 2 }); // in a game loop
   * const { applied } = await agentvm.agents.move(agent.id, { x: 4, y: 0, z: 2 });
   */
  move(
    agentId: string,
    to: Position | Omit<BodyOf<"agentMove">, "client_id">,
    options?: CallOptions,
  ): Promise<AnswerOf<"agentMove">> {
    const { moves, gathers, numbers } = this.#parts;
    const position = isBody(to) ? to.position : to;
    const details = isBody(to) ? detailsOf(to) : NO_DETAILS;
    if (details !== NO_DETAILS) numbers.reach(details.sequence);
    return gathers && options === undefined
      ? moves.move(agentId, position, details)
      : moves.moveNow(updateOf(agentId, position, details), options);
  }

  /** Sends the moves that wait, however near their time is. Resolves when they are on their way, or could not be. */
  async flushMoves(): Promise<void> {
    await this.#parts.moves.flush();
  }

  /**
   * Says where the game is looked at from: what is far is then moved less often, and heard of less often where the server can do
   * that. The distances and times are `bands`, nearest first; those of the contract, `DETAIL_BANDS`, unless told. Null: distance
   * counts no more. Cheap enough for every frame of a game.
   *
   * @example
   * agentvm.agents.setViewer(camera.position);
   */
  setViewer(position: Position | null, how: { readonly bands?: readonly DetailBand[] } = {}): void {
    this.#parts.moves.setViewer(position && { position: placeOf(position), ...how });
  }

  /** Moves up to 1000 agents in one request; each update stands alone, and `failed` tells which did not count. */
  moveMany(updates: readonly PositionUpdate[], options?: CallOptions): Promise<AnswerOf<"agentMoveMany">> {
    const { numbers } = this.#parts;
    for (const update of updates) numbers.reach(update.sequence);
    const sequence = numbers.next();
    const body = {
      client_id: numbers.clientId,
      updates: updates.map((update) => ({ sequence, ...update })),
    };
    return this.#parts.commander.json("agents.moveMany", agentRoutes.agentMoveMany, { body }, options);
  }

  /** Removes an agent; its running task is cancelled first. */
  async remove(agentId: string, options?: CallOptions): Promise<void> {
    await this.#caller.json(agentRoutes.agentRemove, { params: { agent_id: agentId } }, options);
  }

  /**
   * The game's agents as a map that is always current, by a snapshot and the live events from there on. It is empty
   * until the snapshot is there (`isReady`). Close it when it is not needed any more; `agentvm.close()` closes it too.
   * Call `connect` first. A client without a session, as one with a `sessionToken`, says which game.
   *
   * @throws ConfigError with the code `no_game` when it is not known which game, ClosedError after `close()`.
   *
   * @example
   * const agents = agentvm.agents.live();
   * agents.subscribe(() => console.log(agents.size));
   * const { version, changed, removed } = agents.changedSince(0); // cheap enough for every frame of a game
   */
  live({ gameId }: { readonly gameId?: string | undefined } = {}): LiveAgents {
    return this.#parts.live(gameId);
  }
}

function isBody(to: unknown): to is Omit<PositionUpdate, "agent_id"> {
  return typeof to === "object" && to !== null && "position" in to;
}

function detailsOf({ position: _position, ...details }: Omit<PositionUpdate, "agent_id">): MoveDetails {
  return details;
}
