import { randomInt } from "node:crypto";
import { Option } from "commander";
import type { Command } from "commander";
import { DEVELOPMENT_KEY, loadConfig } from "../../../src/config/index.js";
import type { Environment } from "../../../src/config/index.js";
import { systemClock } from "../../../src/contract/clock.js";
import type { Limits } from "../../../src/contract/index.js";
import { DEFAULT_LIMITS } from "../../../src/contract/limits.js";
import { secretOf } from "../../calls/index.js";
import { TOTAL_BYTES_MAX } from "../../domain/index.js";
import type { MockServer, MockServerOptions } from "../../node.js";
import { startMockServer } from "../../node.js";
import type { ConsoleFiles } from "../../console/server/console-front.js";
import { CONSOLE_PATH, consoleFront } from "../../console/server/console-front.js";
import { packagedConsole } from "../console-files.js";
import type { CommandContext } from "../context.js";
import type { ExitCode } from "../exit-codes.js";
import { EXIT } from "../exit-codes.js";
import { idsWithFreshEpoch } from "../fresh-epoch.js";
import type { LimitsOptions } from "../limits-options.js";
import { addLimitsOptions, limitsFrom } from "../limits-options.js";
import { positiveNumber, several, severalHosts, severalOrigins, wholeNumber } from "../option-parsers.js";
import type { RunCommand } from "../run-command.js";
import { followScripts } from "../scripts/follow-scripts.js";
import type { ScriptsNews } from "../scripts/follow-scripts.js";
import { ScriptsFile } from "../scripts/scripts-file.js";
import { pairs } from "../table.js";
import { addProfileOptions, isLoopbackHost } from "../target.js";
import type { Terminal } from "../terminal.js";
import { count, duration, mebibytes } from "../text.js";
import { UsageError } from "../usage-error.js";

/** Who does the work on tasks that no script fits. */
const WORK_BY = ["simulation", "workers"] as const;
type WorkBy = (typeof WORK_BY)[number];

interface ServeOptions extends LimitsOptions {
  readonly port: number;
  readonly host: string;
  readonly key?: readonly string[];
  readonly seed?: number;
  readonly speed: number;
  readonly scripts?: string;
  readonly work: WorkBy;
  readonly totalBytes?: number;
  readonly corsOrigin?: readonly string[];
  readonly allowedHost?: readonly string[];
  readonly trustedProxies?: number;
  /** Undefined where neither --console nor --no-console was given. */
  readonly console?: boolean;
  readonly profile?: Environment;
  readonly configDir?: string;
  readonly json?: boolean;
}

/** What the server tells when it listens. */
interface Listening {
  readonly url: string;
  readonly websocket_url: string;
  readonly port: number;
  readonly seed: number;
  readonly speed: number;
  /** How many scripts the file has; null where none was named. */
  readonly scripts: number | null;
  readonly environment: Environment;
  readonly development_key: boolean;
  readonly work: WorkBy;
  /** Where the console is; null where none is served. */
  readonly console_url: string | null;
  readonly limits: Limits;
}

/** `agentvm serve`: the reference backend behind a port, until it is stopped. */
export function addServe(program: Command, run: RunCommand): void {
  const command = program
    .command("serve")
    .description("Serve the AgentVM backend over HTTP until ctrl-c.")
    .option("--port <port>", "the port; 0 takes any that is free", wholeNumber(0, 65_535), 8_000)
    .option("--host <address>", "the address; anything but this machine needs a key of your own", "127.0.0.1")
    .option(
      "--key <key>",
      "an API key to accept, or name:role:secret for one that may not do all (roles: game, worker, observer); " +
        `more than once for several; better in AGENTVM_API_KEY, or in the profile's agentvm.api_keys (default: ${DEVELOPMENT_KEY})`,
      several,
    )
    .option(
      "--seed <number>",
      "what chance begins with (default: another one each time)",
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option("--speed <factor>", "how many seconds of work pass in one", positiveNumber(10_000), 1)
    .option(
      "--scripts <file>",
      "what happens to tasks, in YAML or JSON; read again whenever the file changes",
    )
    .addOption(
      new Option(
        "--work <who>",
        "who works on all other tasks; workers join, and a task that none of them serves waits",
      )
        .choices(WORK_BY)
        .default("simulation" satisfies WorkBy),
    );
  addLimitsOptions(command).option(
    "--total-bytes <n>",
    "bytes that all games together may hold (default: 268435456, or an eighth of a smaller heap)",
    wholeNumber(1, TOTAL_BYTES_MAX),
  );
  addProfileOptions(command)
    .option(
      "--cors-origin <origin>",
      "an origin whose pages may call; more than once for several",
      severalOrigins,
    )
    .option(
      "--allowed-host <name>",
      "a name under which it may be called beside its addresses and localhost; more than once for several",
      severalHosts,
    )
    .option(
      "--trusted-proxies <n>",
      "how many reverse proxies stand before it; strangers are counted by the address that those saw",
      wholeNumber(0, 10),
    )
    .option("--console", "serve the console at /console, also where other machines reach it")
    .option("--no-console", "serve no console (default: it is served to this machine alone)")
    .option("--json", "print what happens as JSON, one object a line")
    .action(() => run((context) => serve(command.opts<ServeOptions>(), context)));
}

async function serve(options: ServeOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, signal } = context;
  const [firstKey] = options.key ?? [];
  const config = loadConfig({
    environment: options.profile,
    directory: options.configDir,
    cwd: context.cwd,
    env: firstKey === undefined ? context.env : { ...context.env, AGENTVM_API_KEY: firstKey },
    role: "server",
  });
  // Where the profile lists keys, the well-known one lets nobody in.
  const first = config.hasOwnKey || config.apiKeys.length === 0 ? [config.clientOptions.apiKey] : [];
  const apiKeys = [...first, ...(options.key ?? []).slice(1), ...config.apiKeys];
  const developmentKey = apiKeys.some((key) => secretOf(key) === DEVELOPMENT_KEY);
  if (developmentKey && !isLoopbackHost(options.host))
    throw new UsageError(
      `Anybody who reaches ${options.host} could use the well-known development key.`,
      "Set a key of your own in AGENTVM_API_KEY, or stay on this machine with --host 127.0.0.1.",
    );
  const seed = options.seed ?? randomInt(2 ** 32);
  const limits = { ...DEFAULT_LIMITS, ...config.limits, ...limitsFrom(options) };
  checkLimits(limits);
  const files = consoleFor(options);
  const file = options.scripts === undefined ? null : new ScriptsFile(options.scripts, context.cwd);
  const scripts = file?.read() ?? [];
  const server = await start(terminal, {
    port: options.port,
    host: options.host,
    apiKeys,
    seed,
    limits,
    ...(options.work === "workers" ? { workBy: options.work } : {}),
    ...(options.totalBytes === undefined ? {} : { totalBytes: options.totalBytes }),
    parts: { ids: idsWithFreshEpoch },
    clock: options.speed === 1 ? "real" : { speed: options.speed },
    ...(options.allowedHost === undefined ? {} : { allowedHosts: options.allowedHost }),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
    ...(options.corsOrigin === undefined ? {} : { corsOrigins: options.corsOrigin }),
    ...(files === null ? {} : { front: (handler, backend) => consoleFront(handler, backend, files) }),
  });
  const unfollow =
    file === null
      ? () => undefined
      : followScripts(server.backend, scripts, file, systemClock(), scriptsNews(options, terminal));
  try {
    const listening: Listening = {
      url: server.url,
      websocket_url: server.websocketUrl,
      port: server.port,
      seed,
      speed: options.speed,
      scripts: file === null ? null : scripts.length,
      environment: config.environment,
      development_key: developmentKey,
      work: options.work,
      console_url: files === null ? null : `${server.url}${CONSOLE_PATH}`,
      limits,
    };
    if (options.json === true) terminal.json({ type: "listening", ...listening });
    else tellListening(listening, terminal);
    await aborted(signal);
  } finally {
    unfollow();
    await server.close();
  }
  if (options.json === true) terminal.json({ type: "stopped" });
  else terminal.line("Stopped.");
  return EXIT.ok;
}

/** Tells what became of a new version of the scripts. */
function scriptsNews({ json, scripts: file = "" }: ServeOptions, terminal: Terminal): ScriptsNews {
  return {
    loaded(scripts) {
      if (json === true) terminal.json({ type: "scripts_loaded", file, scripts });
      else terminal.line(`${file} has changed: ${count(scripts, "script")} from now on.`);
    },
    refused({ message, remediation }) {
      if (json === true) terminal.json({ type: "scripts_refused", file, error: message, remediation });
      else {
        terminal.problem(`agentvm: ${message}`);
        terminal.problem(`What to do: ${remediation} Until then the scripts from before go on.`);
      }
    },
  };
}

/** The console's files; null where it is not to be served. */
function consoleFor(options: ServeOptions): ConsoleFiles | null {
  if (!(options.console ?? isLoopbackHost(options.host))) return null;
  const files = packagedConsole();
  if (files === null && options.console === true)
    throw new UsageError(
      "This installation has no built console in it.",
      "Run npm run build, or install the package again.",
    );
  return files;
}

async function start(terminal: Terminal, options: MockServerOptions): Promise<MockServer> {
  const onError = (error: unknown, requestId: string | null): void => {
    const message = error instanceof Error ? error.message : String(error);
    terminal.problem(
      `agentvm: something failed inside${requestId === null ? "" : ` in ${requestId}`}: ${message}`,
    );
  };
  try {
    return await startMockServer({ ...options, onError });
  } catch (error) {
    // What commander could not see to be wrong.
    if (error instanceof TypeError) throw new UsageError(error.message, "Run agentvm serve --help.");
    throw error;
  }
}

function checkLimits(limits: Limits): void {
  if (limits.min_idle_agents > limits.max_agents)
    throw new UsageError(
      `${count(limits.min_idle_agents, "idle agent")} cannot be kept ready where a game may have ${limits.max_agents}.`,
      "Lower --min-idle-agents or raise --max-agents.",
    );
}

function tellListening(listening: Listening, terminal: Terminal): void {
  const { bold, cyan, dim, yellow } = terminal.colors;
  const { limits } = listening;
  const isSimulated = listening.work === "simulation";
  terminal.line(
    `${bold("AgentVM")} (${isSimulated ? "simulated agents" : "agents of workers"}) listens on ${cyan(listening.url)}`,
  );
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
    ...(isSimulated ? [] : [["work", waitsForWorkers(limits)] as const]),
    [
      "time",
      `${listening.speed === 1 ? "as it goes" : `${listening.speed} times as fast`}, seed ${listening.seed}`,
    ],
  ];
  if (listening.scripts !== null)
    rows.push(["work", `${count(listening.scripts, "script")}, simulated where none fits`]);
  for (const line of pairs(rows, terminal.colors)) terminal.line(line);
  terminal.line();
  terminal.line("Call it:");
  const key = listening.development_key ? `'X-API-Key: ${DEVELOPMENT_KEY}'` : '"X-API-Key: $AGENTVM_API_KEY"';
  terminal.line(`  curl -H ${key} ${listening.url}/system/status`);
  terminal.line(dim("Stop it with ctrl-c."));
}

function waitsForWorkers({ lease_seconds, max_attempts }: Limits): string {
  const times = max_attempts === 1 ? "once" : `${max_attempts} times`;
  return `by workers that join, silent for ${duration(lease_seconds)} at most; a task is begun ${times} at most`;
}

/** Waits until the signal is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
