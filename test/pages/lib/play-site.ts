import { createServer } from "node:http";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { listening } from "../../../scripts/lib/site.js";
import type { Site } from "../../../scripts/lib/site.js";
import { root } from "../../../scripts/lib/workspace.js";

const PAGE = `<!doctype html><html lang="en"><title>A game</title><link rel="icon" href="data:,"><script src="/play-page.js"></script><script src="/godot.js"></script>`;

/**
 * Serves pages that hold the SDK and the script of a Godot export, and do nothing with them yet: every path is such a page, but
 * `/elsewhere`, which is another's.
 */
export async function servePlay(): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: ["test/pages/lib/play-page.ts", "mock-server/godot.ts"].map((file) => join(root, file)),
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: root,
    entryNames: "[name]",
    format: "iife",
    platform: "browser",
    conditions: ["default"],
    target: "es2022",
  });
  const scripts = new Map(outputFiles.map(({ path, text }) => [`/${basename(path)}`, text]));
  const server = createServer(({ url = "/" }, response) => {
    const script = scripts.get(url);
    const type = script === undefined ? "text/html" : "text/javascript";
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` });
    response.end(script ?? (url === "/elsewhere" ? "<title>Elsewhere</title>" : PAGE));
  });
  return listening(server);
}
