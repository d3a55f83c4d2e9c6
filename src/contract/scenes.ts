import * as z from "./zod.js";
import { list } from "./schema.js";
import { metadataSchema } from "./metadata.js";
import { countSchema, idSchema, positionSchema, textSchema } from "./primitives.js";

/** Spawn points and workspaces of one scene at the most. */
export const SCENE_POINTS_MAX = 1_000;

/** A desk, or any other place where an agent works. */
export const workspaceSchema = z.strictObject({ id: idSchema, position: positionSchema });

/** The body of `PUT /game/scene/{scene_id}`. */
export const sceneBodySchema = z.strictObject({
  game_id: idSchema,
  name: z.optional(textSchema(120)),
  bounds: z.optional(z.strictObject({ min: positionSchema, max: positionSchema })),
  spawn_points: z.optional(list(positionSchema, SCENE_POINTS_MAX)),
  workspaces: z.optional(list(workspaceSchema, SCENE_POINTS_MAX)),
  metadata: z.optional(metadataSchema),
});

/** The answer to `PUT /game/scene/{scene_id}`. */
export const sceneAnswerSchema = z.object({
  success: z.literal(true),
  scene_id: idSchema,
  game_id: idSchema,
  /** Grows by one with each update of the scene. */
  revision: countSchema,
});
