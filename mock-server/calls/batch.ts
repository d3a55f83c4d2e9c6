import { routes } from "../../src/contract/routes.js";
import type { AnswerOf, ParsedBodyOf, RouteName } from "../../src/contract/index.js";
import { EngineError } from "../domain/index.js";
import type { RateVerdict } from "../domain/index.js";
import type { Access, Caller, OperationName, Operations, Stats } from "./index.js";
import { toErrorBody } from "./index.js";
import { invalidRequest } from "./input.js";
import { metricsText } from "./metrics.js";
import { methodNotAllowed, rateLimited, routeNotFound, statusOf } from "./failures.js";
import type { Matcher } from "./matcher.js";
import { parseQuery, splitTarget } from "./target.js";

type BatchRequest = ParsedBodyOf<"batch">["requests"][number];
type BatchResponse = AnswerOf<"batch">["responses"][number];

/** Characters of a batch's answers after which it reads no more: the whole is one answer, held until the caller has read it. */
export const BATCH_ANSWER_MAX = 8_388_608;

/** What the requests of one batch share. */
export interface BatchContext {
  readonly caller: Caller;
  readonly origin: string;
  readonly requestId: string;
  readonly operations: Operations;
  readonly access: Access;
  readonly stats: Stats;
  readonly match: Matcher;
  /** Writes what a request is answered with, which is not written again with the whole, and tells its length. */
  write(body: unknown): number;
  /** Told of each request's count, so that the whole answer tells the last. */
  counted(verdict: RateVerdict): void;
  /** Turns what was thrown into an error of the contract, and reports it where it is a fault of the server. */
  understand(error: unknown): EngineError;
}

/**
 * Makes the requests of a batch one after another; each stands alone and is answered as it would be by itself.
 * Each counts in the rate limit beside the batch's own call.
 */
export function runBatch(requests: readonly BatchRequest[], context: BatchContext): AnswerOf<"batch"> {
  let length = 0;
  const responses = requests.map((request) => {
    const isRead = request.method === "GET";
    const response = respond(request, context, isRead && length >= BATCH_ANSWER_MAX);
    // What changes something is answered in few words.
    if (isRead) length += context.write(response.body);
    return response;
  });
  return { success: true, responses };
}

function respond(request: BatchRequest, context: BatchContext, isTooMuch: boolean): BatchResponse {
  try {
    if (isTooMuch) {
      throw new EngineError(
        "rate_limited",
        `The answers before this one have more than ${BATCH_ANSWER_MAX} characters; ask for it again in another batch.`,
        { retryAfterSeconds: 1 },
      );
    }
    return { id: request.id, status: 200, body: answerTo(request, context) };
  } catch (thrown) {
    const error = context.understand(thrown);
    return { id: request.id, status: statusOf(error), body: toErrorBody(error, context.requestId) };
  }
}

function answerTo(request: BatchRequest, context: BatchContext): unknown {
  const { caller, operations } = context;
  // An earlier request of this batch may have ended the session.
  context.access.confirm(caller);
  const verdict = operations.admit(caller);
  context.counted(verdict);
  if (verdict.retryAfterSeconds !== null) throw rateLimited(verdict.retryAfterSeconds);

  const { path, query } = splitTarget(request.path);
  const found = context.match(request.method, path);
  if (found.kind === "none") throw routeNotFound(request.method, path);
  if (found.kind === "method") throw methodNotAllowed(request.method, path, found.allow);
  const input = { params: found.params, query: parseQuery(query), body: request.body };
  if (found.name === "metrics") {
    operations.check(found.name, caller, input);
    return metricsText(operations.systemStatus(), context.stats);
  }
  const options = { origin: context.origin, idempotencyKey: request.idempotency_key };
  return operations.run(batchable(found.name), caller, input, options).answer;
}

/** Refuses what is no single JSON value or text: a batch in a batch, a stream, the documents, which need no key, and what workers say, who may wait for the answer. */
function batchable(name: Exclude<RouteName, "metrics">): OperationName {
  switch (name) {
    case "batch":
    case "taskOutput":
    case "openapi":
    case "asyncapi":
    case "docs":
    case "workerList":
    case "workerJoin":
    case "workerClaim":
    case "workerLeave":
    case "taskReport":
    case "taskFinish": {
      const { method, path } = routes[name];
      throw invalidRequest([
        {
          loc: ["body", "path"],
          msg: `is ${method} ${path}, which cannot be in a batch; call it by itself`,
          type: "not_batchable",
        },
      ]);
    }
    default:
      return name;
  }
}
