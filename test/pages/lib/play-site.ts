import { createServer } from "node:http";
import { once } from "node:events";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { root } from "../../../scripts/lib/workspace.js";

/** A site on this machine whose pages hold the SDK and the script of a Godot export, and do nothing with them yet. */
export interface PlaySite {
  readonly url: string;
  close(): Promise<void>;
}

const PAGE = `<!doctype html><html lang="en"><title>A game</title><link rel="icon" href="data:,"><script src="/play-page.js"></script><script src="/godot.js"></script>`;

/** Serves the site. Every path is such a page, but `/elsewhere`, which is another's. */
export async function servePlay(): Promise<PlaySite> {
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
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The site has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
