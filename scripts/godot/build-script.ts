import { buildClassicScripts } from "../lib/classic-script.js";

/**
 * The classic scripts of a Godot web export, by their names: the SDK with the facade, which the page loads; the embedded backend, which
 * that loads for `mock://`; and what reads scripts of a game's own, for an endpoint that names some.
 */
const scripts: Readonly<Record<string, string>> = {
  "agentvm-godot.js": "mock-server/godot.ts",
  "agentvm-godot-backend.js": "mock-server/godot-backend.ts",
  "agentvm-godot-scripts.js": "mock-server/godot-scripts.ts",
};

/** Builds each of them. They belong together: a page that has one of another build is told so. */
export async function buildGodotScripts(): Promise<ReadonlyMap<string, Buffer>> {
  const built = await buildClassicScripts(Object.values(scripts));
  return new Map(Object.keys(scripts).map((name, place) => [name, built[place] ?? Buffer.alloc(0)]));
}
