import type { Environment } from "../../processes/environment.js";
import { hasLogin, ownHome } from "./home.js";

/** Variables by which codex reaches its model without a login, the one that is meant for it alone first. */
export const KEYS = ["CODEX_API_KEY", "OPENAI_API_KEY"] as const;

/** The provider for a key: codex's own knows logins alone. */
const PROVIDER = "agentvm";

/** How often codex tries again when its model does not answer, waiting twice as long each time: about two minutes in all. */
const RETRIES = 9;

type Setting = readonly [name: string, value: string | number | boolean | readonly string[]];

/**
 * What holds for every task, by codex's own names: it does nothing that it would not ask, tells its plan, and puts its questions. What a
 * provider's servers do and look up by themselves it could not ask.
 */
const OWN: readonly Setting[] = [
  ["web_search", "disabled"],
  ["tools.update_plan.enabled", true],
  ["features.default_mode_request_user_input", true],
  ["suppress_unstable_features_warning", true],
  ["analytics.enabled", false],
  ["check_for_update_on_startup", false],
  // Pictures are read wherever they are, and without a question.
  ["features.view_image", false],
  ["features.image_generation", false],
  // These bring tools of others, programs and pages along.
  ["features.apps", false],
  ["features.plugins", false],
  ["features.hooks", false],
  ["features.skill_mcp_dependency_install", false],
  // A goal of its own would keep it going after the task.
  ["features.goals", false],
  // It would write the variables of the person's shell into a file.
  ["features.shell_snapshot", false],
  // It would wait for ever for a model that nobody listens for.
  ["features.unbounded_connection_retries", false],
  ["shell_environment_policy.exclude", KEYS],
];

/** The variable that holds the key to use; null where codex is to use the person's login. */
export function keyOf(environment: Environment): (typeof KEYS)[number] | null {
  const key = KEYS.find((name) => (environment[name] ?? "") !== "") ?? null;
  // Who has logged in does not want to pay for a key that is there for something else, as in a terminal.
  return key === "OPENAI_API_KEY" && hasLogin(environment) ? null : key;
}

/** What codex's app-server is started with. */
export function argsOf(environment: Environment, more: readonly string[]): readonly string[] {
  const key = keyOf(environment);
  const settings = [...OWN, ...(key === null ? [] : providerFor(key, environment))];
  return [
    "app-server",
    // What is JSON is TOML, as far as these values go.
    ...settings.flatMap(([name, value]) => ["-c", `${name}=${JSON.stringify(value)}`]),
    ...more,
  ];
}

function providerFor(key: string, environment: Environment): readonly Setting[] {
  const url = environment["OPENAI_BASE_URL"] ?? "";
  const at = `model_providers.${PROVIDER}`;
  return [
    ["model_provider", PROVIDER],
    [`${at}.name`, "OpenAI by key"],
    [`${at}.base_url`, url === "" ? "https://api.openai.com/v1" : url],
    [`${at}.env_key`, key],
    [`${at}.wire_api`, "responses"],
    // Of those of a request it tells nothing; of those of a stream it does.
    [`${at}.request_max_retries`, 0],
    [`${at}.stream_max_retries`, RETRIES],
  ];
}

/** The variables that codex gets. */
export function environmentOf(environment: Environment): Environment {
  return { RUST_LOG: "off", ...environment, CODEX_HOME: ownHome(environment) };
}
