import { buildClassicScript } from "../lib/classic-script.js";
import type { Instead } from "../lib/classic-script.js";

/** These stand in the place of parts that the addon never asks for. */
const instead: Instead = [
  ["mock-server/desk/documents.ts", "scripts/godot/instead/documents.ts"],
  ["mock-server/desk/late-code.ts", "scripts/godot/instead/late-code.ts"],
  ["mock-server/engine/read-snapshot.ts", "scripts/godot/instead/snapshot.ts"],
  ["mock-server/engine/snapshot.ts", "scripts/godot/instead/snapshot.ts"],
  ["mock-server/operations/handlers/analytics.ts", "scripts/godot/instead/analytics.ts"],
  ["src/contract/routes/analytics.ts", "scripts/godot/instead/analytics.ts"],
  ["mock-server/hosts/in-page/network.ts", "scripts/godot/instead/network.ts"],
  ["mock-server/hosts/in-page/web-socket.ts", "scripts/godot/instead/web-socket.ts"],
  ["src/realtime/core.ts", "scripts/godot/instead/core.ts"],
];

/** The classic script that a Godot web export loads: SDK, embedded backend and facade. */
export function buildGodotScript(): Promise<Buffer> {
  return buildClassicScript("mock-server/godot.ts", instead);
}
