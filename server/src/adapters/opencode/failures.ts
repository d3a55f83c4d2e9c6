import type { AgentResult } from "../adapter.js";
import { failed } from "../outcome.js";
import type { WireError } from "./wire.js";

const MESSAGE_MAX = 500;

/** What an error of opencode's means for a player. */
export function failureOf({ name, data }: WireError): AgentResult {
  const said = (data.message ?? name).slice(0, MESSAGE_MAX);
  const status = data.statusCode;
  if (name === "ProviderAuthError" || status === 401 || status === 403)
    return failed(
      "not_logged_in",
      `The model's provider does not let opencode in: ${said}. Run "opencode auth login" on the worker's machine, or set the provider's key there.`,
    );
  if (status === 429 || status === 503 || status === 529 || /overloaded|rate limit/i.test(said))
    return overloaded(said);
  if (name === "ContextOverflowError")
    return failed(
      "too_long",
      `The conversation is too long for the model: ${said}. Give it as a new, smaller task.`,
    );
  if (name === "MessageOutputLengthError")
    return failed("gave_up", "The model's answer was too long and was cut. Give it as a smaller task.");
  if (name === "MessageAbortedError") return failed("gave_up", "opencode was told to stop.");
  if (/model.*not found/i.test(said) || name === "ProviderModelNotFoundError")
    return failed("no_model", `opencode has no such model: ${said}. Look at "opencode models".`);
  return failed("crashed", `opencode failed: ${said}. Try it again, or look at its log.`);
}

/** The model is overloaded, and opencode has tried again often enough. */
export function overloaded(said: string): AgentResult {
  return failed("overloaded", `The model is overloaded: ${said}. Try it again later.`);
}
