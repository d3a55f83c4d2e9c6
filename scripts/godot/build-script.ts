import { buildClassicScript } from "../lib/classic-script.js";

/** The classic script that a Godot web export loads: SDK, embedded backend and facade. */
export function buildGodotScript(): Promise<Buffer> {
  return buildClassicScript("mock-server/godot.ts");
}
