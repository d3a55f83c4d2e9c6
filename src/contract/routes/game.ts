import * as z from "../zod.js";
import { gameAgentsAnswerSchema } from "../games.js";
import { idSchema } from "../primitives.js";
import { route } from "../route.js";

const gameParams = z.object({ game_id: idSchema });

/** The calls about a game as it is, by name. */
export const gameRoutes = {
  gameAgents: route({
    method: "GET",
    path: "/game/agents/{game_id}",
    access: "caller",
    params: gameParams,
    answer: { kind: "json", schema: gameAgentsAnswerSchema },
  }),
} as const;
