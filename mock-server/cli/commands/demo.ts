import { randomInt } from "node:crypto";
import type { Command } from "commander";
import { AgentVM } from "../../../src/index.js";
import { systemClock } from "../../../src/contract/clock.js";
import { createMockBackend } from "../../index.js";
import type { CommandContext } from "../context.js";
import type { DemoEvent, Tell } from "../demo/events.js";
import { createNarrator } from "../demo/narrate.js";
import { playStory } from "../demo/story.js";
import type { ExitCode } from "../exit-codes.js";
import { EXIT } from "../exit-codes.js";
import { positiveNumber, wholeNumber } from "../option-parsers.js";
import type { RunCommand } from "../run-command.js";
import type { TargetOptions } from "../target.js";
import { addTargetOptions, resolveTarget } from "../target.js";
import { UsageError } from "../usage-error.js";

/** How fast the embedded backend's time goes when nothing is said: the whole demo takes some seconds. */
const DEFAULT_SPEED = 10;

interface DemoOptions extends TargetOptions {
  readonly seed?: number;
  readonly speed?: number;
  readonly json?: boolean;
}

/** `agentvm demo`: the main job from beginning to end, on the embedded backend or on any server. */
export function addDemo(program: Command, run: RunCommand): void {
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
    .option("--json", "print what happens as JSON, one object a line")
    .action(() => run((context) => demo(command.opts<DemoOptions>(), context)));
}

async function demo(options: DemoOptions, context: CommandContext): Promise<ExitCode> {
  const ok =
    options.endpoint === undefined && options.profile === undefined
      ? await onEmbeddedBackend(options, context)
      : await onServer(options, context);
  return ok ? EXIT.ok : EXIT.failed;
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
