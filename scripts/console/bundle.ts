/** Builds `dist/console`, which `agentvm serve` serves at `/console`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipBytes } from "../lib/bundle.js";
import { root } from "../lib/workspace.js";
import { buildConsole } from "./build-console.js";

const folder = join(root, "dist/console");
mkdirSync(folder, { recursive: true });
const files = await buildConsole();
for (const [name, text] of files) writeFileSync(join(folder, name), text);
const bytes = [...files.values()].reduce((sum, text) => sum + gzipBytes(Buffer.from(text)), 0);
console.log(`console: ${(bytes / 1000).toFixed(1)} kB gzipped`);
