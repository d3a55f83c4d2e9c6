import type { Clock } from "../../../src/contract/index.js";
import { isTaskEnding } from "../../../src/contract/tasks.js";
import { fieldsOf } from "../faults/seen-frame.js";
import { redactValue } from "../redact.js";
import { RecordedAnswers, nameOf } from "./answers.js";
import type { Asked, KnownAnswer } from "./answers.js";
import type { Recording } from "./recording.js";
import { RecordedNews } from "./recorded-news.js";

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
  readonly #news: RecordedNews;
  /** The last event that some client was sent, in the time of the recording. */
  #sentUntil = -Infinity;
  readonly #clock: () => Clock;
  #unknown: readonly UnknownCall[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(recording: Recording, clock: () => Clock) {
    this.recording = recording;
    this.answers = new RecordedAnswers(recording);
    this.#news = new RecordedNews(recording, (at) => this.#isDue(at));
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
    const about = Object.values(asked.params);
    const after = about.length > 0 ? this.#news.toldAt(about) : this.#sentUntil;
    const known = this.answers.take({ ...asked, body }, this.clock.now(), after);
    if (known !== null) {
      for (const tell of [...this.#waiting]) tell();
      return asked.route === "taskGet" ? this.#ended(known, asked.params["task_id"]) : known;
    }
    const why = this.answers.whyNot({ ...asked, body });
    this.miss({ call: nameOf(asked.route), params: asked.params, query: asked.query, body, why });
    return why;
  }

  /** An event was sent to somebody. */
  sent(at: number): void {
    this.#sentUntil = Math.max(this.#sentUntil, at);
  }

  #isDue(at: number): boolean {
    const cause = this.answers.causeOf(at);
    if (cause === null || cause.askedAt === null) return false;
    return cause.askedAt + (at - cause.at) <= this.clock.now();
  }

  /** The task as it is after its end, where nobody has read it since an event told that. */
  #ended(known: KnownAnswer, taskId: unknown): KnownAnswer {
    const end = this.#news.endOf(taskId);
    if (end === null || known.at >= end.at || known.status !== 200) return known;
    const task = fieldsOf(known.answer ?? "");
    if (isTaskEnding(String(task["status"]))) return known;
    return { ...known, answer: JSON.stringify({ ...task, ...end.fields }) };
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
