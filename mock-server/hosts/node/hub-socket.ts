import { WebSocket } from "ws";
import { closeReason, type Closing } from "../../stream/index.js";

/** What ws finds wrong with a message by itself, in the words of the contract. */
const closingOf: Readonly<Partial<Record<number, Closing>>> = {
  1007: { code: 4400, detail: "not UTF-8" },
  1008: { code: 4400, detail: "too many fragments" },
  1009: { code: 4400, detail: "larger than a frame may be" },
};

/**
 * A server's WebSocket that closes with the contract's codes. ws cuts a message that is too large before it is read whole, as it
 * should, but with a code of its own, of which a client could not tell what to do.
 */
export class HubSocket extends WebSocket {
  override close(code?: number, data?: string | Buffer): void {
    const closing = code === undefined ? undefined : closingOf[code];
    if (closing === undefined) super.close(code, data);
    else super.close(closing.code, closeReason(closing));
  }
}
