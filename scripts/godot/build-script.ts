import { buildClassicScript } from "../lib/classic-script.js";

/** The classic script that a Godot web export loads: SDK, embedded backend and facade. */
export function buildGodotScript(): Promise<Buffer> {
  return buildClassicScript("mock-server/godot.ts");
}

/** The second one, which such a page loads once its game names a file of scripts. */
export function buildGodotScripts(): Promise<Buffer> {
  return buildClassicScript("mock-server/godot-scripts.ts");
}
