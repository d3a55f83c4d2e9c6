import { routes } from "../../src/contract/routes.js";
import { check } from "../../src/contract/schema.js";
import type { AnswerOf, ParsedBodyOf, RouteName } from "../../src/contract/index.js";
import { EngineError } from "../domain/index.js";
import type { RateVerdict } from "../domain/index.js";
import type { Access, Caller, OperationName, OperationResult, Operations, Stats } from "./index.js";
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

/** The status of a request's answer that has to be waited for. Who asks for the batch never sees it. */
const NOT_YET = 202;

/**
 * Waits for those requests of a batch whose answers take longer, side by side, and gives the whole then; null where there is none. One that
 * was kept to be given again has its place left open: it is made once more, and what was done already is answered so.
 */
export function endBatch(
  requests: readonly BatchRequest[],
  given: unknown,
  context: BatchContext,
): Promise<AnswerOf<"batch">> | null {
  const read = check(routes.batch.answer.schema, given, "answer");
  if (!read.ok || read.value.responses.every(({ status }) => status !== NOT_YET)) return null;
  const { responses } = read.value;
  const whole = responses.map(async (response, place) => {
    const request = requests[place];
    if (request === undefined || response.status !== NOT_YET) return response;
    return respondLater(request, context);
  });
  return Promise.all(whole).then((all) => ({ success: true, responses: all }));
}

async function respondLater(request: BatchRequest, context: BatchContext): Promise<BatchResponse> {
  try {
    const result = run(request, context);
    return { id: request.id, status: 200, body: ((await result.later) ?? result).answer };
  } catch (thrown) {
    return refused(request, context, thrown);
  }
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
    const { answer, later } = answerTo(request, context);
    // It is made once more when the whole batch is kept, and waited for then.
    later?.catch(() => undefined);
    return { id: request.id, status: later === undefined ? 200 : NOT_YET, body: answer };
  } catch (thrown) {
    return refused(request, context, thrown);
  }
}

function refused(request: BatchRequest, context: BatchContext, thrown: unknown): BatchResponse {
  const error = context.understand(thrown);
  return { id: request.id, status: statusOf(error), body: toErrorBody(error, context.requestId) };
}

function answerTo(request: BatchRequest, context: BatchContext): Pick<OperationResult, "answer" | "later"> {
  const { caller, operations } = context;
  // An earlier request of this batch may have ended the session.
  context.access.confirm(caller);
  const verdict = operations.admit(caller);
  context.counted(verdict);
  if (verdict.retryAfterSeconds !== null) throw rateLimited(verdict.retryAfterSeconds);
  return run(request, context);
}

function run(request: BatchRequest, context: BatchContext): Pick<OperationResult, "answer" | "later"> {
  const { caller, operations } = context;
  const { path, query } = splitTarget(request.path);
  const found = context.match(request.method, path);
  if (found.kind === "none") throw routeNotFound(request.method, path);
  if (found.kind === "method") throw methodNotAllowed(request.method, path, found.allow);
  const input = { params: found.params, query: parseQuery(query), body: request.body };
  if (found.name === "metrics") {
    operations.check(found.name, caller, input);
    return { answer: metricsText(operations.systemStatus(), context.stats) };
  }
  const options = { origin: context.origin, idempotencyKey: request.idempotency_key };
  return operations.run(batchable(found.name), caller, input, options);
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
    case "workerObserve":
    case "workerLeave":
    case "taskReport":
    case "taskFinish":
    case "taskReviewed": {
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
