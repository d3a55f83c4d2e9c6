import { ConfigError } from "../../src/godot/index.js";

/** What is wrong with an endpoint, or with what it names. */
export function configError(message: string, remediation: string): ConfigError {
  return new ConfigError(message, { code: "invalid_endpoint", outcome: "not_sent", remediation });
}
