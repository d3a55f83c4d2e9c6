import { noLonger } from "./checks.js";
import { countSchema, idSchema, metadataSchema, positionSchema, textSchema } from "./primitives.js";
import { array, literal, object, optional, strictObject } from "./schemas.js";

/** Spawn points and workspaces of one scene at the most. */
export const SCENE_POINTS_MAX = 1_000;

/** A desk, or any other place where an agent works. */
export const workspaceSchema = strictObject({ id: idSchema, position: positionSchema });

export const sceneBodySchema = strictObject({
  game_id: idSchema,
  name: optional(textSchema(120)),
  bounds: optional(strictObject({ min: positionSchema, max: positionSchema })),
  spawn_points: optional(array(positionSchema, noLonger(SCENE_POINTS_MAX))),
  workspaces: optional(array(workspaceSchema, noLonger(SCENE_POINTS_MAX))),
  metadata: optional(metadataSchema),
});

export const sceneAnswerSchema = object({
  success: literal(true),
  scene_id: idSchema,
  game_id: idSchema,
  /** Grows by one with each update of the scene. */
  revision: countSchema,
});
