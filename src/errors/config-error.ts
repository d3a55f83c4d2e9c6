import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** An option is wrong, or the environment's rules forbid the endpoint. Nothing was sent. */
export class ConfigError extends AgentVMError {}
nameClass(ConfigError, "ConfigError");

/** Whether a thrown thing is a {@link ConfigError}. */
export function isConfigError(error: unknown): error is ConfigError {
  return isNamed(error, "ConfigError");
}
