import { startAgents } from "../worker/start-agents.js";
import { aborted } from "./aborted.js";
import { accessOf } from "./access.js";
import type { AddCommand, CommandContext } from "./context.js";
import { addWorkspaceOptions, planOf } from "./workspace-options.js";
import type { WorkspaceOptions } from "./workspace-options.js";
import { describedOf, toldOf } from "./tell-agents.js";

interface WorkerCommandOptions extends WorkspaceOptions {
  readonly endpoint?: string;
  readonly key?: string;
  readonly name?: string;
  readonly json?: boolean;
}

/** `agentvm worker`: does the tasks of a server in a repository, with the agents that are here, until it is stopped. */
export const addWorker: AddCommand = (program, run) => {
  const command = program
    .command("worker")
    .description("Do the tasks of a server with real command-line agents, in a git repository.")
    .option("--endpoint <url>", "the server (API_ENDPOINT, else http://localhost:8000)")
    .option(
      "--key <key>",
      "a key with the role worker; better in AGENTVM_API_KEY, where no list of processes shows it",
    )
    .option("--workspace <folder>", "the repository, or a folder in it", ".")
    .option(
      "--name <text>",
      "what people are told that this worker is called (default: the repository and the machine)",
    );
  addWorkspaceOptions(command);
  command
    .option("--json", "print what happens as JSON, one object a line")
    .action(() => run((context) => work(command.opts<WorkerCommandOptions>(), context)));
};

async function work(options: WorkerCommandOptions, context: CommandContext): Promise<number> {
  const { terminal, env, cwd, signal } = context;
  const { endpoint, apiKey } = accessOf(options, env);
  const agents = await startAgents(
    planOf(options, cwd),
    { endpoint, apiKey, ...(options.name !== undefined && { name: options.name }) },
    { env, cwd, warn: (text) => terminal.problem(`agentvm: ${text}`) },
  );
  try {
    if (options.json === true) terminal.json({ type: "working", endpoint, ...describedOf(agents) });
    else {
      const { bold, cyan, dim } = terminal.colors;
      terminal.line(`${bold("AgentVM")} works for ${cyan(endpoint)}`);
      for (const [what, is] of toldOf(agents)) terminal.line(`  ${what.padEnd(11)} ${is}`);
      terminal.line(dim("Stop it with ctrl-c."));
    }
    await Promise.race([aborted(signal), agents.ended]);
  } finally {
    await agents.stop();
  }
  if (options.json === true) terminal.json({ type: "stopped" });
  else terminal.line("Stopped.");
  return 0;
}
