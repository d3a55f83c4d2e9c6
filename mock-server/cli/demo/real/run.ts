import { randomBytes } from "node:crypto";
import { AgentVM } from "../../../../src/index.js";
import { DEVELOPMENT_KEY } from "../../../../src/config/index.js";
import { systemClock } from "../../../../src/contract/clock.js";
import { CONSOLE_PATH, consoleFront } from "../../../console/server/console-front.js";
import { startMockServer } from "../../../node.js";
import { packagedConsole } from "../../console-files.js";
import type { CommandContext } from "../../context.js";
import type { RunningWorkspace, ServerPackage, WorkingAgent } from "../../server-package.js";
import { UsageError } from "../../usage-error.js";
import type { RealDemoEvent, Tell } from "./events.js";
import { createRealNarrator } from "./narrate.js";
import { personAt, WILLING } from "./player.js";
import { makeRepository, TEST_COMMAND } from "./repository.js";
import { playRealStory } from "./story.js";

/** How the demo with a real agent is wanted. */
export interface RealDemoOptions {
  /** A model on this machine says what is written down, in the place of one that costs something. */
  readonly scripted?: boolean;
  /** Nobody is asked: everything is allowed once, and the work accepted. */
  readonly yes?: boolean;
  /** The agent that works; the first that is here and can reach its model without it. */
  readonly agent?: string;
  readonly json?: boolean;
}

/**
 * Makes a repository with a bug, serves it to a real agent, and has that mend it.
 *
 * @throws UsageError where there is no agent that could.
 */
export async function runRealDemo(
  options: RealDemoOptions,
  context: CommandContext,
  workspaces: ServerPackage,
): Promise<boolean> {
  const { env, signal, terminal, ask } = context;
  const repository = makeRepository(env);
  const workerKey = randomBytes(24).toString("hex");
  const files = packagedConsole();
  const server = await startMockServer({
    port: 0,
    apiKeys: [DEVELOPMENT_KEY, `workspace:worker:${workerKey}`],
    workBy: "workers",
    ...(files === null ? {} : { front: (handler, backend) => consoleFront(handler, backend, files) }),
  });
  let workspace: RunningWorkspace | null = null;
  const agentvm = new AgentVM({ endpoint: server.url, apiKey: DEVELOPMENT_KEY });
  try {
    workspace = await workspaces.startWorkspace(
      {
        workspace: repository.folder,
        allow: [`run:${TEST_COMMAND}`],
        ...(options.agent === undefined ? {} : { agent: [options.agent] }),
        ...(options.scripted === true ? { scriptedModel: repository.scenarios } : {}),
      },
      { endpoint: server.url, apiKey: workerKey },
      context,
    );
    const { agent, type } = chosen(workspace.agents);
    const tell = teller(options, context);
    tell({
      type: "started",
      agent: { name: agent.name, version: agent.version },
      scripted: options.scripted ?? false,
      repository: repository.folder,
      endpoint: server.url,
      console_url: files === null ? null : `${server.url}${CONSOLE_PATH}`,
    });
    const isAsked = ask !== undefined && options.yes !== true && options.json !== true;
    const story = playRealStory({
      agentvm,
      repository,
      agentType: type,
      player: isAsked ? personAt(ask, terminal) : WILLING,
      tell,
      signal,
    });
    // Rejects when the agents cannot go on, and gives nothing before.
    return await Promise.race([story, workspace.ended.then(() => story)]);
  } finally {
    await agentvm.close();
    await workspace?.stop();
    await server.close();
    repository.remove();
  }
}

/** The first agent that can reach a model, as far as one can see. */
function chosen(agents: readonly WorkingAgent[]): { readonly agent: WorkingAgent; readonly type: string } {
  for (const agent of agents) {
    const [type] = agent.types;
    if (agent.login !== "none" && type !== undefined) return { agent, type };
  }
  const names = agents.map(({ name }) => name).join(" and ");
  throw new UsageError(
    `${names} ${agents.length === 1 ? "is" : "are"} here, and neither logged in nor given a key.`,
    "Log in, as agentvm doctor says, or give --scripted: then the agent thinks what is written down, and needs no account.",
  );
}

function teller({ json }: RealDemoOptions, { terminal }: CommandContext): Tell {
  const clock = systemClock();
  if (json !== true) return createRealNarrator(terminal, () => clock.now());
  const begin = clock.now();
  return (event: RealDemoEvent) => terminal.json({ at_ms: Math.round(clock.now() - begin), ...event });
}
