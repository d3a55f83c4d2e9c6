import { helloSchemas } from "../../src/contract/frames.js";
import { check, describeProblems } from "../../src/contract/schema.js";
import { PROTOCOL_VERSION } from "../../src/contract/version.js";
import type { CloseCode, Cursor, Subscribe } from "../../src/contract/index.js";
import { EngineError, type RateVerdict } from "../domain/index.js";
import {
  asEngineError,
  type Access,
  type Caller,
  type Credentials,
  type Operations,
} from "../calls/index.js";
import type { ClientMessage } from "./connection.js";
import { badFrame, readFrame, type RawFrame, type Read } from "./read-frame.js";

/** What a hello asks for, once it is known who says it. */
export interface Greeting {
  readonly caller: Caller;
  readonly resume: Cursor | undefined;
  readonly subscribe: Subscribe | undefined;
}

const NO_HELLO = "the first frame is a hello";

/**
 * Reads the first message of a connection.
 *
 * A frame that is not a hello of this protocol is a bad frame. One without credentials, or with a text that cannot be
 * any, is unauthorized; a wrong key is forbidden; a token of no open session means that the session is over.
 * A session that asks for another game is forbidden, whether or not that game exists.
 */
export function readHello(
  message: ClientMessage,
  maximumBytes: number,
  identify: (credentials: Credentials) => Caller,
): Read<Greeting> {
  if (typeof message !== "string") return badFrame(NO_HELLO);
  const read = readFrame(message, maximumBytes);
  if (!read.ok) return read;
  const frame = read.value;
  if (frame.type !== "hello") return badFrame(NO_HELLO);
  if (Number.isInteger(frame["protocol"]) && frame["protocol"] !== PROTOCOL_VERSION) {
    return badFrame(`this server speaks protocol ${PROTOCOL_VERSION}`);
  }
  if (!mayHoldCredentials(frame)) return refused(4401, "a hello carries session_token or api_key");
  if ("session_token" in frame && "api_key" in frame) {
    return badFrame("a hello carries session_token or api_key, not both");
  }
  const checked = check(helloSchemas["api_key" in frame ? "api_key" : "session_token"], frame, "hello");
  if (!checked.ok) return badFrame(describeProblems(checked.problems.slice(0, 1)));
  const hello = checked.value;

  let caller: Caller;
  try {
    caller = identify("api_key" in hello ? { apiKey: hello.api_key } : { sessionToken: hello.session_token });
  } catch (error) {
    return refused(
      closeCodeOf(error),
      error instanceof EngineError && error.code === "rate_limited" ? error.message : undefined,
    );
  }
  if (caller.kind === "anonymous") return refused(4401);
  const wanted = hello.subscribe?.game_id;
  if (caller.kind === "session" && wanted !== undefined && wanted !== caller.game_id) {
    return refused(4403, "a session hears its own game alone");
  }
  return { ok: true, value: { caller, resume: hello.resume, subscribe: hello.subscribe } };
}

/**
 * Tells who says hello, and counts it as a request: of the caller, or of a stranger by the address.
 *
 * @throws EngineError `rate_limited` when there are too many, else what `access` says of the credentials.
 */
export function identifyAtHello(
  credentials: Credentials,
  remote: string | undefined,
  access: Pick<Access, "identify" | "wereValid">,
  operations: Pick<Operations, "admit" | "admitStranger">,
): Caller {
  let caller: Caller;
  try {
    caller = access.identify(credentials);
  } catch (error) {
    const verdict = operations.admitStranger(remote);
    // Who had a session has to hear that it is over, so that it connects again.
    if (!access.wereValid(credentials)) refuseMore(verdict);
    throw error;
  }
  refuseMore(operations.admit(caller));
  return caller;
}

function refuseMore({ retryAfterSeconds }: RateVerdict): void {
  if (retryAfterSeconds === null) return;
  throw new EngineError("rate_limited", `too many requests; come again in ${retryAfterSeconds} s`, {
    retryAfterSeconds,
  });
}

/** The close code that says the same as an error of the contract. */
export function closeCodeOf(error: unknown): CloseCode {
  switch (asEngineError(error).code) {
    case "session_expired":
      return 4410;
    case "unauthorized":
      return 4401;
    case "forbidden":
      return 4403;
    default:
      return 1013;
  }
}

function refused(code: CloseCode, detail?: string): Read<Greeting> {
  return { ok: false, closing: detail === undefined ? { code } : { code, detail } };
}

function mayHoldCredentials(frame: RawFrame): boolean {
  return [frame["session_token"], frame["api_key"]].some(
    (secret) => typeof secret === "string" && secret !== "" && secret.length <= 4_096,
  );
}
