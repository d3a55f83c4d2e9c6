import type { AnswerOf, Output, PlayRouteName, ObjectSchema, Schema } from "../../src/contract/index.js";
import type { Scope } from "../domain/index.js";
import type { Caller } from "./caller.js";
import { parsed, parsedParts, parsedQuery } from "./input.js";
import type { OperationInput } from "./input.js";

/** Routes that are about HTTP itself and are answered there: texts, a stream of lines, and many calls in one. */
export type HttpRouteName = "openapi" | "asyncapi" | "docs" | "metrics" | "taskOutput" | "batch";

/** The routes that an operation answers; those of workers have code of their own. */
export type OperationName = Exclude<PlayRouteName, HttpRouteName>;

/** One call on its way: who makes it, what they may see, and under which address they know the server. */
export interface OperationCall {
  readonly caller: Caller;
  readonly scope: Scope;
  readonly origin: string;
}

/** What an operation gives back; `nextCursor` where a list goes on. */
export interface Reply<A> {
  readonly answer: A;
  readonly nextCursor?: string | null;
  /** What has to be waited for before the same call can be answered. It rejects with why the call is refused. */
  readonly later?: Promise<void>;
}

/** Does one call of the contract: validates what was sent, then runs. */
export type Operation<A> = (call: OperationCall, input: OperationInput) => Reply<A>;

/** An answer as the engine gives it: its lists are not to be changed. */
type Given<A> = A extends readonly (infer Item)[] ? readonly Item[] : A;

/** Every operation by its name: one that is missing does not compile. One that waits has no answer yet. */
export type OperationTable = {
  readonly [N in OperationName]: Operation<Given<AnswerOf<N>> | (N extends "taskReview" ? null : never)>;
};

/** An operation that takes path parameters. */
export function withParams<S extends Schema, A>(
  schema: S,
  run: (call: OperationCall, params: Output<S>) => Reply<A>,
): Operation<A> {
  return (call, input) => run(call, parsed("path", schema, input.params));
}

/** An operation that takes a query. */
export function withQuery<S extends ObjectSchema, A>(
  schema: S,
  run: (call: OperationCall, query: Output<S>) => Reply<A>,
): Operation<A> {
  return (call, input) => run(call, parsedQuery(schema, input.query));
}

/** An operation that takes a body. */
export function withBody<S extends Schema, A>(
  schema: S,
  run: (call: OperationCall, body: Output<S>) => Reply<A>,
): Operation<A> {
  return (call, input) => run(call, parsed("body", schema, input.body));
}

/** An operation that takes path parameters and a body; what is wrong in either is told together. */
export function withParamsAndBody<P extends Schema, B extends Schema, A>(
  paramsSchema: P,
  bodySchema: B,
  run: (call: OperationCall, params: Output<P>, body: Output<B>) => Reply<A>,
): Operation<A> {
  return (call, input) => {
    const { params, body } = parsedParts(paramsSchema, bodySchema, input);
    return run(call, params, body);
  };
}
