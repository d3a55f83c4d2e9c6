import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import * as z from "zod/mini";
import { startMockServer } from "../../../mock-server/node.js";
import type { MockServer } from "../../../mock-server/node.js";
import { deskWork } from "./desk-work.js";
import { root } from "./engine.js";
import { prefixProxy } from "../../lib/prefix-proxy.js";
import type { PrefixProxy } from "../../lib/prefix-proxy.js";
import { startTomorrowServer } from "../../tomorrow/tomorrow-server.js";
import type { TomorrowServer } from "../../tomorrow/tomorrow-server.js";
import { addScriptedServers } from "./scripted-server.js";

const commandSchema = z.object({
  url: z.optional(z.string()),
  script: z.optional(z.string()),
  scripts: z.optional(z.string()),
  host: z.optional(z.string()),
  port: z.optional(z.number()),
  speed: z.optional(z.number()),
  max_agents: z.optional(z.number()),
  session_ttl: z.optional(z.number()),
  code: z.optional(z.number()),
});
type Command = z.infer<typeof commandSchema>;

const listeningSchema = z.object({ type: z.literal("listening"), url: z.string() });

/** Starts `agentvm serve`, a process of its own, and gives its URL when it listens. */
async function startServer(command: Command): Promise<{ url: string; child: ChildProcess }> {
  const args = ["--import", "tsx", join(root, "mock-server/cli/main.ts"), "serve", "--json", "--seed", "7"];
  args.push("--port", String(command.port ?? 0), "--speed", String(command.speed ?? 40));
  args.push("--rate-limit", "100000", "--allowed-host", "agents.internal");
  if (command.max_agents !== undefined) args.push("--max-agents", String(command.max_agents));
  if (command.scripts !== undefined) args.push("--scripts", join(root, command.scripts));
  if (command.session_ttl !== undefined) args.push("--session-ttl", String(command.session_ttl));
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const told = listeningSchema.safeParse(JSON.parse(line));
    if (told.success) {
      child.stdout.resume();
      return { url: told.data.url, child };
    }
  }
  throw new Error(`agentvm serve ended before it listened: ${said}`);
}

/** Starts a server, in this process, whose work asks and changes what its tasks say. */
function startDesk({ speed = 40 }: Command): Promise<MockServer> {
  return startMockServer({
    port: 0,
    seed: 7,
    clock: { speed },
    corsOrigins: ["*"],
    parts: { work: deskWork },
  });
}

/** Answers badly, in the way that the path names. */
function misbehave(way: string, response: ServerResponse): void {
  const json = { "content-type": "application/json" };
  switch (way) {
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Hello</title>");
      return;
    case "cut":
      response.writeHead(200, { ...json, "content-length": "1000" });
      response.write('{"success": tr', () => response.destroy());
      return;
    case "fastapi":
      response
        .writeHead(422, json)
        .end('{"detail":[{"loc":["body","game_name"],"msg":"field required","type":"missing"}]}');
      return;
    case "unsuccessful":
      response.writeHead(200, json).end('{"success":false,"message":"out of order"}');
      return;
    case "redirect":
      response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
      return;
    case "flood": {
      response.writeHead(200, json);
      const piece = " ".repeat(65_536);
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more);
      more();
      return;
    }
    case "busy":
      response.writeHead(503, { ...json, "retry-after": "0" }).end('{"detail":"busy"}');
      return;
    default:
    // Silence.
  }
}

/** What GDScript tests ask of the outside: real servers, started and killed. */
export interface Control {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens for what the tests inside the engine ask for. */
export async function startControl(): Promise<Control> {
  const servers = new Map<string, ChildProcess>();
  let shared: Promise<string> | undefined;

  const proxies: PrefixProxy[] = [];
  const tomorrow = new Map<string, TomorrowServer>();
  const desks: MockServer[] = [];

  const serve = async (command: Command): Promise<string> => {
    const { url, child } = await startServer(command);
    servers.set(url, child);
    return url;
  };

  const kill = async (url: string): Promise<void> => {
    const child = servers.get(url);
    servers.delete(url);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };

  const seen: string[] = [];

  const broken = (request: IncomingMessage, response: ServerResponse): void => {
    const way = (request.url ?? "").split("/")[2] ?? "";
    if (way === "busy") seen.push(String(request.headers["idempotency-key"]));
    misbehave(way, response);
  };

  const run = async (name: string, command: Command): Promise<unknown> => {
    if (name === "kill") {
      await kill(command.url ?? "");
      return {};
    }
    if (name === "seen" && command.script !== undefined) return scripted.seen(command.script);
    if (name === "seen") return { calls: seen.length, keys: new Set(seen).size };
    if (name === "serve" && Object.keys(command).length > 0) return { url: await serve(command) };
    if (name === "serve" || name === "proxy") shared ??= serve({ max_agents: 1_000 });
    if (name === "serve") return { url: await shared };
    if (name === "proxy") {
      const proxy = await prefixProxy((await shared) ?? "", { prefix: "/tools/agents", host: command.host });
      proxies.push(proxy);
      return { url: proxy.url };
    }
    if (name === "desk") {
      const desk = await startDesk(command);
      desks.push(desk);
      return { url: desk.url };
    }
    if (name === "tomorrow" && command.url === undefined) {
      const made = await startTomorrowServer(command.speed);
      tomorrow.set(made.url, made);
      return { url: made.url };
    }
    if (name === "tomorrow") {
      tomorrow.get(command.url ?? "")?.closeStreams(command.code ?? 4499);
      return {};
    }
    throw new Error(`there is no command ${name}`);
  };

  const server = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    if (request.url?.startsWith("/broken/") === true) {
      broken(request, response);
      return;
    }
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString("utf8");
    });
    request.on("end", () => {
      if (scripted.handle(request, response, body)) return;
      const command = commandSchema.parse(JSON.parse(body === "" ? "{}" : body));
      run((request.url ?? "/").slice(1), command).then(
        (answer) => response.end(JSON.stringify(answer)),
        (error: unknown) => {
          response.statusCode = 500;
          response.end(String(error));
        },
      );
    });
  });
  const scripted = addScriptedServers(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The control server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      await Promise.all([...proxies, ...tomorrow.values()].map((one) => one[Symbol.asyncDispose]()));
      await Promise.all([...servers.keys()].map(kill));
      await Promise.all(desks.map((desk) => desk.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
