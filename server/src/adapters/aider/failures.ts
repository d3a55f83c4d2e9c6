import type { AgentResult } from "../adapter.js";
import { failed } from "../outcome.js";

/** A line of aider's own that says why nothing comes of the task. */
interface Sign {
  readonly line: RegExp;
  /** Whether aider would wait for somebody at a browser, and is to be ended. */
  readonly waits?: boolean;
  readonly result: (said: string) => AgentResult;
}

const SIGNS: readonly Sign[] = [
  {
    line: /^(No LLM model was specified and no API keys were provided|OpenRouter provides free and paid access|Please open this URL in your browser|Unable to proceed without an OpenRouter API key)/,
    waits: true,
    result: () =>
      failed(
        "not_logged_in",
        "aider has no key for a model, and would log in with a browser. Whoever runs the worker sets a key such as ANTHROPIC_API_KEY, or runs aider once by hand.",
      ),
  },
  {
    line: /^(litellm\.(AuthenticationError|PermissionDeniedError)|The API provider is not able to authenticate you|Permission was denied\. Check your API key)/,
    result: (said) =>
      failed(
        "not_logged_in",
        `The model's provider does not let aider in (${said}). Whoever runs the worker looks at its key.`,
      ),
  },
  {
    line: /^Insufficient credits/,
    result: (said) =>
      failed(
        "no_credit",
        `The model refuses for want of credit (${said}). Look at the account's plan and billing.`,
      ),
  },
  {
    line: /^(Model .* has hit a token limit!|Your estimated chat context of .* tokens exceeds|litellm\.ContextWindowExceededError)/,
    result: (said) =>
      failed("too_long", `The task is too long for the model (${said}). Give it as a new, smaller task.`),
  },
  {
    line: /^(litellm\.(RateLimitError|ServiceUnavailableError|InternalServerError|BadGatewayError|Timeout)|The API provider( has rate limited you|'s servers are down or overloaded| timed out))/,
    result: (said) =>
      failed(
        "overloaded",
        `The model was overloaded each time that aider tried (${said}). Give the task again later.`,
      ),
  },
  {
    line: /^litellm\.NotFoundError/,
    result: (said) =>
      failed("no_model", `There is no such model (${said}). Name another one in the profile.`),
  },
  {
    line: /^(litellm\.\w+|Unable to read git repository|Aider only works with git repos)/,
    result: (said) => failed("crashed", `aider could not go on: ${said}`),
  },
  {
    line: /^The LLM did not conform to the edit format\.$/,
    result: () =>
      failed(
        "gave_up",
        "The model did not write its changes so that aider could make them. Give the task again, smaller, or name another model in the profile.",
      ),
  },
];

/** What a line says of why nothing comes of the task; null for all other lines. */
export function signOf(line: string): { readonly waits: boolean; readonly result: AgentResult } | null {
  const sign = SIGNS.find((one) => one.line.test(line));
  return sign === undefined ? null : { waits: sign.waits ?? false, result: sign.result(line.slice(0, 300)) };
}
