import type { CommandMethod, Output, Schema } from "../../contract/index.js";
import type { Answering } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";
import type { CallInput } from "../http/request.js";
import type { EventStream } from "../stream/event-stream.js";
import type { StreamCallParts } from "../stream/stream-call.js";

/** What a {@link Commander} is made of. */
export interface CommanderParts extends StreamCallParts {
  readonly stream: Pick<EventStream, "canSend" | "command" | "core">;
}

/**
 * Makes the calls that can go over the event stream: over it where it is live, over REST where it is not, and over REST
 * again where it was lost on the way. All of it is under one idempotency key, so that it happens once.
 */
export class Commander {
  readonly #parts: CommanderParts;

  constructor(parts: CommanderParts) {
    this.#parts = parts;
  }

  async json<S extends Schema>(
    method: CommandMethod,
    route: Answering<{ readonly kind: "json"; readonly schema: S }>,
    input: CallInput,
    options: CallOptions = {},
  ): Promise<Output<S>> {
    const { caller, stream } = this.#parts;
    // Headers of the caller's own can only go by HTTP.
    return stream.core === null || !stream.canSend || options.headers !== undefined
      ? caller.json(route, input, options)
      : stream.core.callByStream(this.#parts, method, route, input, options);
  }
}
