import { randomBytes, randomInt } from "node:crypto";
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
import type { Listening } from "../serve/listening.js";
import { tellListening } from "../serve/listening.js";
import { recordingFor, recordingTold, tellUnknown } from "../serve/recording.js";
import type { RunningWorkspace, ServerPackage } from "../server-package.js";
import { addProfileOptions, isLoopbackHost } from "../target.js";
import type { Terminal } from "../terminal.js";
import { count } from "../text.js";
import { UsageError } from "../usage-error.js";

/** Who can be said to work on tasks that no script fits; a workspace brings its own workers. */
const WORK_BY = ["simulation", "workers"] as const;

interface ServeOptions extends LimitsOptions {
  readonly port: number;
  readonly host: string;
  readonly key?: readonly string[];
  readonly seed?: number;
  readonly speed: number;
  readonly scripts?: string;
  readonly work: (typeof WORK_BY)[number];
  readonly workspace?: string;
  readonly watch?: string;
  readonly replay?: string;
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

/** `agentvm serve`: the reference backend behind a port, until it is stopped. */
export function addServe(program: Command, run: RunCommand, workspaces: ServerPackage | null): void {
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
        .default("simulation" satisfies (typeof WORK_BY)[number]),
    )
    .option(
      "--workspace <folder>",
      "real agents do all other tasks, in this git repository (needs oligarchy-agentvm-server)",
    );
  workspaces?.addWorkspaceOptions(command);
  command.option(
    "--watch <folder>",
    "show your own sessions of claude in this project as characters (needs oligarchy-agentvm-server)",
  );
  workspaces?.addWatchOptions(command);
  command.option("--replay <file>", "answer from a recording of agentvm record, and do no work at all");
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
    .option(
      "--no-console",
      "serve no console (default: it is served to this machine alone, and to nobody with --replay)",
    )
    .option("--json", "print what happens as JSON, one object a line")
    .action(() => run((context) => serve(command.opts<ServeOptions>(), context, workspaces)));
}

async function serve(
  options: ServeOptions,
  context: CommandContext,
  workspaces: ServerPackage | null,
): Promise<ExitCode> {
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
  const work =
    options.replay !== undefined ? "replay" : options.workspace === undefined ? options.work : "workspace";
  const workerKey = randomBytes(24).toString("hex");
  const watchKey = randomBytes(24).toString("hex");
  const seed = options.seed ?? randomInt(2 ** 32);
  const limits = { ...DEFAULT_LIMITS, ...config.limits, ...limitsFrom(options) };
  checkLimits(limits);
  const recording =
    options.replay === undefined ? null : await recordingFor(options.replay, context.cwd, options);
  const files = consoleFor(options);
  const file = options.scripts === undefined ? null : new ScriptsFile(options.scripts, context.cwd);
  const scripts = file?.read() ?? [];
  const server = await start(terminal, {
    port: options.port,
    host: options.host,
    apiKeys: [
      ...apiKeys,
      ...(work === "workspace" ? [`workspace:worker:${workerKey}`] : []),
      ...(options.watch === undefined ? [] : [`watch:worker:${watchKey}`]),
    ],
    seed,
    limits,
    ...(work === "workers" || work === "workspace" ? { workBy: "workers" } : {}),
    ...(recording === null ? {} : { replay: recording }),
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
  let workspace: RunningWorkspace | null = null;
  let watching: RunningWorkspace | null = null;
  try {
    if (options.workspace !== undefined && workspaces !== null)
      workspace = await workspaces.startWorkspace(
        options,
        { endpoint: server.url, apiKey: workerKey },
        context,
      );
    if (options.watch !== undefined && workspaces !== null)
      watching = await workspaces.startWatching(options, { endpoint: server.url, apiKey: watchKey }, context);
    const listening: Listening = {
      url: server.url,
      websocket_url: server.websocketUrl,
      port: server.port,
      seed,
      speed: options.speed,
      scripts: file === null ? null : scripts.length,
      environment: config.environment,
      development_key: developmentKey,
      work,
      ...(workspace === null ? {} : { workspace: workspace.described }),
      ...(watching === null ? {} : { watch: watching.described }),
      ...(recording === null || options.replay === undefined
        ? {}
        : { replay: recordingTold(options.replay, recording) }),
      console_url: files === null ? null : `${server.url}${CONSOLE_PATH}`,
      limits,
    };
    if (options.json === true) terminal.json({ type: "listening", ...listening });
    else tellListening(listening, [...(workspace?.told ?? []), ...(watching?.told ?? [])], terminal);
    const ends = [workspace, watching].flatMap((one) => (one === null ? [] : [one.ended]));
    await Promise.race([aborted(signal), ...ends]);
  } finally {
    unfollow();
    await watching?.stop();
    await workspace?.stop();
    await server.close();
  }
  tellUnknown(server.backend.replay?.unknown ?? [], terminal, options.json);
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
  // It would ask for much that no game has asked for, and that is told as not recorded.
  const isWanted = options.console ?? (isLoopbackHost(options.host) && options.replay === undefined);
  if (!isWanted) return null;
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

/** Waits until the signal is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
