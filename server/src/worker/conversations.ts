import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";

/** Conversations that are remembered; of more the oldest are forgotten. */
const KEPT_MAX = 1_000;

const conversationSchema = z.object({ task_id: z.string(), agent: z.string(), session: z.string() });
const fileSchema = z.object({ version: z.literal(1), conversations: z.array(conversationSchema) });

type Conversation = z.output<typeof conversationSchema>;

/** Remembers by which name an agent goes on with the conversation of a task, also after the worker was started anew. */
export class Conversations {
  readonly #file: string;
  #kept: readonly Conversation[];

  /** @param file Where they are kept; it need not be there yet. What cannot be read is forgotten: a task begins a new conversation then. */
  constructor(file: string) {
    this.#file = file;
    this.#kept = read(file);
  }

  /** The conversation of a task with an agent; null where none is known. */
  of(taskId: string, agent: string): string | null {
    return this.#kept.find((one) => one.task_id === taskId && one.agent === agent)?.session ?? null;
  }

  /** Remembers one, at once. */
  keep(taskId: string, agent: string, session: string): void {
    const others = this.#kept.filter((one) => one.task_id !== taskId || one.agent !== agent);
    this.#kept = [...others, { task_id: taskId, agent, session }].slice(-KEPT_MAX);
    mkdirSync(dirname(this.#file), { recursive: true });
    // Written beside and put in its place, so that nobody ever reads half of it.
    const beside = `${this.#file}.${process.pid}`;
    writeFileSync(beside, JSON.stringify({ version: 1, conversations: this.#kept }), { mode: 0o600 });
    renameSync(beside, this.#file);
  }
}

function read(file: string): readonly Conversation[] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, "utf8"))).conversations;
  } catch {
    return [];
  }
}
