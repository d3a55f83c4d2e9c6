import { isObject } from "../../../src/contract/is-object.js";
import type { RecordedFrame, Recording } from "./recording.js";

/** An event that was recorded. */
interface News {
  readonly at: number;
  readonly type: string;
  readonly timestamp: unknown;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What an event says of the end of a task, in the words of the task. */
export interface TaskEnd {
  readonly at: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the events of a recording tell, by whom they are about: so that what is read is no older than what was told. */
export class RecordedNews {
  readonly #byId = new Map<string, News[]>();
  readonly #isDue: (at: number) => boolean;

  /** @param isDue Whether what came at a moment of the recording has come in the replay by now. */
  constructor({ lines }: Recording, isDue: (at: number) => boolean) {
    this.#isDue = isDue;
    for (const line of lines) {
      if (line.type !== "frame" || line.from !== "server") continue;
      const news = newsOf(line);
      if (news !== null) for (const id of idsOf(news.data)) this.#add(id, news);
    }
  }

  /** When the last event came that was about one of these and is due by now, in the time of the recording. */
  toldAt(ids: readonly unknown[]): number {
    return Math.max(-Infinity, ...ids.map((id) => this.#last(id)?.at ?? -Infinity));
  }

  /** How a task has ended, where an event has told it by now. */
  endOf(taskId: unknown): TaskEnd | null {
    const news = this.#last(taskId, ({ type }) => type in ENDS);
    return news === null ? null : { at: news.at, fields: ENDS[news.type]?.(news) ?? {} };
  }

  #last(id: unknown, isWanted: (news: News) => boolean = () => true): News | null {
    const all = this.#byId.get(String(id)) ?? [];
    for (let place = all.length - 1; place >= 0; place -= 1) {
      const news = all[place];
      if (news !== undefined && isWanted(news) && this.#isDue(news.at)) return news;
    }
    return null;
  }

  #add(id: string, news: News): void {
    const known = this.#byId.get(id);
    if (known === undefined) this.#byId.set(id, [news]);
    else known.push(news);
  }
}

/** What a task says once an event has told its end. */
const ENDS: Readonly<Record<string, (news: News) => Readonly<Record<string, unknown>>>> = {
  "task.completed": ({ data: { result }, timestamp }) => ({
    status: "completed",
    progress: 1,
    result,
    completed_at: timestamp,
    question: null,
  }),
  "task.failed": ({ data: { result, error }, timestamp }) => ({
    status: "failed",
    ...(isObject(error) && typeof error["message"] === "string" && { message: error["message"] }),
    result,
    completed_at: timestamp,
    question: null,
  }),
  "task.cancelled": ({ timestamp }) => ({ status: "cancelled", completed_at: timestamp, question: null }),
};

function newsOf({ at, frame }: RecordedFrame): News | null {
  const { type, seq, timestamp, data } = frame;
  if (typeof type !== "string" || typeof seq !== "number" || !isObject(data)) return null;
  return { at, type, timestamp, data: { ...data } };
}

/** What an event is about: its own ids, and those of what it tells whole. */
function idsOf(data: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === "string" && name.endsWith("_id")) ids.add(value);
    else if (isObject(value) && typeof value["id"] === "string") ids.add(value["id"]);
  }
  return ids;
}
