import { check, describeProblems } from "../../contract/schema.js";
import type { Output, Problem, Schema } from "../../contract/index.js";
import { ContractError } from "../../errors/contract-error.js";
import type { AgentVMError } from "../../errors/index.js";
import { errorFromAnswer } from "../../errors/from-answer.js";
import type { TransportResponse } from "./transport.js";

/** An answer of whatever status, and what is known of its request. */
export interface Answered {
  /** The call: `GET /agents/{agent_id}`. */
  readonly where: string;
  readonly response: TransportResponse;
  /** The time when it came, in milliseconds. */
  readonly now: number;
  /** Takes the secrets of its request out of a text. */
  readonly clean: (text: string) => string;
  /** Stops the reading of a stream. */
  readonly abort: () => void;
}

/** The error that an answer means. `doubt`: an attempt before it may have done the work. */
export function refusalOf(answered: Answered, doubt: boolean): AgentVMError {
  const { where, response, now, clean } = answered;
  return errorFromAnswer({
    where,
    status: response.status,
    text: clean(response.text),
    header: (name) => response.header(name),
    now,
    doubt,
  });
}

function misfit(
  answered: Answered,
  code: string,
  said: string,
  detail: Problem[] | null = null,
): ContractError {
  return new ContractError(answered.clean(`${answered.where}: ${said}`), {
    code,
    status: answered.response.status,
    outcome: "unknown",
    requestId: answered.response.header("x-request-id"),
    remediation: "Check that the endpoint is an AgentVM server of this contract's version.",
    detail,
  });
}

/** The JSON of an answer, or a ContractError that says what came instead. */
export function parseJson(answered: Answered, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const start = text.trimStart();
    if (start === "") throw misfit(answered, "empty_answer", "the answer is empty.");
    if (start.startsWith("<")) throw misfit(answered, "html_answer", "the answer is a web page, not JSON.");
    throw misfit(answered, "malformed_answer", "the answer is not JSON, or was cut off.");
  }
}

function assertNoRefusal(answered: Answered, value: unknown): void {
  if (typeof value === "object" && value !== null && "success" in value && value.success === false) {
    throw refusalOf(answered, false);
  }
}

/** Problems that one message names; the rest of a long list says nothing new. */
const PROBLEMS_TOLD = 5;

/**
 * The value as the contract has it, with what it does not know left out. A value that says `success: false` is a
 * refusal; one that does not fit is a ContractError that says where.
 */
export function readAnswer<S extends Schema>(
  answered: Answered,
  schema: S,
  value: unknown,
  index?: number,
): Output<S> {
  const checked = check(schema, value, "answer");
  if (checked.ok) return checked.value;
  assertNoRefusal(answered, value);
  const detail = checked.problems.slice(0, PROBLEMS_TOLD);
  if (index !== undefined) for (const { loc } of detail) loc.splice(1, 0, index);
  throw misfit(answered, "contract_mismatch", `${describeProblems(detail)}.`, detail);
}

/** The items of a list, each as the contract has it. */
export function readItems<S extends Schema>(answered: Answered, item: S, value: unknown): Output<S>[] {
  if (Array.isArray(value)) return value.map((one: unknown, index) => readAnswer(answered, item, one, index));
  assertNoRefusal(answered, value);
  throw misfit(answered, "contract_mismatch", "answer must be an array.");
}

/** Where the next page of a list begins, null on the last one. A server that names the page itself would be asked without end. */
export function nextCursorOf(answered: Answered, query: object | undefined): string | null {
  const next = answered.response.header("x-next-cursor");
  const isSame = next !== null && query !== undefined && "cursor" in query && query.cursor === next;
  if (isSame) throw misfit(answered, "contract_mismatch", "x-next-cursor names the same page again.");
  return next;
}
