import { delimiter, dirname } from "node:path";
import { startMockServer } from "../../../mock-server/node.js";
import { planOf } from "../../../server/src/commands/workspace-options.js";
import { startScriptedModel } from "../../../server/src/scripted-model/index.js";
import { startAgents } from "../../../server/src/worker/start-agents.js";
import { AgentVM } from "../../../src/index.js";
import type { TaskHandle } from "../../../src/index.js";
import { startBrowser } from "../../godot/lib/page.js";
import { servePlay } from "../../pages/lib/play-site.js";
import { PLANTED_KEY } from "../support/agent-room.js";
import { realCli } from "../support/clis.js";
import type { desk } from "../support/desk.js";
import { scenariosOf } from "../support/scenarios.js";
import { beginsToCode } from "./latency.js";
import type { StateSeen, ToolRead } from "./latency.js";
import { watchProcesses } from "./processes-seen.js";

/** Who works: opencode needs several times what claude does to start. */
export const CREW = [...Array<"claude">(8).fill("claude"), ...Array<"opencode">(2).fill("opencode")];

/** Seconds that the model thinks before each tool; one that is real takes longer. */
const THINKS = 0.8;

/** Files that each writes, and commands that each runs. */
export const ROUNDS = { claude: 6, opencode: 2 } as const;

/** Files that all of them write. */
export const FILES = CREW.reduce((sum, type) => sum + ROUNDS[type], 0);

const WORKER_KEY = "secret-of-the-desk";

const now = (): number => performance.timeOrigin + performance.now();

/** What each is told to build. */
const partOf = (place: number): string => `part-${String(place).padStart(2, "0")}`;

/**
 * What the agents think: each writes files of its own and runs commands, has a command print the key, and says it. The first two also change
 * the same line of the same file, each in its own way.
 */
function scenarios(): string {
  const written = CREW.map((type, place) => {
    const part = partOf(place);
    const rounds = Array.from({ length: ROUNDS[type] }, (_, round) => [
      `  - pause: ${THINKS}`,
      `  - write: { path: "${part}/${round}.txt", content: "${part} ${round}\\n" }`,
      `  - pause: ${THINKS}`,
      `  - run: ${round === 0 ? "printenv ANTHROPIC_API_KEY" : `cat ${part}/${round}.txt`}`,
    ]);
    const shared = [
      "  - read: player.ts",
      `  - edit: { path: player.ts, old: "jump = 1", new: "jump = ${place + 7}" }`,
    ];
    const all = [...rounds.flat(), ...(place < 2 ? shared : []), `  - say: The key is ${PLANTED_KEY}.`];
    return [`- prompt: ${part}`, "  steps:", ...all];
  });
  return ["scenarios:", ...written.flat()].join("\n");
}

/** Variables of a machine on which both agents have the planted key, and a model that plays scenarios. */
function machineOf(env: ReturnType<typeof desk>["env"], url: string) {
  const provider = {
    npm: "@ai-sdk/openai-compatible",
    options: { baseURL: `${url}/v1`, apiKey: "{env:ANTHROPIC_API_KEY}" },
    models: { scripted: { tool_call: true, limit: { context: 100_000, output: 8_000 } } },
  };
  const settings = {
    model: "scripted/scripted",
    small_model: "scripted/scripted",
    enabled_providers: ["scripted"],
    provider: { scripted: provider },
  };
  return {
    ...env,
    PATH: [env.PATH, dirname(realCli("opencode"))].join(delimiter),
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: PLANTED_KEY,
    OPENCODE_CONFIG_CONTENT: JSON.stringify(settings),
  };
}

/** A game in Chromium with ten agents, and what its page is told of them. */
async function openGame(endpoint: string) {
  const site = await servePlay();
  const browser = await startBrowser();
  const page = await browser.newPage();
  await page.goto(site.url);
  const ids = await page.evaluate(
    async ({ endpoint, crew }) => {
      window.agentvm = new window.play.OverFetch({ endpoint, apiKey: "development-key" });
      await window.agentvm.connect({ game_name: "Ten" });
      const seen: { agentId: string; state: string; at: number }[] = [];
      Object.assign(window, { seen });
      window.agentvm.on("agent.state_changed", ({ data: { agent_id, state } }) => {
        seen.push({ agentId: agent_id, state, at: performance.timeOrigin + performance.now() });
      });
      const ids: string[] = [];
      for (const [place, agent_type] of crew.entries())
        ids.push((await window.agentvm.agents.create({ agent_type, name: `Agent ${place}` })).id);
      return ids;
    },
    { endpoint, crew: CREW },
  );
  return {
    ids,
    seen: () => page.evaluate((): readonly StateSeen[] => Reflect.get(window, "seen")),
    async close() {
      await browser.close();
      await site.close();
    },
  };
}

/** What is to be ended, the last first. */
type Ends = (() => unknown)[];

async function endAll(ends: Ends): Promise<void> {
  for (const end of ends.splice(0).toReversed()) await end();
}

/** Has ten real agents work on one repository at once, on a server of its own, until all of them have come to an end. */
export async function tenAtWork(place: ReturnType<typeof desk>) {
  const ends: Ends = [];
  const close = (): Promise<void> => endAll(ends);
  try {
    return { ...(await work(place, ends)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function work({ repository, root, env, git }: ReturnType<typeof desk>, ends: Ends) {
  const model = await startScriptedModel(scenariosOf(scenarios()));
  ends.push(() => model.close());
  const logs: string[] = [];
  const server = await startMockServer({
    port: 0,
    workBy: "workers",
    apiKeys: ["development-key", `desk:worker:${WORKER_KEY}`],
    onError: (error) => void logs.push(String(error)),
  });
  ends.push(() => server.close());
  const events: string[] = [];
  const player = new AgentVM({ endpoint: server.url, apiKey: "development-key" });
  ends.push(() => player.close());
  player.on("*", (event) => void events.push(JSON.stringify(event)));
  await player.openEvents();
  const processes = watchProcesses();
  ends.push(() => processes[Symbol.dispose]());
  const known = new Set<string>();
  const read: { readonly taskId: string; readonly at: number }[] = [];
  const agents = await startAgents(
    planOf(
      { workspace: repository, agent: ["claude", "opencode"], allow: ["write", "run"], slots: CREW.length },
      root,
    ),
    { endpoint: server.url, apiKey: WORKER_KEY },
    {
      env: machineOf(env, model.url),
      cwd: root,
      warn: (text) => void logs.push(text),
      onEvent: (taskId, event) => {
        if (beginsToCode(event, known)) read.push({ taskId, at: now() });
      },
    },
  );
  ends.push(() => agents.stop());
  const game = await openGame(server.url);
  ends.push(() => game.close());
  const base = git("rev-parse", "main");
  const tasks: TaskHandle[] = [];
  for (const [place, agent_id] of game.ids.entries())
    tasks.push(await player.tasks.assign({ agent_id, prompt: `Build ${partOf(place)}` }));
  const results = await Promise.all(tasks.map((task) => task.result()));
  const agentOf = new Map(tasks.map(({ id }, place) => [id, game.ids[place] ?? ""]));
  const tools = read.map(({ taskId, at }): ToolRead => ({ agentId: agentOf.get(taskId) ?? "", at }));
  return { player, tasks, results, base, tools, states: await game.seen(), events, logs, processes };
}
