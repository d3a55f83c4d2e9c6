import { Option } from "commander";
import type { Command } from "commander";
import type { Limits } from "../../src/contract/index.js";
import { DEFAULT_LIMITS, LIMITS_MAX } from "../../src/contract/limits.js";
import { switchValue, wholeNumber } from "./option-parsers.js";

/** Options that change a server's limits; what is not given stays as the profile or the default has it. */
export interface LimitsOptions {
  readonly maxAgents?: number;
  readonly autoSpawn?: boolean;
  readonly minIdleAgents?: number;
  readonly promptMaxCharacters?: number;
  readonly completedTaskTtl?: number;
  readonly sessionTtl?: number;
  readonly leaveGrace?: number;
  readonly rateLimit?: number;
  readonly eventBuffer?: number;
  readonly gameBytes?: number;
  readonly leaseSeconds?: number;
  readonly maxAttempts?: number;
}

const MANY = 1_000_000_000;

/** Adds an option for every limit. */
export function addLimitsOptions(command: Command): Command {
  const number = (flag: string, text: string, least: number, standard: number, most = MANY): void => {
    command.addOption(new Option(flag, `${text} (default: ${standard})`).argParser(wholeNumber(least, most)));
  };
  const standard = DEFAULT_LIMITS;
  number("--max-agents <n>", "agents that one game may have", 1, standard.max_agents);
  command.addOption(
    new Option("--auto-spawn [yes]", "keep spare agents ready: true or false (default: false)").argParser(
      switchValue,
    ),
  );
  number(
    "--min-idle-agents <n>",
    "agents kept ready with --auto-spawn",
    0,
    standard.min_idle_agents,
    LIMITS_MAX.min_idle_agents,
  );
  number(
    "--prompt-max-characters <n>",
    "longest prompt",
    1,
    standard.prompt_max_characters,
    LIMITS_MAX.prompt_max_characters,
  );
  number(
    "--completed-task-ttl <seconds>",
    "how long a task that is over can be read",
    1,
    standard.completed_task_ttl_seconds,
  );
  number(
    "--session-ttl <seconds>",
    "how long a silent game stays connected",
    1,
    standard.session_ttl_seconds,
  );
  number(
    "--leave-grace <seconds>",
    "how long a game that was left keeps its agents",
    0,
    standard.leave_grace_seconds,
  );
  number("--rate-limit <n>", "requests a minute for one key", 1, standard.rate_limit_per_minute);
  number(
    "--event-buffer <n>",
    "events of each game kept for clients that come back",
    1,
    standard.event_buffer,
    LIMITS_MAX.event_buffer,
  );
  number("--game-bytes <n>", "bytes that one game may hold", 1, standard.game_bytes);
  number(
    "--lease-seconds <n>",
    "how long a worker may be silent before its tasks go to others",
    1,
    standard.lease_seconds,
  );
  number("--max-attempts <n>", "how often a task is begun whose workers are lost", 1, standard.max_attempts);
  return command;
}

/** The limits that were given. */
export function limitsFrom(options: LimitsOptions): Partial<Limits> {
  const given: Partial<Limits> = {};
  if (options.maxAgents !== undefined) given.max_agents = options.maxAgents;
  if (options.autoSpawn !== undefined) given.auto_spawn = options.autoSpawn;
  if (options.minIdleAgents !== undefined) given.min_idle_agents = options.minIdleAgents;
  if (options.promptMaxCharacters !== undefined) given.prompt_max_characters = options.promptMaxCharacters;
  if (options.completedTaskTtl !== undefined) given.completed_task_ttl_seconds = options.completedTaskTtl;
  if (options.sessionTtl !== undefined) given.session_ttl_seconds = options.sessionTtl;
  if (options.leaveGrace !== undefined) given.leave_grace_seconds = options.leaveGrace;
  if (options.rateLimit !== undefined) given.rate_limit_per_minute = options.rateLimit;
  if (options.eventBuffer !== undefined) given.event_buffer = options.eventBuffer;
  if (options.gameBytes !== undefined) given.game_bytes = options.gameBytes;
  if (options.leaseSeconds !== undefined) given.lease_seconds = options.leaseSeconds;
  if (options.maxAttempts !== undefined) given.max_attempts = options.maxAttempts;
  return given;
}
