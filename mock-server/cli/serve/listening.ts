import { DEVELOPMENT_KEY } from "../../../src/config/index.js";
import type { Environment } from "../../../src/config/index.js";
import type { Limits } from "../../../src/contract/index.js";
import type { RunningWorkspace } from "../server-package.js";
import type { ToldRecording } from "./recording.js";
import { pairs } from "../table.js";
import type { Terminal } from "../terminal.js";
import { count, duration, mebibytes } from "../text.js";

/** What the server tells when it listens. */
export interface Listening {
  readonly url: string;
  readonly websocket_url: string;
  readonly port: number;
  readonly seed: number;
  readonly speed: number;
  /** How many scripts the file has; null where none was named. */
  readonly scripts: number | null;
  readonly environment: Environment;
  readonly development_key: boolean;
  readonly work: "simulation" | "workers" | "workspace" | "replay";
  /** The recording that it answers from; left out where there is none. */
  readonly replay?: ToldRecording;
  /** What real agents work on and who they are; left out where there are none. */
  readonly workspace?: Readonly<Record<string, unknown>>;
  /** Whose own sessions are shown; left out where nobody's are. */
  readonly watch?: Readonly<Record<string, unknown>>;
  /** Where the console is; null where none is served. */
  readonly console_url: string | null;
  readonly limits: Limits;
}

/** Whose agents they are. */
const AGENTS = {
  simulation: "simulated agents",
  workers: "agents of workers",
  workspace: "real agents",
  replay: "a recording",
} as const;

/** What happens to tasks that no script fits. */
const ELSE = {
  simulation: "it is simulated",
  workers: "workers do it",
  workspace: "real agents do it",
  replay: "it is as it was recorded",
} as const;

/** Tells people where the server listens, how it works, and how to call it. */
export function tellListening(
  listening: Listening,
  workspace: RunningWorkspace["told"],
  terminal: Terminal,
): void {
  const { bold, cyan, dim, yellow } = terminal.colors;
  const { limits } = listening;
  terminal.line(`${bold("AgentVM")} (${AGENTS[listening.work]}) listens on ${cyan(listening.url)}`);
  const rows: (readonly [string, string])[] = [
    ["live events", listening.websocket_url],
    ["calls", `${listening.url}/docs`],
    ["console", listening.console_url ?? "not served"],
    ["environment", listening.environment],
    [
      "key",
      listening.development_key
        ? `${DEVELOPMENT_KEY} ${yellow("(well known: for this machine alone)")}`
        : "your own",
    ],
    [
      "agents",
      `at most ${limits.max_agents} in one game, ` +
        (limits.auto_spawn ? `${limits.min_idle_agents} kept idle and ready` : "created only when asked"),
    ],
    [
      "limits",
      `${count(limits.rate_limit_per_minute, "request")} a minute, sessions of ${duration(limits.session_ttl_seconds)}, ` +
        `${mebibytes(limits.game_bytes)} for a game`,
    ],
    ...(listening.work === "workers" ? [["work", waitsForWorkers(limits)] as const] : []),
    ...(listening.replay === undefined ? [] : [["recording", recordingWords(listening.replay)] as const]),
    ...workspace,
    [
      "time",
      `${listening.speed === 1 ? "as it goes" : `${listening.speed} times as fast`}, seed ${listening.seed}`,
    ],
  ];
  if (listening.scripts !== null)
    rows.push([
      "scripts",
      `${count(listening.scripts, "script")}, and where none fits ${ELSE[listening.work]}`,
    ]);
  for (const line of pairs(rows, terminal.colors)) terminal.line(line);
  terminal.line();
  terminal.line("Call it:");
  const key = listening.development_key ? `'X-API-Key: ${DEVELOPMENT_KEY}'` : '"X-API-Key: $AGENTVM_API_KEY"';
  terminal.line(`  curl -H ${key} ${listening.url}/system/status`);
  terminal.line(dim("Stop it with ctrl-c."));
}

function recordingWords({ calls, endpoint, recorded_at, full }: ToldRecording): string {
  const end = full ? "; it was full before the end" : "";
  return `${count(calls, "call")} of ${endpoint}, ${recorded_at}${end}`;
}

function waitsForWorkers({ lease_seconds, max_attempts }: Limits): string {
  const times = max_attempts === 1 ? "once" : `${max_attempts} times`;
  return `by workers that join, silent for ${duration(lease_seconds)} at most; a task is begun ${times} at most`;
}
