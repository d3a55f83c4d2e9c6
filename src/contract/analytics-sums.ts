import type { AnalyticsEvent, AnalyticsSummary } from "./analytics.js";

/** Rows of one kind at the most; past them the one that was not touched for longest is forgotten. */
export const ANALYTICS_ROWS_MAX = 1_000;

/** Buckets to a doubling: a duration is known within a tenth. */
const BUCKETS_A_DOUBLING = 4;

/** The shortest duration that is told from nothing, and the longest that is told from a longer one: so few buckets hold all. */
const SHORTEST = 2 ** -10;
const LONGEST = 2 ** 34;

type EventOf<T extends AnalyticsEvent["type"]> = Extract<AnalyticsEvent, { type: T }>;

/** The bucket of what took no time that could be told from nothing. */
const NOTHING = -1_000;

/** What was added up of durations: their number, their sum, and how many are in each bucket. */
export interface SavedDurations {
  readonly count: number;
  readonly sum: number;
  readonly buckets: { readonly bucket: number; readonly count: number }[];
}

/** How often something took how long, in buckets: it costs the same however often that was. */
class Durations {
  readonly #buckets: Map<number, number>;
  #sum: number;
  count: number;

  constructor({ count, sum, buckets }: SavedDurations = { count: 0, sum: 0, buckets: [] }) {
    this.#buckets = new Map(buckets.map((one) => [one.bucket, one.count]));
    this.#sum = sum;
    this.count = count;
  }

  saved(): SavedDurations {
    const buckets = Array.from(this.#buckets, ([bucket, count]) => ({ bucket, count }));
    return { count: this.count, sum: this.#sum, buckets };
  }

  add(given: number): void {
    const value = Math.min(given, LONGEST);
    const bucket = value >= SHORTEST ? Math.round(Math.log2(value) * BUCKETS_A_DOUBLING) : NOTHING;
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#sum += value;
    this.count += 1;
  }

  get mean(): number {
    return this.count === 0 ? 0 : rounded(this.#sum / this.count);
  }

  /** The value that so large a share does not go beyond. */
  quantile(share: number): number {
    let below = 0;
    for (const [bucket, count] of [...this.#buckets].sort(([a], [b]) => a - b)) {
      below += count;
      if (below >= share * this.count) return rounded(2 ** (bucket / BUCKETS_A_DOUBLING));
    }
    return 0;
  }
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

interface CallRow {
  readonly call: string;
  errors: number;
  retries: number;
  readonly durations: Durations;
}

interface TaskRow {
  readonly task_type: string | null;
  readonly agent_type: string | null;
  completed: number;
  failed: number;
  cancelled: number;
  readonly durations: Durations;
}

interface InteractionRow {
  readonly agent_id: string;
  agent_type: string | null;
  count: number;
}

/** All that was added up, as JSON. */
export interface SavedSums {
  readonly events: number;
  readonly reconnects: number;
  readonly losses: number;
  readonly calls: (Omit<CallRow, "durations"> & { readonly durations: SavedDurations })[];
  readonly tasks: (Omit<TaskRow, "durations"> & { readonly durations: SavedDurations })[];
  readonly interactions: InteractionRow[];
}

/** Adds up what was measured; a client does so for itself, a server for all that report to it. Its size has a limit. */
export class AnalyticsSums {
  readonly #calls = new Map<string, CallRow>();
  readonly #tasks = new Map<string, TaskRow>();
  readonly #interactions = new Map<string, InteractionRow>();
  #events = 0;
  #reconnects = 0;
  #losses = 0;

  /** @param saved What another has added up, to go on from there. */
  constructor(saved?: SavedSums) {
    if (saved === undefined) return;
    this.#events = saved.events;
    this.#reconnects = saved.reconnects;
    this.#losses = saved.losses;
    for (const row of saved.calls)
      this.#calls.set(row.call, { ...row, durations: new Durations(row.durations) });
    for (const row of saved.tasks)
      this.#tasks.set(nameOf(row), { ...row, durations: new Durations(row.durations) });
    for (const row of saved.interactions) this.#interactions.set(row.agent_id, { ...row });
  }

  /** All of it as JSON. */
  saved(): SavedSums {
    return {
      events: this.#events,
      reconnects: this.#reconnects,
      losses: this.#losses,
      calls: Array.from(this.#calls.values(), withSaved),
      tasks: Array.from(this.#tasks.values(), withSaved),
      interactions: Array.from(this.#interactions.values(), (row) => ({ ...row })),
    };
  }

  add(event: AnalyticsEvent): void {
    this.#events += 1;
    if (event.type === "call") this.#addCall(event);
    else if (event.type === "task") this.#addTask(event);
    else if (event.type === "interaction") this.#addInteraction(event);
    else if (event.status === "live") this.#reconnects += 1;
    else this.#losses += 1;
  }

  read(): AnalyticsSummary {
    return {
      events: this.#events,
      calls: [...this.#calls.values()].map(({ call, errors, retries, durations }) => ({
        call,
        count: durations.count,
        errors,
        retries,
        mean_ms: durations.mean,
        p50_ms: durations.quantile(0.5),
        p95_ms: durations.quantile(0.95),
        p99_ms: durations.quantile(0.99),
      })),
      tasks: [...this.#tasks.values()].map(({ durations, ...row }) => ({
        ...row,
        mean_seconds: durations.mean,
      })),
      interactions: [...this.#interactions.values()].map((row) => ({ ...row })),
      connections: { reconnects: this.#reconnects, losses: this.#losses },
    };
  }

  #addCall({ call, error, retries, duration_ms }: EventOf<"call">): void {
    const row = rowOf(this.#calls, call, () => ({ call, errors: 0, retries: 0, durations: new Durations() }));
    row.durations.add(duration_ms);
    row.retries += retries;
    if (error !== null) row.errors += 1;
  }

  #addTask({ task_type, agent_type, status, duration_seconds }: EventOf<"task">): void {
    const row = rowOf(this.#tasks, nameOf({ task_type, agent_type }), () => ({
      task_type,
      agent_type,
      completed: 0,
      failed: 0,
      cancelled: 0,
      durations: new Durations(),
    }));
    row[status] += 1;
    if (duration_seconds !== null) row.durations.add(duration_seconds);
  }

  #addInteraction({ agent_id, agent_type }: EventOf<"interaction">): void {
    const row = rowOf(this.#interactions, agent_id, () => ({ agent_id, agent_type, count: 0 }));
    row.agent_type = agent_type ?? row.agent_type;
    row.count += 1;
  }
}

function withSaved<T extends { readonly durations: Durations }>(
  row: T,
): Omit<T, "durations"> & { readonly durations: SavedDurations } {
  return { ...row, durations: row.durations.saved() };
}

function nameOf({ task_type, agent_type }: Pick<TaskRow, "task_type" | "agent_type">): string {
  return `${task_type} ${agent_type}`;
}

/** The row of that name, made when it is new, as the one that was touched last. */
function rowOf<T>(rows: Map<string, T>, name: string, make: () => T): T {
  const row = rows.get(name) ?? make();
  rows.delete(name);
  rows.set(name, row);
  for (const oldest of rows.keys()) {
    if (rows.size <= ANALYTICS_ROWS_MAX) break;
    rows.delete(oldest);
  }
  return row;
}
