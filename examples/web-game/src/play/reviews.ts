import type { AgentVM, Changes } from "oligarchy-agentvm/slim";
import type { Sprint } from "./sprint.js";
import { problemOf } from "./work.js";
import type { Tell } from "./work.js";

/** Work that is done, and that the player has not looked at yet. */
export interface Review {
  readonly taskId: string;
  readonly title: string;
  readonly agentId: string | null;
  readonly who: string;
  readonly changes: Changes;
}

/** What may become of it. */
export type Verdict = "accept" | "discard";

/** What the reviews are made with. */
export interface ReviewsParts {
  readonly agentvm: AgentVM;
  readonly sprint: Sprint;
  readonly tell: Tell;
}

/** Work that waits for a look at the most; past it the oldest is let go. */
const REVIEWS_MAX = 40;

/** What was changed and waits for the player's verdict. A ticket is done when all of its work was accepted. */
export class Reviews {
  readonly #parts: ReviewsParts;
  readonly #open = new Map<string, Review>();
  /** Work on which the player of this page gives a verdict now. */
  readonly #mine = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #undo: () => void;

  /** Begins to listen. */
  constructor(parts: ReviewsParts) {
    this.#parts = parts;
    this.#undo = parts.agentvm.on("task.reviewed", ({ data: { task_id, changes } }) =>
      this.#settle(task_id, changes.review),
    );
  }

  /** All that wait for a look, the oldest first. */
  get list(): readonly Review[] {
    return [...this.#open.values()];
  }

  /** One of them; null when it waits no more. */
  get(taskId: string): Review | null {
    return this.#open.get(taskId) ?? null;
  }

  /** The last work of somebody that waits for a look. */
  of(agentId: string): Review | null {
    return this.list.findLast((review) => review.agentId === agentId) ?? null;
  }

  /** Somebody has changed something. */
  add(review: Review): void {
    this.#open.set(review.taskId, review);
    for (const old of this.#open.keys()) {
      if (this.#open.size <= REVIEWS_MAX) break;
      this.#open.delete(old);
    }
    this.#tell();
  }

  /** What was changed, as a unified diff. @throws AgentVMError when it cannot be read. */
  diff(taskId: string): Promise<string> {
    return this.#parts.agentvm.tasks.diff(taskId);
  }

  /** Gives the player's verdict; what stands against it, in words, or null. */
  async give(taskId: string, verdict: Verdict): Promise<string | null> {
    const { agentvm } = this.#parts;
    this.#mine.add(taskId);
    try {
      const task = agentvm.tasks.handle(taskId);
      const { review } = await (verdict === "accept" ? task.accept() : task.discard());
      this.#settle(taskId, review);
      return null;
    } catch (error) {
      return problemOf(error);
    } finally {
      this.#mine.delete(taskId);
    }
  }

  /** Calls `listener` when there is more or less to look at. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Ends the listening. */
  close(): void {
    this.#undo();
  }

  /** The verdict may come as an answer and as an event: the first one counts. */
  #settle(taskId: string, verdict: string): void {
    const review = this.#open.get(taskId);
    if (review === undefined || verdict === "open") return;
    const { sprint, tell } = this.#parts;
    this.#open.delete(taskId);
    const isAccepted = verdict === "accepted";
    const isOnTicket = sprint.reviewed(taskId, isAccepted);
    const by = this.#mine.has(taskId) ? "" : " by somebody else";
    const after = !isAccepted && isOnTicket ? " The ticket is back on the board." : "";
    const what = isAccepted ? "accepted" : "discarded";
    tell(`“${review.title}” was ${what}${by}.${after}`, isAccepted ? "good" : "plain");
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
