import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChildServer, startChild } from "./child-server.js";

const here = import.meta.dirname;
const root = join(here, "..");

/** Requests a minute that no load here reaches, so that the rate limit is counted but never met. */
const UNREACHED_RATE = 1_000_000_000;

const headers = { "X-API-Key": "development-key" };

/** The built command, as a user would start it; `nodeOptions` are for Node itself. */
export function startAgentvm(
  options: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): Promise<ChildServer> {
  const command = join(root, "dist/cli.js");
  return startChild(
    (port) => [
      ...nodeOptions,
      command,
      "serve",
      "--port",
      String(port),
      "--seed",
      "7",
      "--rate-limit",
      String(UNREACHED_RATE),
      ...options,
    ],
    "/health",
    headers,
  );
}

/** A server of the least code, from `bench/peers`: `node-http`, `hono` or `bare-ws`. */
export function startBare(name: "node-http" | "hono" | "bare-ws"): Promise<ChildServer> {
  return startChild((port) => [join(here, "peers", `${name}.mjs`), String(port)], "/agents/agent_1", headers);
}

/** Prism, which answers from the contract's own OpenAPI document. */
export function startPrism(): Promise<ChildServer> {
  const prism = join(here, "node_modules/@stoplight/prism-cli/dist/index.js");
  const document = join(root, "mock-server/generated/openapi.json");
  return startChild((port) => [prism, "mock", document, "--port", String(port)], "/agents/agent_1", headers);
}

/** json-server over one agent in a file. */
export async function startJsonServer(agent: object): Promise<ChildServer> {
  const folder = mkdtempSync(join(tmpdir(), "agentvm-bench-"));
  const database = join(folder, "db.json");
  writeFileSync(database, JSON.stringify({ agents: [agent] }));
  const command = join(here, "node_modules/json-server/lib/cli/bin.js");
  const server = await startChild(
    (port) => [command, "--quiet", "--port", String(port), database],
    "/agents/agent_1",
    headers,
  );
  return {
    url: server.url,
    pid: server.pid,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
