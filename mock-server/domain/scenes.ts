import { SCENES_PER_GAME_MAX } from "./bounds.js";
import type { Core } from "./core.js";
import type { Engine } from "./engine.js";
import { invalidRequest } from "./errors.js";
import { frozenCopy } from "./frozen.js";
import { requireGame } from "./lookup.js";
import { reserve } from "./byte-budget.js";
import { weightOfScene } from "./weights.js";

/** The calls about scenes. Each game names its own, so two games may each have a `lobby`. */
export function sceneCalls(core: Core): Engine["scenes"] {
  return {
    put(scope, scene_id, body) {
      const { game_id } = body;
      requireGame(core, scope, game_id);
      const scenes = core.world.scenes.get(game_id);
      if (scenes && !scenes.has(scene_id) && scenes.size >= SCENES_PER_GAME_MAX) {
        throw invalidRequest(
          ["path", "scene_id"],
          `must be one of the game's scenes: it has ${SCENES_PER_GAME_MAX} already, as many as may be`,
        );
      }
      const before = scenes?.get(scene_id);
      const revision = (before?.revision ?? 0) + 1;
      const kept = frozenCopy(body, ["body"]);
      reserve(core, game_id, weightOfScene(kept) - (before === undefined ? 0 : weightOfScene(before.body)));
      core.ledger.note({ type: "scene.kept", scene_id, body: kept });
      core.ledger.emit({ type: "scene.updated", game_id, data: { scene_id, game_id, revision } });
      return { scene_id, game_id, revision };
    },
  };
}
