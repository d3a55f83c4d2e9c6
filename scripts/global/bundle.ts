/** Builds `dist/agentvm.global.js`, for a page without a bundler. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipBytes } from "../lib/bundle.js";
import { buildClassicScript } from "../lib/classic-script.js";
import { root } from "../lib/workspace.js";

const script = await buildClassicScript("mock-server/global.ts");
mkdirSync(join(root, "dist"), { recursive: true });
writeFileSync(join(root, "dist/agentvm.global.js"), script);
console.log(`agentvm.global.js: ${(gzipBytes(script) / 1000).toFixed(1)} kB gzipped`);
