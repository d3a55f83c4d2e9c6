/** Builds the classic script for Godot's web exports into dist and copies it into the addon, where it is committed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipBytes } from "../lib/bundle.js";
import { root } from "../lib/workspace.js";
import { buildGodotScript } from "./build-script.js";

const script = await buildGodotScript();
mkdirSync(join(root, "dist"), { recursive: true });
writeFileSync(join(root, "dist/agentvm-godot.js"), script);
writeFileSync(join(root, "addons/agentvm/web/agentvm-godot.js"), script);
console.log(`agentvm-godot.js: ${(gzipBytes(script) / 1000).toFixed(1)} kB gzipped`);
