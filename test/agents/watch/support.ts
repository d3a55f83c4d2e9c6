import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { onTestFinished } from "vitest";
import * as z from "zod";
import { startMockServer } from "../../../mock-server/node.js";
import { AgentVM } from "../../../src/index.js";
import type { Agent } from "../../../src/index.js";
import { startScriptedModel } from "../../../server/src/scripted-model/index.js";
import { start } from "../../cli/harness.js";
import { realCli } from "../support/clis.js";
import { desk } from "../support/desk.js";
import { scenariosOf } from "../support/scenarios.js";
import { eventually } from "./eventually.js";

/** An event, as a test looks at it. */
interface Heard {
  readonly type: unknown;
  readonly data: unknown;
}

/** The watcher's key. */
export const KEY = "secret-of-the-watcher";

/** A server in which all is simulated, with a game that is connected to it and remembers what it hears. */
export async function gameRoom() {
  const server = await startMockServer({ port: 0, apiKeys: ["development-key", `watch:worker:${KEY}`] });
  onTestFinished(() => server.close());
  const agentvm = new AgentVM({ endpoint: server.url, apiKey: "development-key" });
  onTestFinished(() => agentvm.close());
  await agentvm.connect({ game_name: "Room" });
  const events: Heard[] = [];
  const states: string[] = [];
  const made: Agent[] = [];
  agentvm.on("agent.state_changed", ({ data }) => void states.push(data.state));
  agentvm.on("agent.created", ({ data }) => void made.push(data.agent));
  const watchers = new Set<() => void>();
  agentvm.on("*", (event) => {
    events.push({ type: event.type, data: "data" in event ? event.data : null });
    for (const watcher of watchers) watcher();
  });
  /** Waits until something was heard that is looked for, so many times, and gives it. */
  const heard = (wanted: (event: Heard) => boolean, times = 1): Promise<Heard> =>
    eventually(watchers, () => events.filter(wanted)[times - 1]);
  return { server, agentvm, states, made, heard };
}

/** A person's project, and `agentvm watch` over it. */
export function person() {
  const own = desk();
  const env = { ...own.env, AGENTVM_API_KEY: KEY };
  const watch = (...args: readonly string[]) => start(["watch", ...args], { env, cwd: own.repository });
  /** The same with more variables. */
  const watchWith = (more: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    start(["watch", ...args], { env: { ...env, ...more }, cwd: own.repository });
  return { ...own, env, watch, watchWith };
}

const request = z.looseObject({ type: z.literal("control_request"), request_id: z.string() });

/** A session of the real claude in a person's project, who is asked what it may do. */
export async function session(
  { repository, env }: ReturnType<typeof person>,
  scenarios: string,
  prompt: string,
) {
  const model = await startScriptedModel(scenariosOf(scenarios));
  onTestFinished(() => model.close());
  const { AGENTVM_API_KEY: _key, ...own } = env;
  const args = ["-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"];
  const claude: ChildProcess = spawn(
    realCli("claude"),
    [...args, "--permission-prompt-tool", "stdio", "--setting-sources", "local"],
    {
      cwd: repository,
      env: { ...own, ANTHROPIC_API_KEY: "scripted", ANTHROPIC_BASE_URL: model.url },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  onTestFinished(() => void claude.kill("SIGKILL"));
  const write = (value: object): void => void claude.stdin?.write(`${JSON.stringify(value)}\n`);
  const requests: string[] = [];
  let rest = "";
  claude.stdout?.setEncoding("utf8").on("data", (piece: string) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const read = request.safeParse(JSON.parse(line));
      if (read.success) requests.push(read.data.request_id);
      if (line.includes('"type":"result"')) claude.stdin?.end();
    }
  });
  write({ type: "user", message: { role: "user", content: prompt } });
  const over = new Promise<number | null>((resolve) => claude.on("close", resolve));
  return {
    over,
    pid: claude.pid ?? 0,
    kill: () => void claude.kill("SIGKILL"),
    /** What the person says in the terminal to what was asked last. */
    answer(behavior: "allow" | "deny"): void {
      const request_id = requests.at(-1);
      const response =
        behavior === "allow" ? { behavior, updatedInput: {} } : { behavior, message: "The person said no." };
      write({ type: "control_response", response: { subtype: "success", request_id, response } });
    },
  };
}
