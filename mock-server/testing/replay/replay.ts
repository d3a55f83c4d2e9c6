import type { Clock } from "../../../src/contract/index.js";
import { redactValue } from "../redact.js";
import { RecordedAnswers, nameOf } from "./answers.js";
import type { Asked, KnownAnswer } from "./answers.js";
import type { Recording } from "./recording.js";

/** What was asked that a recording does not know. */
export interface UnknownCall {
  /** The call: `POST /tasks/assign`, or `the event stream`. */
  readonly call: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Without secrets. */
  readonly body: unknown;
  /** Why there is no answer: what differs from what was recorded. */
  readonly why: string;
}

/** A backend that answers from a recording, seen from a test. */
export interface Replay {
  readonly recording: Recording;
  /** What was asked that the recording does not know, the last 100 of it: a test that ends well finds it empty. */
  readonly unknown: readonly UnknownCall[];
}

/** Unknown calls that are kept. */
const UNKNOWN_MAX = 100;

/** A recording that is played. */
export class PlayedRecording implements Replay {
  readonly recording: Recording;
  readonly answers: RecordedAnswers;
  readonly #clock: () => Clock;
  #unknown: readonly UnknownCall[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(recording: Recording, clock: () => Clock) {
    this.recording = recording;
    this.answers = new RecordedAnswers(recording);
    this.#clock = clock;
  }

  get unknown(): readonly UnknownCall[] {
    return this.#unknown;
  }

  get clock(): Clock {
    return this.#clock();
  }

  /** The answer to something, or why there is none. */
  take(asked: Asked): KnownAnswer | string {
    const body = redactValue(asked.body);
    const known = this.answers.take({ ...asked, body }, this.clock.now());
    if (known !== null) {
      for (const tell of [...this.#waiting]) tell();
      return known;
    }
    const why = this.answers.whyNot({ ...asked, body });
    this.miss({ call: nameOf(asked.route), params: asked.params, query: asked.query, body, why });
    return why;
  }

  miss(call: UnknownCall): void {
    this.#unknown = [...this.#unknown, call].slice(-UNKNOWN_MAX);
  }

  /** Calls `tell` whenever something was asked for that was recorded, until what comes back is called. */
  onAsked(tell: () => void): () => void {
    this.#waiting.add(tell);
    return () => {
      this.#waiting.delete(tell);
    };
  }
}

/** @throws TypeError for what is no recording. */
export function checkRecording(given: unknown): asserts given is Recording {
  const isRecording =
    typeof given === "object" && given !== null && "lines" in given && Array.isArray(given.lines);
  if (!isRecording) {
    throw new TypeError(
      "The backend's option 'replay' must be a recording: what parseRecording(text) gives, or loadRecording(path) in Node.",
    );
  }
}
