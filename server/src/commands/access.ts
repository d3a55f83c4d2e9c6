import { AgentError, EXIT } from "../agent-error.js";
import type { Variables } from "../processes/environment.js";

/** A server, and who one is there. */
interface Access {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly name?: string;
}

/**
 * The server that options name, and the key for it.
 *
 * @throws AgentError where one of them is missing or wrong.
 */
export function accessOf(
  options: { readonly endpoint?: string; readonly key?: string; readonly name?: string },
  env: Variables,
): Access {
  const endpoint = options.endpoint ?? env["API_ENDPOINT"] ?? "http://localhost:8000";
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw new AgentError("The value of --endpoint is not the URL of a server.", {
      code: "usage",
      remediation: "Give a URL such as --endpoint http://localhost:8000.",
      exitCode: EXIT.usage,
    });
  const apiKey = options.key ?? env["AGENTVM_API_KEY"] ?? "";
  if (apiKey.trim() === "")
    throw new AgentError("There is no key for the server.", {
      code: "usage",
      remediation:
        "Set AGENTVM_API_KEY to a key with the role worker, such as one that agentvm serve was given with --key desk:worker:SECRET.",
      exitCode: EXIT.usage,
    });
  return { endpoint, apiKey, ...(options.name !== undefined && { name: options.name }) };
}
