import { AgentVM, isAgentVMError } from "oligarchy-agentvm/slim";
import { createMockBackend } from "oligarchy-agentvm/mock";
import type { MockBackend } from "oligarchy-agentvm/mock";
import { DESKS, DEPTH, DOOR, SCENE_ID, SEATS, WIDTH } from "../world/layout.js";
import { centreOf } from "../world/grid.js";
import type { Cell } from "../world/grid.js";
import { dealTickets } from "../play/tickets.js";
import { seededChance } from "../world/random.js";
import { ownWork } from "./own-work.js";
import { tasksThatAsk } from "./tasks-that-ask.js";

/** A client that is connected, and what it talks to. */
export interface Studio {
  readonly agentvm: AgentVM;
  readonly gameId: string;
  /** How the backend is called on the screen. */
  readonly place: string;
  /** The backend, where it is in this page: then the game can be saved with it. */
  readonly backend: MockBackend | null;
  /** Types of agents whose tasks workers do there, for real; empty where the work is simulated. */
  readonly workedOn: readonly string[];
  close(): Promise<void>;
}

/** How the backend in the page is made. */
export interface EmbeddedOptions {
  readonly seed: number;
  readonly speed: number;
  /** A backend's snapshot and the game in it, to go on from. */
  readonly saved?: { readonly snapshot: unknown; readonly gameId: string } | undefined;
}

/** How a server is reached. */
export interface ServerOptions {
  readonly endpoint: string;
  /** Empty where the server wants none. */
  readonly apiKey: string;
}

/** Room for those who come to help, beside the people who have a desk. */
const HELPERS_MAX = 6;
const GAME_NAME = "Studio floor";
/** Long enough for a slow server, short enough for a player who typed another's address. */
const CONNECT_MS = 8_000;

/** Starts the whole backend in this page. @throws for a snapshot that cannot be used. */
export async function openEmbedded({ seed, speed, saved }: EmbeddedOptions): Promise<Studio> {
  const backend = createMockBackend({
    seed,
    clock: { speed },
    // What a third of the tickets ask, what claudes do, and the rest simulated.
    scripts: tasksThatAsk(dealTickets(seededChance(seed)), seededChance(seed + 3)),
    work: { claude: ownWork },
    limits: { max_agents: DESKS.length + HELPERS_MAX, rate_limit_per_minute: 100_000 },
    ...(saved && { snapshot: saved.snapshot }),
  });
  const agentvm = new AgentVM({ ...backend.connection() });
  const close = async (): Promise<void> => {
    await agentvm.close();
    backend.close();
  };
  try {
    const gameId = await enter(agentvm, saved?.gameId);
    return { agentvm, gameId, place: "Embedded backend", backend, workedOn: [], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens a game at a server. @throws AgentVMError when that cannot be. */
export async function openServer({ endpoint, apiKey }: ServerOptions): Promise<Studio> {
  if (typeof WebSocket === "undefined") {
    throw new Error("this browser has no WebSocket. The game without a server needs none.");
  }
  const agentvm = new AgentVM({ endpoint, ...(apiKey !== "" && { apiKey }), retries: 1 });
  try {
    const gameId = await enter(agentvm);
    const workedOn = await typesWorkedOn(agentvm);
    const close = async (): Promise<void> => {
      // The game is over, so its session is not kept for a page that comes back.
      await agentvm.game.disconnect({ totalTimeoutMs: 2_000 }).catch(() => undefined);
      await agentvm.close();
    };
    return { agentvm, gameId, place: new URL(endpoint).host, backend: null, workedOn, close };
  } catch (error) {
    await agentvm.close();
    throw error;
  }
}

/** Types whose tasks workers do; those of a server that tells nobody but its own keeper are not known. */
async function typesWorkedOn(agentvm: AgentVM): Promise<readonly string[]> {
  try {
    const workers = await agentvm.workers.list({ totalTimeoutMs: CONNECT_MS });
    return [...new Set(workers.flatMap(({ agent_types }) => agent_types))];
  } catch (error) {
    if (isAgentVMError(error)) return [];
    throw error;
  }
}

/** Opens the session and tells the backend of the floor, so that agents take the time to walk to their desks. */
async function enter(agentvm: AgentVM, savedGame?: string): Promise<string> {
  const game = {
    game_name: GAME_NAME,
    ...(savedGame !== undefined && { game_id: savedGame }),
    // A page that is reloaded has the people on a server that it had. Without a storage it begins anew.
    resume: true,
  };
  const { game_id } = await agentvm.connect(game, { timeoutMs: CONNECT_MS / 2, totalTimeoutMs: CONNECT_MS });
  await agentvm.game.updateScene(SCENE_ID, {
    game_id,
    name: GAME_NAME,
    bounds: { min: { x: 0, y: 0, z: 0 }, max: { x: WIDTH, y: 3, z: DEPTH } },
    spawn_points: [positionOf(DOOR)],
    workspaces: SEATS.map((seat, desk) => ({ id: `desk_${desk + 1}`, position: positionOf(seat) })),
  });
  return game_id;
}

/** The middle of a square as the contract writes places. */
export function positionOf(cell: Cell): { x: number; y: number; z: number } {
  const { x, z } = centreOf(cell);
  return { x, y: 0, z };
}
