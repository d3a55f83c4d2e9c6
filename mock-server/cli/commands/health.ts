import type { Command } from "commander";
import { AgentVM } from "../../../src/index.js";
import type { CommandContext } from "../context.js";
import type { ExitCode } from "../exit-codes.js";
import { EXIT } from "../exit-codes.js";
import type { RunCommand } from "../run-command.js";
import { positiveNumber } from "../option-parsers.js";
import type { TargetOptions } from "../target.js";
import { addTargetOptions, resolveTarget } from "../target.js";
import { plain } from "../text.js";

interface HealthOptions extends TargetOptions {
  readonly timeout: number;
  readonly json?: boolean;
}

/** `agentvm health`: is the server there, and is it well? Asked once, so that a probe gets the truth of now. */
export function addHealth(program: Command, run: RunCommand): void {
  const command = program
    .command("health")
    .description("Ask a server whether it is well; the exit code tells.");
  addTargetOptions(command)
    .option("--timeout <seconds>", "how long to wait for the answer", positiveNumber(600), 10)
    .option("--json", "print the answer as JSON")
    .action(() => run((context) => health(command.opts<HealthOptions>(), context)));
}

async function health(options: HealthOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, signal } = context;
  const target = resolveTarget(options, context, { needsKey: false });
  const agentvm = new AgentVM({ ...target, timeoutMs: options.timeout * 1_000, retries: 0 });
  try {
    const answer = await agentvm.system.health({ signal });
    if (options.json === true) terminal.json({ endpoint: target.endpoint, ...answer });
    else {
      const { green, yellow, bold } = terminal.colors;
      const word = answer.status === "healthy" ? green(answer.status) : yellow(answer.status);
      terminal.line(`${bold(target.endpoint)} is ${word}: ${plain(answer.service)} ${plain(answer.version)}`);
    }
    return answer.status === "healthy" ? EXIT.ok : EXIT.failed;
  } finally {
    await agentvm.close();
  }
}
