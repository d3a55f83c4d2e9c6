import type { Command } from "commander";
import { startAgents } from "../worker/start-agents.js";
import type { Access } from "../worker/start-agents.js";
import type { CommandContext, RunCommand } from "./context.js";
import { addDoctor } from "./doctor.js";
import { describedOf, toldOf } from "./tell-agents.js";
import { addWatch, beginWatch } from "./watch.js";
import type { WatchOptions } from "./watch.js";
import { addWorker } from "./worker.js";
import { planOf } from "./workspace-options.js";
import type { WorkspaceOptions } from "./workspace-options.js";

export { addWatchOptions } from "./watch.js";
export { addWorkspaceOptions } from "./workspace-options.js";

/** Adds the commands of this package to `agentvm`. */
export function addCommands(program: Command, run: RunCommand): void {
  addWorker(program, run);
  addDoctor(program, run);
  addWatch(program, run);
}

/** Starts to do the tasks of a server in the same process, as the options of `agentvm serve --workspace` say. */
export async function startWorkspace(options: WorkspaceOptions, access: Access, context: CommandContext) {
  const { terminal, env, cwd } = context;
  const warn = (text: string): void => terminal.problem(`agentvm: ${text}`);
  const agents = await startAgents(planOf(options, cwd), access, { env, cwd, warn });
  return {
    agents: agents.agents.map(({ name, version, types, login }) => ({ name, version, types, login })),
    told: toldOf(agents),
    described: describedOf(agents),
    ended: agents.ended,
    stop: () => agents.stop(),
  };
}

/** Shows the sessions of a person's own in the server of this process, as the options of `agentvm serve --watch` say. */
export async function startWatching(
  options: WatchOptions & { readonly watch: string },
  access: Access,
  context: CommandContext,
) {
  const watching = await beginWatch(options.watch, options, access, context);
  return {
    told: [["watches", `sessions of claude in ${watching.folder}`]] as const,
    described: { folder: watching.folder },
    ended: watching.ended,
    stop: () => watching.stop(),
  };
}
