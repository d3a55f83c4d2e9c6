import { EngineError } from "../engine/index.js";
import type { Engine } from "../engine/index.js";
import { loadCode } from "../loading.js";
import type { Matcher } from "./matcher.js";
import type { OutputStreams } from "./output-streams.js";

type LateCode = typeof import("./late-code.js");

/** What answers the calls that few pages make, with the streams of task output that are open. */
export interface Late {
  readonly code: LateCode;
  readonly streams: OutputStreams;
  /** Finds what the requests of a batch call. */
  readonly match: Matcher;
}

/** Gets hold of it. */
export interface LateParts {
  /** @throws EngineError `unavailable` when the code cannot be loaded, and once it is closed. */
  get(): Promise<Late>;
  /** Breaks off the streams that are open. */
  close(): void;
}

/** The seldom parts of one backend's answers, whose code is loaded when the first call needs it. */
export function createLateParts(
  engine: Engine,
  load: () => Promise<LateCode> = () => import("./late-code.js"),
): LateParts {
  let late: Late | null = null;
  let closed = false;
  return {
    async get() {
      const code = late?.code ?? (await loadCode("this call", load));
      if (closed) throw new EngineError("unavailable", "The server is closed.");
      return (late ??= { code, streams: code.createOutputStreams(engine), match: code.createMatcher() });
    },
    close() {
      closed = true;
      late?.streams.close();
    },
  };
}
