import { Option } from "commander";
import type { Command } from "commander";
import type { ConfiguredClientOptions, Environment } from "../../src/config/index.js";
import { DEVELOPMENT_KEY, ENVIRONMENTS, loadConfig } from "../../src/config/index.js";
import type { CommandContext } from "./context.js";
import { UsageError } from "./usage-error.js";

/** Options that say which server a command talks to. */
export interface TargetOptions {
  readonly endpoint?: string;
  readonly key?: string;
  readonly profile?: Environment;
  readonly configDir?: string;
}

/** How a client reaches the server that was chosen. */
export type Target = Pick<ConfiguredClientOptions, "endpoint" | "apiKey"> & Partial<ConfiguredClientOptions>;

/** Adds the options that read a profile. */
export function addProfileOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--profile <environment>", "the profile to read (AGENT_ENV, else development)").choices(
        ENVIRONMENTS,
      ),
    )
    .option("--config-dir <folder>", "where the profiles are", "configs");
}

/** Adds the options that say which server a command talks to. */
export function addTargetOptions(command: Command): Command {
  command
    .option("--endpoint <url>", "the server (API_ENDPOINT, else the profile's, else http://localhost:8000)")
    .option("--key <key>", "its API key; better in AGENTVM_API_KEY, where no list of processes shows it");
  return addProfileOptions(command);
}

/**
 * Finds the server: the options first, then the environment, then the profile.
 * An endpoint that is given without a profile is meant as it is, so that no profile is read for it.
 */
export function resolveTarget(
  options: TargetOptions,
  context: CommandContext,
  { needsKey }: { readonly needsKey: boolean },
): Target {
  if (options.endpoint !== undefined) checkUrl(options.endpoint);
  if (options.endpoint !== undefined && options.profile === undefined)
    return { endpoint: options.endpoint, apiKey: keyFor(options.endpoint, options, context, needsKey) };
  const config = loadConfig({
    environment: options.profile,
    directory: options.configDir,
    cwd: context.cwd,
    env: {
      ...context.env,
      ...(options.endpoint === undefined
        ? {}
        : { API_ENDPOINT: options.endpoint, API_WEBSOCKET_URL: undefined }),
      ...(options.key === undefined ? {} : { AGENTVM_API_KEY: options.key }),
    },
  });
  return config.clientOptions;
}

/** @throws UsageError for what is no address of a server. */
export function checkUrl(text: string): void {
  const remediation = "Give a URL such as --endpoint http://localhost:8000.";
  if (!URL.canParse(text)) throw new UsageError("The value of --endpoint is not a URL.", remediation);
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new UsageError("The value of --endpoint does not begin with http:// or https://.", remediation);
  if (url.username !== "" || url.password !== "")
    throw new UsageError("The value of --endpoint holds a user name or password.", remediation);
}

function keyFor(
  endpoint: string,
  options: TargetOptions,
  context: CommandContext,
  needsKey: boolean,
): string {
  const key = options.key ?? context.env["AGENTVM_API_KEY"] ?? "";
  if (key.trim() !== "") return key;
  if (needsKey && !isLoopbackHost(new URL(endpoint).hostname))
    throw new UsageError(
      "No API key is known for a server that is not this machine.",
      "Set AGENTVM_API_KEY, or give --key.",
    );
  return DEVELOPMENT_KEY;
}

/** Whether a host name or address is this machine and reached by nobody else. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name)
  );
}
