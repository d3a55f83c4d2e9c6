import { errorCodes } from "../../src/contract/index.js";
import { asEngineError, toErrorBody } from "../calls/index.js";
import type { CallWatch, OperationResult, Operations } from "../calls/index.js";

const NOTHING = { request: null, answer: null };

/** What a hub makes calls with. */
export type HubOperations = Pick<Operations, "run" | "admit" | "admitStranger" | "charge">;

/** The operations as commands make them, told to those who watch the backend. While nobody does it costs next to nothing. */
export function watchedOperations(
  operations: HubOperations,
  watch: CallWatch,
  stopwatch: () => number,
): HubOperations {
  return {
    admit: (caller) => operations.admit(caller),
    admitStranger: (remote) => operations.admitStranger(remote),
    charge: (caller, text) => operations.charge(caller, text),
    run(name, caller, input, options) {
      if (watch.size === 0) return operations.run(name, caller, input, options);
      const started = stopwatch();
      // They come with each frame of a game.
      const isMoves = name === "agentMoveMany";
      const tell = (status: number, error: string | null, answer: unknown): void => {
        const ms = Math.max(0, stopwatch() - started);
        const params = input.params ?? {};
        watch.tell(
          {
            via: "stream",
            route: name,
            params,
            status,
            ms,
            request_id: null,
            caller: caller.id,
            error,
          },
          isMoves ? NOTHING : { request: input.body, answer },
        );
      };
      const done = (result: OperationResult): OperationResult => {
        tell(200, null, result.answer);
        return result;
      };
      const refused = (thrown: unknown): never => {
        const error = asEngineError(thrown);
        const text = JSON.stringify(toErrorBody(error, ""));
        tell(errorCodes[error.code].status, text, text);
        throw thrown;
      };
      try {
        const result = operations.run(name, caller, input, options);
        return result.later ? { ...result, later: result.later.then(done, refused) } : done(result);
      } catch (thrown) {
        return refused(thrown);
      }
    },
  };
}
