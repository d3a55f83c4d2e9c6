/** @jsxImportSource react */
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { renderToString } from "react-dom/server";
import type { AgentVM } from "../../../src/slim.js";
import { AgentVMProvider } from "../../../src/react.js";
import { listening } from "../../../scripts/lib/site.js";
import type { Site } from "../../../scripts/lib/site.js";
import { root } from "../../../scripts/lib/workspace.js";
import { Office } from "./office.js";

/** The page as a server renders it, where no client may be made. */
export function renderOnServer(): string {
  return renderToString(
    <AgentVMProvider
      create={(): AgentVM => {
        throw new Error("A client was made on a server.");
      }}
    >
      <Office />
    </AgentVMProvider>,
  );
}

/** Serves the office in React: empty at `/`, and as a server renders it at `/rendered`. */
export async function serveOffice(): Promise<Site> {
  const built = await build({
    entryPoints: [join(root, "test/react/lib/page.tsx")],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    conditions: ["default"],
    target: "es2022",
    define: { "process.env.NODE_ENV": '"development"' },
    logLevel: "silent",
  });
  const script = built.outputFiles[0]?.text ?? "";
  const server = createServer(({ url }, response) => {
    const isScript = url === "/page.js";
    response.writeHead(200, { "content-type": `text/${isScript ? "javascript" : "html"}; charset=utf-8` });
    const inside = url === "/rendered" ? renderOnServer() : "";
    response.end(
      isScript
        ? script
        : `<!doctype html><html lang="en"><title>Office</title><link rel="icon" href="data:,"><div id="root">${inside}</div><script src="/page.js"></script>`,
    );
  });
  return listening(server);
}
