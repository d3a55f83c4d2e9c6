import * as z from "../zod.js";
import { idSchema } from "../primitives.js";
import { route } from "../route.js";
import { sceneAnswerSchema, sceneBodySchema } from "../scenes.js";

const sceneParams = z.object({ scene_id: idSchema });

/** The calls about a game's scenes, by name. */
export const sceneRoutes = {
  sceneUpdate: route({
    method: "PUT",
    path: "/game/scene/{scene_id}",
    access: "caller",
    params: sceneParams,
    body: sceneBodySchema,
    answer: { kind: "json", schema: sceneAnswerSchema },
  }),
} as const;
