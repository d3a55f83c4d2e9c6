import type { Command } from "commander";
import { AgentVM } from "../../../src/index.js";
import type { SystemStatus } from "../../../src/contract/index.js";
import type { CommandContext } from "../context.js";
import type { ExitCode } from "../exit-codes.js";
import { EXIT } from "../exit-codes.js";
import { pairs } from "../table.js";
import type { TargetOptions } from "../target.js";
import { addTargetOptions, resolveTarget } from "../target.js";
import type { Colors } from "../terminal.js";
import { count, duration, percent } from "../text.js";
import type { RunCommand } from "../run-command.js";

interface StatusOptions extends TargetOptions {
  readonly json?: boolean;
}

/** `agentvm status`: the agents, tasks and load of a server. */
export function addStatus(program: Command, run: RunCommand): void {
  const command = program.command("status").description("Show a server's agents, tasks and load.");
  addTargetOptions(command)
    .option("--json", "print the answer as JSON")
    .action(() => run((context) => status(command.opts<StatusOptions>(), context)));
}

async function status(options: StatusOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, signal } = context;
  const target = resolveTarget(options, context, { needsKey: true });
  const agentvm = new AgentVM({ ...target });
  try {
    const answer = await agentvm.system.status({ signal });
    if (options.json === true) terminal.json({ endpoint: target.endpoint, ...answer });
    else {
      terminal.line(terminal.colors.bold(target.endpoint));
      for (const line of pairs(rowsOf(answer, terminal.colors), terminal.colors)) terminal.line(line);
    }
    return EXIT.ok;
  } finally {
    await agentvm.close();
  }
}

function rowsOf(status: SystemStatus, colors: Colors): (readonly [string, string])[] {
  const states = Object.entries(status.agents_by_state)
    .filter(([, agents]) => agents > 0)
    .map(([state, agents]) => `${agents} ${state}`)
    .join(", ");
  const over = status.completed_tasks + status.failed_tasks + status.cancelled_tasks;
  const times = status.response_time_ms;
  return [
    [
      "agents",
      `${status.total_agents}${states === "" ? "" : ` (${states})`}, at most ${status.max_agents} in one game`,
    ],
    [
      "spawning",
      status.auto_spawn ? `on, ${count(status.min_idle_agents, "idle agent")} kept ready` : "only when asked",
    ],
    ["tasks", `${status.active_tasks} active, ${status.pending_tasks} waiting, ${over} over`],
    [
      "ended",
      `${colors.green(`${status.completed_tasks} completed`)}, ${colors.red(`${status.failed_tasks} failed`)}, ` +
        `${colors.yellow(`${status.cancelled_tasks} cancelled`)} (${percent(status.task_completion_rate)} completed)`,
    ],
    ["games", `${count(status.sessions, "session")}, ${count(status.websocket_clients, "live connection")}`],
    ["requests", `${status.requests}, ${percent(status.error_rate)} of them failed in the server`],
    ["answers in", `${ms(times.p50)} median, ${ms(times.p95)} p95, ${ms(times.p99)} p99`],
    ["up for", duration(status.uptime_seconds)],
    ...(status.resources === null
      ? []
      : [
          [
            "process",
            `${(status.resources.heap_bytes / 1_048_576).toFixed(1)} MiB of heap, ` +
              `${duration(status.resources.cpu_seconds)} of processor time`,
          ] as const,
        ]),
  ];
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`;
}
