import { ConfigError } from "./config-error.js";

/** The error for a global that the runtime does not have, as a page of jsdom has no `fetch`. */
export function missingGlobal(where: string, name: string): ConfigError {
  const remediation = name === "fetch" ? "Hand one in with the option fetch, or define" : "Define";
  return new ConfigError(`${where}: this runtime has no ${name}.`, {
    code: "missing_global",
    outcome: "not_sent",
    remediation: `${remediation} it before the first call; for tests in jsdom, in the setup file of the environment.`,
  });
}
