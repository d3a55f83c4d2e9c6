/**
 * Builds the classic script for Godot's web exports into dist and copies it into the addon. With `--check` it
 * builds and compares, and exits with 1 when the addon's copy is another.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipBytes } from "../lib/bundle.js";
import { root } from "../lib/workspace.js";
import { buildGodotScript } from "./build-script.js";

const addon = join(root, "addons/agentvm/web/agentvm-godot.js");
const script = await buildGodotScript();

if (process.argv.includes("--check")) {
  const same = existsSync(addon) && readFileSync(addon).equals(script);
  console.log(same ? "The addon's script is current." : "The addon's script is old. Run `npm run build`.");
  process.exitCode = same ? 0 : 1;
} else {
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, "dist/agentvm-godot.js"), script);
  writeFileSync(addon, script);
  console.log(`agentvm-godot.js: ${(gzipBytes(script) / 1000).toFixed(1)} kB gzipped`);
}
