import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Adapter, AgentResult } from "../../../server/src/adapters/adapter.js";
import { startScriptedModel } from "../../../server/src/scripted-model/index.js";
import type { ScriptedModel } from "../../../server/src/scripted-model/index.js";
import { AgentRoom } from "./agent-room.js";
import type { RoomRun } from "./agent-room.js";
import { scenariosOf } from "./scenarios.js";

/** A room with a file in it, an agent, and the model that it talks to. */
export interface Scene {
  readonly room: AgentRoom;
  readonly model: ScriptedModel;
  /** Has the agent fix the jump, where nothing else is said. */
  run(given?: Partial<RoomRun>): Promise<AgentResult>;
  /** What stands in the file, `player.ts`. */
  text(): string;
}

/**
 * Makes what opens scenes with a real agent; they are closed after their test.
 *
 * @param variables What the agent needs to find the model at an address.
 */
export function scenesFor(
  adapter: Adapter,
  { program, file, variables }: SceneOptions,
): (yaml: string) => Promise<Scene> {
  const opened: Scene[] = [];
  afterEach(async () => {
    for (const { room, model } of opened.splice(0)) {
      await model.close();
      room[Symbol.dispose]();
    }
  });
  return async (yaml) => {
    const model = await startScriptedModel(scenariosOf(yaml));
    const room = new AgentRoom({ "player.ts": file });
    const scene: Scene = {
      room,
      model,
      run: (given = {}) =>
        adapter.run(
          room.run({
            prompt: "Fix the jump",
            program,
            ...given,
            environment: { ...variables(model.url), ...given.environment },
          }),
        ),
      text: () => readFileSync(join(room.directory, "player.ts"), "utf8"),
    };
    opened.push(scene);
    return scene;
  };
}

/** What scenes with one agent have in common. */
export interface SceneOptions {
  readonly program: string;
  /** What stands in `player.ts` at first. */
  readonly file: string;
  readonly variables: (url: string) => Readonly<Record<string, string>>;
}
