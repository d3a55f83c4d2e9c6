import type { Exit } from "../../processes/processes.js";
import type { AgentResult } from "../adapter.js";
import { endedWithoutResult, failed, firstLine, wasDenied } from "../outcome.js";
import type { ResultMessage } from "./messages.js";

/** What there is to judge by when claude has ended. */
export interface Ending {
  readonly result: ResultMessage | null;
  /** What claude said in the model's place: `overloaded`. */
  readonly error: string | null;
  readonly denied: readonly string[];
  /** Whether a tool has done something that can be seen. */
  readonly hasWorked: boolean;
  readonly exit: Exit;
  readonly errorText: string;
}

/** What a run of claude came to. */
export function outcomeOf(ending: Ending): AgentResult {
  const { result, denied, hasWorked } = ending;
  if (result === null) return endedWithoutResult("Claude", ending);
  if (result.is_error === true || result.subtype !== "success") return failure(result, ending.error);
  // Claude tells success for this, too: it has done all that it was allowed to.
  if (denied.length > 0 && !hasWorked) return wasDenied(denied);
  const text = result.result?.trim() ?? "";
  return { success: true, summary: text === "" ? "Done." : text };
}

function failure(result: ResultMessage, error: string | null): AgentResult {
  const status = result.api_error_status ?? null;
  const said = firstLine(result.result ?? result.errors?.join("; ") ?? "");
  if (/^(Error: )?(No conversation found|--resume requires)/.test(said))
    return failed("no_conversation", "The conversation before is gone. Give the task again, whole.");
  if (
    status === 401 ||
    status === 403 ||
    error === "authentication_failed" ||
    error === "oauth_org_not_allowed"
  )
    return failed(
      "not_logged_in",
      `Claude is not logged in, or its key does not hold (${said}). Whoever runs the worker logs in with "claude" and /login, or sets ANTHROPIC_API_KEY.`,
    );
  if (error === "billing_error")
    return failed(
      "no_credit",
      `The model refuses for want of credit (${said}). Look at the account's plan and billing.`,
    );
  if (status === 529 || status === 429 || error === "overloaded" || error === "rate_limit")
    return failed(
      "overloaded",
      `The model was overloaded each time that claude tried (${said}). Give the task again later.`,
    );
  if (status === 404 || error === "model_not_found")
    return failed("no_model", `There is no such model (${said}). Name another one in the profile.`);
  if (result.subtype === "error_max_turns")
    return failed(
      "gave_up",
      "Claude has gone as many rounds as it may, and was not done. Give it the rest as a task of its own.",
    );
  if (result.subtype === "error_max_budget_usd")
    return failed(
      "gave_up",
      "Claude has used up what the task may cost. Give it the rest as a task of its own.",
    );
  return failed("crashed", `Claude could not go on: ${said === "" ? result.subtype : said}`);
}
