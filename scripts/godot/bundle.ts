/** Builds the classic scripts for Godot's web exports into dist and copies them into the addon, where they are committed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipBytes } from "../lib/bundle.js";
import { root } from "../lib/workspace.js";
import { buildGodotScripts } from "./build-script.js";

mkdirSync(join(root, "dist"), { recursive: true });
for (const [name, script] of await buildGodotScripts()) {
  writeFileSync(join(root, "dist", name), script);
  writeFileSync(join(root, "addons/agentvm/web", name), script);
  console.log(`${name}: ${(gzipBytes(script) / 1000).toFixed(1)} kB gzipped`);
}
