import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { basename, join, resolve } from "node:path";
import { PACKAGE_VERSION, systemClock } from "oligarchy-agentvm";
import { startWorker } from "oligarchy-agentvm/worker";
import type { RunningWorker, Work, WorkByType, WorkerOptions } from "oligarchy-agentvm/worker";
import type { WorkspacePlan } from "../commands/workspace-options.js";
import { createProcesses } from "../processes/create-processes.js";
import { allowedEnvironment } from "../processes/environment.js";
import type { Environment, Variables } from "../processes/environment.js";
import { createRedactor } from "../processes/redact/redactor.js";
import { homeNeedsOf, openSandboxes } from "../sandbox/open-sandbox.js";
import type { Sandboxes } from "../sandbox/open-sandbox.js";
import { readScenarios, startScriptedModel } from "../scripted-model/index.js";
import type { ScriptedModel } from "../scripted-model/index.js";
import { stateFolder } from "../state-folder.js";
import { openWorkspace } from "../workspace/open-workspace.js";
import type { Workspace } from "../workspace/workspace.js";
import { agentWork } from "./agent-work.js";
import type { AgentWorkParts } from "./agent-work.js";
import { Conversations } from "./conversations.js";
import { findAgents } from "./present-agents.js";
import type { FoundAgent } from "./present-agents.js";
import { UnderWay } from "./under-way.js";

/** Real agents at work on the tasks of a server. */
export interface RunningAgents {
  readonly workspace: Workspace;
  readonly agents: readonly FoundAgent[];
  /** Types of agents whose tasks they do. */
  readonly types: readonly string[];
  readonly slots: number;
  /** What they run in; null for nothing. */
  readonly sandbox: Sandboxes | null;
  /** Rejects when the server does not take its key any more. */
  readonly ended: Promise<void>;
  /** Takes no more tasks, ends those that run, and lets go of the repository. */
  stop(): Promise<void>;
}

/** Where the tasks come from, and what people are told that the worker is called. */
export type Access = Pick<WorkerOptions, "endpoint" | "apiKey"> &
  Partial<Pick<WorkerOptions, "name" | "environment">>;

/** What agents are started in, and who is told of it. */
export interface AgentSurroundings {
  readonly env: Variables;
  readonly cwd: string;
  /** Is told what should be known, in sentences. */
  readonly warn: (text: string) => void;
  /** Is told what each agent does, in the moment in which that is read from it; it must not throw. */
  readonly onEvent?: AgentWorkParts["onEvent"];
}

/**
 * Starts to do tasks in a repository, with the agents that are here.
 *
 * @throws AgentError when there is no repository, no agent, no sandbox where one is wanted, or a setting is wrong.
 */
export async function startAgents(
  plan: WorkspacePlan,
  access: Access,
  { env, cwd, warn, onEvent }: AgentSurroundings,
): Promise<RunningAgents> {
  const workspace = await openWorkspace(resolve(cwd, plan.folder), {
    inPlace: plan.inPlace,
    environment: env,
    ...(plan.base !== null && { base: plan.base }),
  });
  let model: ScriptedModel | null = null;
  try {
    if (plan.scriptedModel !== null) {
      const scenarios = await readScenarios(resolve(cwd, plan.scriptedModel));
      model = await startScriptedModel(scenarios);
    }
    const variables = { ...env, ...(model !== null && scripted(model.url)) };
    const redactor = createRedactor(env, [access.apiKey]);
    const sandbox =
      plan.sandbox === null
        ? null
        : await openSandboxes(plan.sandbox, {
            ...{ env, cwd, redactor, root: workspace.root },
            inPlace: plan.inPlace,
          });
    const agents = await findAgents(plan.agents, plan.named, {
      env: variables,
      directory: workspace.root,
      redactor,
      sandbox,
    });
    for (const { warning } of agents) if (warning !== null && model === null) warn(warning);
    await workspace.settle();
    const clock = systemClock();
    const parts: AgentWorkParts = {
      workspace,
      conversations: new Conversations(stateFile(env, workspace.root)),
      processesFor: ({ id }, directory, scratch, agent) =>
        createProcesses({
          task: id,
          directories: [directory, scratch],
          redactor,
          clock,
          sandbox: sandbox?.make({ directory, scratch, needs: homeNeedsOf(agent) }) ?? null,
        }),
      setUp: plan.setUp === null ? null : { command: plan.setUp, environment: allowedEnvironment(env) },
      rules: plan.rules,
      askSeconds: plan.askSeconds,
      redact: (text) => redactor.redact(text),
      clock,
      ...(onEvent !== undefined && { onEvent }),
    };
    const slots = Math.min(plan.slots, workspace.atOnce ?? plan.slots);
    const underWay = new UnderWay();
    const work = workOf(agents, (agent) => underWay.of(agentWork(agent, parts)));
    const worker = await startWorker({
      name: `${basename(workspace.root)} on ${hostname()}`.slice(0, 80),
      ...access,
      work,
      slots,
      version: PACKAGE_VERSION,
      labels: labelsOf(agents, workspace),
      review: (task, verdict, message) => workspace.review(task, verdict, message),
      logger: { warn },
    });
    return running(worker, { workspace, agents, types: Object.keys(work), slots, sandbox, model, underWay });
  } catch (error) {
    await model?.close();
    await workspace.close();
    throw error;
  }
}

function running(
  worker: RunningWorker,
  {
    model,
    underWay,
    ...told
  }: Omit<RunningAgents, "ended" | "stop"> & {
    readonly model: ScriptedModel | null;
    readonly underWay: UnderWay;
  },
): RunningAgents {
  return {
    ...told,
    ended: worker.ended,
    async stop() {
      // What runs is a process: nobody waits half a minute for it at ctrl-c, and what it has done stays on its branch.
      await worker.stop({ graceMs: 0 });
      // Its programs are ended, and its files let go of, when the work itself is at its end.
      await underWay.ended();
      await model?.close();
      await told.workspace.close();
    },
  };
}

/** Each type of agent is done by the first that serves it; `custom` by the first of all, where none is said to. */
function workOf(agents: readonly FoundAgent[], workFor: (agent: FoundAgent) => Work): WorkByType {
  const work: Record<string, WorkByType[string]> = {};
  for (const agent of agents) for (const type of agent.types) work[type] ??= workFor(agent);
  const [first] = agents;
  if (first !== undefined) work["custom"] ??= workFor(first);
  return work;
}

function labelsOf(agents: readonly FoundAgent[], { root, base }: Workspace): Record<string, string> {
  const versions = agents.slice(0, 15).map(({ name, version }) => [name, version ?? "here"] as const);
  return { ...Object.fromEntries(versions), repository: root.slice(-200), base: base.slice(0, 200) };
}

/** Variables by which agents find the scripted model, with a key that is none. */
function scripted(url: string): Environment {
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: "scripted",
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: "scripted",
    CODEX_API_KEY: "scripted",
    OPENCODE_CONFIG_CONTENT: JSON.stringify({
      model: "scripted/scripted",
      small_model: "scripted/scripted",
      enabled_providers: ["scripted"],
      provider: {
        scripted: {
          npm: "@ai-sdk/openai-compatible",
          name: "Scripted",
          options: { baseURL: `${url}/v1`, apiKey: "scripted" },
          models: {
            scripted: { name: "Scripted", tool_call: true, limit: { context: 100_000, output: 8_000 } },
          },
        },
      },
    }),
  };
}

/** Where a repository's conversations are remembered. */
function stateFile(env: Variables, root: string): string {
  const hash = createHash("sha256").update(root).digest("hex").slice(0, 12);
  return join(stateFolder(env), "conversations", `${hash}.json`);
}
