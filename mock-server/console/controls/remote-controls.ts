import { errorBodySchema } from "../../../src/contract/error-body.js";
import { check } from "../../../src/contract/schema.js";
import type { Problem } from "../../../src/contract/schema.js";
import type { Output, Schema } from "../../../src/contract/index.js";
import type { BackendControls } from "./controls.js";
import { faultOfWire, faultToWire } from "./fault-wire.js";
import { CONSOLE_PATHS, reportSchema, scriptsSchema, workersSchema } from "./wire.js";
import { parsedJson } from "../../../src/contract/parsed-json.js";

/** Why a control did not work; `code` is the contract's error code, `unreachable`, or `invalid_key`. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly code: string;
  /** What is wrong with what was sent, each with its place. */
  readonly problems: readonly Problem[];

  constructor(code: string, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}

/** How the server is reached. */
export interface RemoteControlsOptions {
  /** Where the server is, without a slash at its end. */
  readonly endpoint: string;
  /** Sent with every call, and kept nowhere else. */
  readonly apiKey: string;
  readonly fetch?: typeof globalThis.fetch;
}

/** The controls of a backend behind `agentvm serve`. */
export function remoteControls({
  endpoint,
  apiKey,
  fetch = globalThis.fetch.bind(globalThis),
}: RemoteControlsOptions): BackendControls {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<string> => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${endpoint}/console/api/${path}`, {
        method,
        cache: "no-store",
        credentials: "omit",
        headers: {
          "X-API-Key": apiKey,
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new ControlError("unreachable", "The server cannot be reached.");
    }
    if (response.ok) return text;
    throw errorOf(response.status, text);
  };
  const send = async (method: string, path: string, body: unknown): Promise<void> => {
    await call(method, path, body);
  };
  const remove = async (path: string, id: string | undefined): Promise<void> => {
    await call("DELETE", id === undefined ? path : `${path}/${id}`);
  };
  const read = async <S extends Schema>(
    path: string,
    schema: S,
    signal?: AbortSignal,
  ): Promise<Output<S>> => {
    const answer = check(schema, parsedJson(await call("GET", path, undefined, signal)), "answer");
    if (answer.ok) return answer.value;
    throw new ControlError("contract_mismatch", "The server's answer is not one that this console can read.");
  };
  return {
    async report(afterCall, signal) {
      const path = `${CONSOLE_PATHS.report}?after_call=${afterCall}`;
      const { faults, ...report } = await read(path, reportSchema, signal);
      const readable = faults?.map((one) => ({ ...one, fault: faultOfWire(one.fault) })) ?? null;
      return { ...report, faults: readable };
    },
    setSpeed: (speed) => send("PUT", CONSOLE_PATHS.clock, { speed }),
    advance: (ms) => send("PUT", CONSOLE_PATHS.clock, { advance_ms: ms }),
    restart: (beginning) => send("POST", CONSOLE_PATHS.restart, beginning),
    saveSnapshot: () => call("GET", CONSOLE_PATHS.snapshot),
    workers: async (signal) => (await read(CONSOLE_PATHS.workers, workersSchema, signal)).workers,
    scripts: async (signal) => (await read(CONSOLE_PATHS.scripts, scriptsSchema, signal)).scripts,
    async addScript(script) {
      try {
        await send("POST", CONSOLE_PATHS.scripts, script);
        return [];
      } catch (error) {
        if (error instanceof ControlError && error.problems.length > 0) return error.problems;
        throw error;
      }
    },
    removeScripts: (id) => remove(CONSOLE_PATHS.scripts, id),
    addFault: (fault) => send("POST", CONSOLE_PATHS.faults, faultToWire(fault)),
    removeFaults: (id) => remove(CONSOLE_PATHS.faults, id),
  };
}

function errorOf(status: number, text: string): ControlError {
  const body = check(errorBodySchema, parsedJson(text), "error");
  if (body.ok) {
    const { code, error, detail } = body.value;
    return new ControlError(code, error, Array.isArray(detail) ? detail : []);
  }
  return new ControlError(
    "contract_mismatch",
    `The server answered ${status}, and not as a console's server does.`,
  );
}
