import type { AgentResult } from "../adapter.js";
import { failed, firstLine } from "../outcome.js";
import type { TurnError } from "./wire.js";

/** What an error of codex's means for a player. */
export function failureOf(error: TurnError): AgentResult {
  const status = statusOf(error);
  const said = saidOf(error);
  switch (typeof error.codexErrorInfo === "string" ? error.codexErrorInfo : status) {
    case "unauthorized":
    case 401:
    case 403:
      return notLoggedIn(said);
    case "usageLimitExceeded":
    case "sessionBudgetExceeded":
      return failed(
        "no_credit",
        `The account's limit is used up (${said}). Wait until it begins anew, or look at the plan and billing.`,
      );
    case "serverOverloaded":
    case "rateLimitExceeded":
    case "flexUnavailable":
    case "internalServerError":
    case 429:
    case 500:
    case 502:
    case 503:
    case 529:
      return failed(
        "overloaded",
        `The model was overloaded each time that codex tried (${said}). Give the task again later.`,
      );
    case "contextWindowExceeded":
      return failed(
        "too_long",
        `The conversation is too long for the model (${said}). Give it as a new, smaller task.`,
      );
    case "modelNotFound":
    case 404:
      return failed("no_model", `There is no such model (${said}). Name another one in the profile.`);
    default:
      return failed("crashed", `codex could not go on: ${said}`);
  }
}

/** Nobody has logged in, or what they have does not hold. */
export function notLoggedIn(said: string | null): AgentResult {
  const what =
    said === null
      ? "codex is not logged in and has no key."
      : `codex is not logged in, or its key does not hold (${said}).`;
  return failed(
    "not_logged_in",
    `${what} Whoever runs the worker logs in with "codex login", or sets CODEX_API_KEY.`,
  );
}

/** Whether trying again cannot help, though codex would. */
export function isFinal(error: TurnError): boolean {
  return [400, 401, 403, 404].includes(statusOf(error) ?? 0);
}

/** That codex tries again, in words for a player. */
export function retryOf(error: TurnError): string {
  const count = /\d+\/\d+/.exec(error.message)?.[0].replace("/", " of ");
  const again = `codex tries again${count === undefined ? "" : ` (${count})`}.`;
  const status = statusOf(error);
  const isOverloaded = status === 429 || status === 503 || status === 529;
  return isOverloaded ? `The model is overloaded; ${again}` : `The model broke off; ${again}`;
}

function statusOf({ codexErrorInfo }: TurnError): number | null {
  if (typeof codexErrorInfo !== "object" || codexErrorInfo === null) return null;
  const [status] = Object.values(codexErrorInfo).flatMap((info) => info?.httpStatusCode ?? []);
  return status ?? null;
}

/** What was said: that of the provider's own where codex repeats it as it came. */
function saidOf({ message, additionalDetails }: TurnError): string {
  const inside = /"message":\s*("(?:[^"\\]|\\.)*")/.exec(message)?.[1];
  const text: unknown = inside === undefined ? message : JSON.parse(inside);
  return firstLine(`${String(text)}${typeof additionalDetails === "string" ? `; ${additionalDetails}` : ""}`);
}
