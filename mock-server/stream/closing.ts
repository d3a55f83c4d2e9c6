import { closeCodes } from "../../src/contract/frames.js";
import type { CloseCode } from "../../src/contract/index.js";
import { splitAtByte } from "../domain/index.js";

/** Why the hub ends a connection. `detail` is for a person and holds nothing that the client sent as a secret. */
export interface Closing {
  readonly code: CloseCode;
  readonly detail?: string;
}

/** Bytes that RFC 6455 leaves for the reason in a close frame. */
const REASON_MAX_BYTES = 123;

/** The reason in the close frame: `bad frame: hello.protocol must be an integer`. */
export function closeReason({ code, detail }: Closing): string {
  const { reason } = closeCodes[code];
  const text = detail === undefined ? reason : `${reason}: ${detail}`;
  return text.slice(0, splitAtByte(text, REASON_MAX_BYTES).index);
}
