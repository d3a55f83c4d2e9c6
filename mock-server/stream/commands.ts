import * as z from "../../src/contract/zod.js";
import { positionsResultSchema, positionUpdateSchema } from "../../src/contract/agents.js";
import { routeOfCommand, routeOfWork } from "../../src/contract/command-routes.js";
import { playRoutes as routes } from "../../src/contract/play-routes.js";
import { idSchema } from "../../src/contract/primitives.js";
import { check, describeProblems, fits } from "../../src/contract/schema.js";
import type { CommandMethod, Route, WorkMethod } from "../../src/contract/index.js";
import type { WorkerRouteName } from "../../src/contract/routes/worker-heads.js";
import { EngineError } from "../domain/index.js";
import {
  asEngineError,
  toErrorBody,
  type Caller,
  type OperationInput,
  type OperationName,
  type Operations,
} from "../calls/index.js";
import type { IncomingCommand, PositionsEnvelope } from "./client-frame.js";

/** The calls of the contract, and what is asked before one is made. */
export interface CommandRunner {
  readonly operations: Pick<Operations, "run" | "admit" | "charge">;
  /** Throws when the caller's session is over, and keeps it alive when not. */
  readonly confirm: (caller: Caller) => void;
  readonly nextId: (kind: "request") => string;
  /** Told what went wrong by a fault of this server. */
  readonly report: (error: unknown) => void;
}

/** What can be told of an update that fits nothing else. */
const namedSchema = z.object({ agent_id: idSchema });

/** No answer to a command holds an address, so the stream has none to give. */
const ORIGIN = "";

/** What came of a command: the ack's text, and the error when there was one. */
export interface CommandOutcome {
  readonly ack: string;
  readonly error: EngineError | null;
}

/**
 * Runs one command, with its id as the idempotency key that the REST call would carry, and writes its ack.
 * It counts as one request of its caller, as the REST call would. A promise where the call has to wait for somebody.
 */
export function runCommand(
  runner: CommandRunner,
  caller: Caller,
  command: IncomingCommand<CommandMethod>,
): CommandOutcome | Promise<CommandOutcome> {
  const { frame } = command;
  const { answer: result, error } = attempt(runner, () => {
    admitCommand(runner, caller, command);
    const name: OperationName = routeOfCommand[frame.method];
    const route: Route = routes[name];
    const input = inputOf(new Set(Object.keys(route.params?.shape ?? {})), frame.params);
    return runner.operations.run(name, caller, input, { idempotencyKey: frame.id, origin: ORIGIN });
  });
  if (result?.later === undefined) return outcomeOf(runner, frame.id, { answer: result?.answer, error });
  return result.later
    .then(
      ({ answer }) => ({ answer, error: null }),
      (thrown: unknown) => failed(runner, thrown),
    )
    .then((outcome) => outcomeOf(runner, frame.id, outcome));
}

/** The same of a command of those who do the work, whose answer may have to be waited for. */
export async function runWorkCommand(
  runner: CommandRunner,
  caller: Caller,
  command: IncomingCommand<WorkMethod>,
  run: (name: WorkerRouteName, input: OperationInput, idempotencyKey: string) => Promise<unknown>,
): Promise<CommandOutcome> {
  const { frame } = command;
  const admitted = attempt(runner, () => admitCommand(runner, caller, command));
  if (admitted.error !== null) return outcomeOf(runner, frame.id, admitted);
  const name = routeOfWork[frame.method];
  try {
    const answer = await run(name, inputOf(IN_PATH[name], frame.params), frame.id);
    return outcomeOf(runner, frame.id, { answer, error: null });
  } catch (thrown) {
    return outcomeOf(runner, frame.id, failed(runner, thrown));
  }
}

/** What stands in the paths of these calls. */
const IN_PATH = {
  workerClaim: new Set(["worker_id"]),
  taskReport: new Set(["task_id"]),
  taskFinish: new Set(["task_id"]),
  taskReviewed: new Set(["task_id"]),
} as const;

function admitCommand(
  { operations, confirm }: CommandRunner,
  caller: Caller,
  { text, fault }: IncomingCommand,
): void {
  confirm(caller);
  admit(operations, caller);
  operations.charge(caller, text);
  if (fault !== null) throw fault;
}

function outcomeOf({ nextId }: CommandRunner, id: string, { answer, error }: Attempt): CommandOutcome {
  const ack = error
    ? { type: "ack", id, ok: false, error: toErrorBody(error, nextId("request")) }
    : { type: "ack", id, ok: true, result: answer };
  return { ack: JSON.stringify(ack), error };
}

/** What came of a frame of positions: its ack where it asked for one, and the error when there was one. */
export interface PositionsOutcome {
  readonly ack: string | null;
  readonly error: EngineError | null;
}

/**
 * Moves agents. It does not count as a request: the bound on frames is there for it.
 *
 * A frame of positions stands for a game's frame and may hold one bad number among a thousand good ones: what does not fit is
 * dropped and the others are kept. With an id it has an ack, which names the updates that came to nothing and why; one whose
 * agent cannot be read is not named.
 */
export function runPositions(
  runner: CommandRunner,
  caller: Caller,
  { id, updates, client_id }: PositionsEnvelope,
): PositionsOutcome {
  const run = (some: readonly unknown[]) =>
    attempt(runner, () => {
      runner.confirm(caller);
      if (some.length === 0) return {};
      const body = { updates: some, client_id };
      return runner.operations.run("agentMoveMany", caller, { body }, { origin: ORIGIN }).answer;
    });
  let { answer, error } = run(updates);
  let dropped: readonly unknown[] = [];
  // Nearly all frames are good as a whole; the others are gone through once more.
  if (error?.code === "invalid_request") {
    dropped = updates.filter((update) => !fits(positionUpdateSchema, update));
    ({ answer, error } = run(updates.filter((update) => fits(positionUpdateSchema, update))));
  }
  if (id === undefined) return { ack: null, error };
  if (error === null) return { ack: ackOf(id, answer, dropped), error };
  const body = toErrorBody(error, runner.nextId("request"));
  return { ack: JSON.stringify({ type: "ack", id, ok: false, error: body }), error };
}

/** The ack of positions: of the answer it holds no more than what came to nothing, since it comes with every frame of a game. */
function ackOf(id: string, answer: unknown, dropped: readonly unknown[]): string {
  const read = check(positionsResultSchema, answer, "answer");
  const { outdated, failed = [] } = read.ok ? read.value : {};
  const refused = [...failed, ...dropped.flatMap(refusalOf)];
  const result = { ...(outdated && { outdated }), ...(refused.length > 0 && { failed: refused }) };
  return JSON.stringify({ type: "ack", id, ok: true, result });
}

/** Why an update was dropped. */
function refusalOf(update: unknown): { agent_id: string; code: string; error: string }[] {
  const named = check(namedSchema, update, "update");
  const read = check(positionUpdateSchema, update, "update");
  if (!named.ok || read.ok) return [];
  const error = `The update is not valid: ${describeProblems(read.problems.slice(0, 1))}.`;
  return [{ agent_id: named.value.agent_id, code: "invalid_request", error }];
}

/** What came of trying something. */
interface Attempt<T = unknown> {
  readonly answer: T;
  readonly error: EngineError | null;
}

function attempt<T>(runner: CommandRunner, work: () => T): Attempt<T | null> {
  try {
    return { answer: work(), error: null };
  } catch (thrown) {
    return failed(runner, thrown);
  }
}

function failed({ report }: CommandRunner, thrown: unknown): Attempt<null> {
  const error = asEngineError(thrown);
  if (error !== thrown) report(thrown);
  return { answer: null, error };
}

function admit(operations: Pick<Operations, "admit">, caller: Caller): void {
  const { retryAfterSeconds, limit } = operations.admit(caller);
  if (retryAfterSeconds === null) return;
  throw new EngineError(
    "rate_limited",
    `More than ${limit} requests a minute were made with this key. Try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}

/** Puts the fields of a command where the REST call has them: the path's own into the path, the others into the body. */
function inputOf(inPath: ReadonlySet<string>, fields: Readonly<Record<string, unknown>>): OperationInput {
  const entries = Object.entries(fields);
  const params: Record<string, string> = {};
  for (const [name, value] of entries) {
    // What is no text is left out, and is told as missing.
    if (inPath.has(name) && typeof value === "string") params[name] = value;
  }
  return { params, body: Object.fromEntries(entries.filter(([name]) => !inPath.has(name))) };
}
