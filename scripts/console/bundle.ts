/** Builds `dist/console`, which `agentvm serve` serves at `/console`. */
import { gzipBytes } from "../lib/bundle.js";
import { writeConsole } from "./build-console.js";

const files = await writeConsole();
const bytes = [...files.values()].reduce((sum, text) => sum + gzipBytes(Buffer.from(text)), 0);
console.log(`console: ${(bytes / 1000).toFixed(1)} kB gzipped`);
