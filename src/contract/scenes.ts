import * as s from "./schema/index.js";
import { noMoreItems } from "./schema/rules.js";
import { metadataSchema } from "./metadata.js";
import { countSchema, idSchema, positionSchema, textSchema } from "./primitives.js";

/** Spawn points and workspaces of one scene at the most. */
export const SCENE_POINTS_MAX = 1_000;

/** A desk, or any other place where an agent works. */
export const workspaceSchema = s.strictObject({ id: idSchema, position: positionSchema });

export const sceneBodySchema = s.strictObject({
  game_id: idSchema,
  name: s.optional(textSchema(120)),
  bounds: s.optional(s.strictObject({ min: positionSchema, max: positionSchema })),
  spawn_points: s.optional(s.array(positionSchema, noMoreItems(SCENE_POINTS_MAX))),
  workspaces: s.optional(s.array(workspaceSchema, noMoreItems(SCENE_POINTS_MAX))),
  metadata: s.optional(metadataSchema),
});

export const sceneAnswerSchema = s.object({
  success: s.literal(true),
  scene_id: idSchema,
  game_id: idSchema,
  /** Grows by one with each update of the scene. */
  revision: countSchema,
});
