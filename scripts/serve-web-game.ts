/** Builds the example web game and serves its files on this machine, until it is stopped. */
import { join } from "node:path";
import { preview } from "vite";
import { buildWebGame, webGame } from "./lib/web-game.js";

const outDir = join(webGame, "dist");
await buildWebGame(outDir);
const server = await preview({ root: webGame, configFile: false, build: { outDir }, logLevel: "warn" });
for (const url of server.resolvedUrls?.local ?? []) console.log(`The game is at ${url}`);
