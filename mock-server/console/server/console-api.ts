import { BODY_MAX_BYTES } from "../../../src/contract/limits.js";
import { check, describeProblems } from "../../../src/contract/schema.js";
import type { Problem } from "../../../src/contract/schema.js";
import type { Output, Schema } from "../../../src/contract/index.js";
import type { Backend } from "../../assemble.js";
import {
  failureHeaders,
  methodNotAllowed,
  rateLimited,
  routeNotFound,
  statusOf,
} from "../../calls/failures.js";
import { parseQuery, splitTarget } from "../../calls/target.js";
import type { Answer } from "../../calls/answer.js";
import { EngineError, readJson } from "../../domain/index.js";
import type { JsonBounds } from "../../domain/index.js";
import { credentialsOf } from "../../http/credentials.js";
import type { HttpCall } from "../../http/types.js";
import { asEngineError, toErrorBody } from "../../calls/index.js";
import type { Credentials } from "../../calls/index.js";
import type { Testing } from "../../testing/create-testing.js";
import type { ListedFault } from "../../testing/faults/fault.js";
import type { BackendControls } from "../controls/controls.js";
import { faultOfWire, faultToWire, wordsForWire } from "../controls/fault-wire.js";
import { localControls } from "../controls/local-controls.js";
import { CONSOLE_PATHS, clockBodySchema, fieldsBodySchema, restartBodySchema } from "../controls/wire.js";

/** One of the console's calls: its method, and what it gives as JSON text. */
interface ConsoleCall {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** `name` is what the path has after the call's own. */
  run(controls: BackendControls, call: HttpCall, backend: ControlledServer, name: string): Promise<string>;
}

/** The backend behind a server, which may be one that can be told to fail. */
export type ControlledServer = Backend & Partial<Testing>;

const DONE = '{"success":true}';

const calls: Readonly<Record<string, readonly ConsoleCall[]>> = {
  [CONSOLE_PATHS.report]: [
    {
      method: "GET",
      async run(controls, call) {
        const after = Number(parseQuery(splitTarget(call.target).query)?.["after_call"] ?? 0);
        const report = await controls.report(Number.isSafeInteger(after) && after > 0 ? after : 0);
        return JSON.stringify({ ...report, faults: report.faults?.map(listedForWire) ?? null });
      },
    },
  ],
  [CONSOLE_PATHS.clock]: [
    {
      method: "PUT",
      async run(controls, call) {
        const { speed, advance_ms } = await bodyOf(call, clockBodySchema, SMALL);
        if (speed !== undefined) await controls.setSpeed(speed);
        if (advance_ms !== undefined) await controls.advance(advance_ms);
        return DONE;
      },
    },
  ],
  [CONSOLE_PATHS.restart]: [
    {
      method: "POST",
      async run(controls, call, backend) {
        await controls.restart(await bodyOf(call, restartBodySchema, snapshotBounds(backend)));
        return DONE;
      },
    },
  ],
  [CONSOLE_PATHS.snapshot]: [{ method: "GET", run: (controls) => controls.saveSnapshot() }],
  [CONSOLE_PATHS.workers]: [
    {
      method: "GET",
      run: async (controls) => JSON.stringify({ workers: await controls.workers() }),
    },
  ],
  [CONSOLE_PATHS.scripts]: [
    {
      method: "GET",
      run: async (controls) => JSON.stringify({ scripts: await controls.scripts() }),
    },
    {
      method: "POST",
      async run(controls, call) {
        const problems = await controls.addScript(await bodyOf(call, fieldsBodySchema, SCRIPT));
        if (problems.length > 0) throw notValid(problems);
        return JSON.stringify((await controls.scripts()).at(-1));
      },
    },
    {
      method: "DELETE",
      async run(controls, _call, backend, name) {
        if (name === "") await controls.removeScripts();
        else if (!backend.removeScript(name)) {
          throw new EngineError("route_not_found", `There is no script ${name.slice(0, 64)}.`);
        }
        return DONE;
      },
    },
  ],
  [CONSOLE_PATHS.faults]: [
    {
      method: "GET",
      run: async (_controls, _call, backend) =>
        JSON.stringify({ faults: faultsOf(backend).list().map(listedForWire) }),
    },
    {
      method: "POST",
      async run(_controls, call, backend) {
        const fault = faultOfWire(await bodyOf(call, fieldsBodySchema, SMALL));
        const { id } = refusing(() => faultsOf(backend).add(fault));
        const added = faultsOf(backend)
          .list()
          .filter((one) => one.id === id);
        return JSON.stringify(added.map(listedForWire)[0]);
      },
    },
    {
      method: "DELETE",
      async run(_controls, _call, backend, name) {
        if (name === "") faultsOf(backend).clear();
        else if (!faultsOf(backend).remove(name)) {
          throw new EngineError("route_not_found", `There is no fault ${name.slice(0, 64)}.`);
        }
        return DONE;
      },
    },
  ],
};

function faultsOf({ faults }: ControlledServer): Testing["faults"] {
  if (faults !== undefined) return faults;
  throw new EngineError("unavailable", "The backend of this server cannot be told to fail.");
}

function listedForWire(listed: ListedFault): object {
  return { ...listed, fault: faultToWire(listed.fault) };
}

/** What a fault is refused for is the caller's to mend. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      throw new EngineError("invalid_request", wordsForWire(error.message));
    }
    throw error;
  }
}

/** Answers the console's own calls, to who shows an API key with the role admin. `path` is what follows `/console/api/`. */
export function consoleApi(backend: ControlledServer): (call: HttpCall, path: string) => Promise<Answer> {
  const controls = localControls(backend);
  return async (call, path) => {
    try {
      identify(backend, call);
      const { path: whole } = splitTarget(call.target);
      // Of all things here these alone have parts that are named: each fault and each script can be taken away.
      const [, kind = path, name = ""] = /^(faults|scripts)\/([^/]+)$/.exec(path) ?? [];
      const found = Object.hasOwn(calls, kind) ? calls[kind] : undefined;
      const allowed = found?.filter(({ method }) => name === "" || method === "DELETE");
      if (allowed === undefined) throw routeNotFound(call.method, whole);
      const asked = allowed.find(({ method }) => method === call.method);
      if (asked === undefined) {
        throw methodNotAllowed(call.method, whole, allowed.map(({ method }) => method).join(", "));
      }
      return json(200, {}, await asked.run(controls, call, backend, name));
    } catch (thrown) {
      const error = asEngineError(thrown);
      return json(statusOf(error), failureHeaders(error), JSON.stringify(toErrorBody(error, "console")));
    }
  };
}

/** Whoever guesses keys is counted and slowed as at any other call; the console itself, which asks every second, is not counted. */
function identify({ access, operations }: Backend, call: HttpCall): void {
  let credentials: Credentials = {};
  let refusal: unknown;
  try {
    credentials = credentialsOf(call);
    const caller = access.identify(credentials);
    if (caller.kind === "key" && caller.role === "admin") return;
    refusal = new EngineError(
      caller.kind === "anonymous" ? "unauthorized" : "forbidden",
      caller.kind === "key"
        ? `The console needs a key with the role admin; this key has the role ${caller.role}.`
        : `The console needs an API key${caller.kind === "session" ? ", not a session token" : ""}.`,
    );
  } catch (error) {
    refusal = error;
  }
  const { retryAfterSeconds } = operations.admitStranger(call.remote);
  if (retryAfterSeconds !== null && !access.wereValid(credentials)) throw rateLimited(retryAfterSeconds);
  throw refusal;
}

/** What the body of a call may hold at the most. */
interface BodyBounds extends JsonBounds {
  readonly bytes: number;
}

const SMALL: BodyBounds = { bytes: 1_024, values: 100, levels: 8 };

/** A script may hold a diff, and questions that follow from answers. */
const SCRIPT: BodyBounds = { bytes: 262_144, values: 10_000, levels: 32 };

/**
 * What was saved can be loaded: a snapshot has no more bytes than all games may hold, a half more where they passed that a little, and
 * some beside them. A world has as many values as it has, and callers' own data stand some levels down in it. Only who holds a key brings one.
 */
function snapshotBounds({ engine }: Backend): BodyBounds {
  return { bytes: 1.5 * engine.storage.totalBytes + BODY_MAX_BYTES, values: Infinity, levels: 100 };
}

async function bodyOf<S extends Schema>(call: HttpCall, schema: S, bounds: BodyBounds): Promise<Output<S>> {
  const checked = check(schema, readJson(await textOf(call, bounds), bounds), "body");
  if (checked.ok) return checked.value;
  throw notValid(checked.problems);
}

function notValid(problems: readonly Problem[]): EngineError {
  const message = `The request is not valid: ${describeProblems(problems)}.`;
  return new EngineError("invalid_request", message, { detail: [...problems] });
}

async function textOf(call: HttpCall, { bytes }: BodyBounds): Promise<string> {
  const body = await call.body(bytes);
  switch (body.kind) {
    case "none":
      return "{}";
    case "text":
      return body.text;
    case "bytes":
      return new TextDecoder().decode(body.bytes);
    case "too_large":
      throw new EngineError("payload_too_large", `The body is larger than ${bytes} bytes.`);
  }
}

function json(status: number, headers: Record<string, string>, body: string): Answer {
  return {
    status,
    headers: { ...headers, "content-type": "application/json", "cache-control": "no-store" },
    body,
  };
}
