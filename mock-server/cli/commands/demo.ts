import { randomInt } from "node:crypto";
import type { Command } from "commander";
import { AgentVM } from "../../../src/index.js";
import { systemClock } from "../../../src/contract/clock.js";
import { createMockBackend } from "../../index.js";
import type { CommandContext } from "../context.js";
import type { DemoEvent, Tell } from "../demo/events.js";
import { createNarrator } from "../demo/narrate.js";
import { runRealDemo } from "../demo/real/run.js";
import type { RealDemoOptions } from "../demo/real/run.js";
import { playStory } from "../demo/story.js";
import type { ExitCode } from "../exit-codes.js";
import { EXIT } from "../exit-codes.js";
import { positiveNumber, wholeNumber } from "../option-parsers.js";
import type { RunCommand } from "../run-command.js";
import type { ServerPackage } from "../server-package.js";
import type { TargetOptions } from "../target.js";
import { addTargetOptions, resolveTarget } from "../target.js";
import { UsageError } from "../usage-error.js";

/** How fast the embedded backend's time goes when nothing is said: the whole demo takes some seconds. */
const DEFAULT_SPEED = 10;

interface DemoOptions extends TargetOptions, RealDemoOptions {
  readonly seed?: number;
  readonly speed?: number;
  readonly real?: boolean;
}

/** `agentvm demo`: the main job from beginning to end, on the embedded backend or on any server, or by a real agent. */
export function addDemo(program: Command, run: RunCommand, workspaces: ServerPackage | null): void {
  const command = program
    .command("demo")
    .description(
      "Watch a team of agents take tasks, work and finish. Needs no server; with --endpoint or --profile it uses one.",
    )
    .option("--seed <number>", "what chance begins with, embedded backend", wholeNumber(0, 2 ** 32 - 1))
    .option(
      "--speed <factor>",
      `how many seconds of work pass in one, embedded backend (default: ${DEFAULT_SPEED})`,
      positiveNumber(1_000),
    );
  addTargetOptions(command)
    .option(
      "--real",
      "a real command-line agent of this machine mends a small repository (needs oligarchy-agentvm-server)",
    )
    .option("--agent <name>", "the agent that does it (default: the first that can), with --real")
    .option("--scripted", "what it thinks is written down, so that it needs no account, with --real")
    .option("--yes", "ask nobody: allow what it asks once, and accept its work, with --real")
    .option("--json", "print what happens as JSON, one object a line")
    .action(() => run((context) => demo(command.opts<DemoOptions>(), context, workspaces)));
}

async function demo(
  options: DemoOptions,
  context: CommandContext,
  workspaces: ServerPackage | null,
): Promise<ExitCode> {
  const ok = await play(options, context, workspaces);
  return ok ? EXIT.ok : EXIT.failed;
}

async function play(
  options: DemoOptions,
  context: CommandContext,
  workspaces: ServerPackage | null,
): Promise<boolean> {
  if (options.real === true && workspaces !== null) {
    refuse(options, SIMULATED, "--real brings its own server, and simulates nothing.");
    return runRealDemo(options, context, workspaces);
  }
  refuse(options, REAL, "Only a real agent is asked for that.");
  return options.endpoint === undefined && options.profile === undefined
    ? onEmbeddedBackend(options, context)
    : onServer(options, context);
}

/** Options that go with agents that are simulated, and those that go with a real one. */
const SIMULATED = ["seed", "speed", "endpoint", "key", "profile"] as const;
const REAL = ["agent", "scripted", "yes"] as const;

function refuse(options: DemoOptions, names: readonly (keyof DemoOptions)[], why: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new UsageError(
    `--${given} does not go with ${names === REAL ? "agents that are simulated" : "--real"}. ${why}`,
    names === REAL ? `Give --real too, or leave out --${given}.` : `Leave out --${given}, or --real.`,
  );
}

async function onEmbeddedBackend(options: DemoOptions, context: CommandContext): Promise<boolean> {
  const seed = options.seed ?? randomInt(2 ** 32);
  const speed = options.speed ?? DEFAULT_SPEED;
  const backend = createMockBackend({ seed, clock: { speed } });
  const connection = backend.connection();
  // The client lives by the backend's clock, so that it also looks as often as work goes on.
  const agentvm = new AgentVM({ ...connection, clock: backend.clock });
  const tell = teller(options, context, () => backend.clock.now(), speed);
  // Nobody begins to work before all work is given out, so that the same seed tells the same story at any speed.
  backend.clock.speed = 0;
  try {
    tell({ type: "started", backend: "embedded", endpoint: connection.endpoint, seed, speed });
    const onAssigned = (): void => {
      backend.clock.speed = speed;
    };
    return await playStory(agentvm, { tell, signal: context.signal, onAssigned });
  } finally {
    await agentvm.close();
    backend.close();
  }
}

async function onServer(options: DemoOptions, context: CommandContext): Promise<boolean> {
  if (options.seed !== undefined || options.speed !== undefined)
    throw new UsageError(
      "--seed and --speed are for the embedded backend; a server has its own.",
      "Leave them out, or give them to agentvm serve.",
    );
  const target = resolveTarget(options, context, { needsKey: true });
  const agentvm = new AgentVM({ ...target });
  const clock = systemClock();
  const tell = teller(options, context, () => clock.now(), 1);
  try {
    tell({ type: "started", backend: "server", endpoint: target.endpoint, seed: null, speed: null });
    return await playStory(agentvm, { tell, signal: context.signal });
  } finally {
    await agentvm.close();
  }
}

function teller(options: DemoOptions, { terminal }: CommandContext, now: () => number, speed: number): Tell {
  if (options.json !== true) return createNarrator({ terminal, now, speed });
  const begin = now();
  return (event: DemoEvent) => terminal.json({ at_ms: Math.round(now() - begin), ...event });
}
