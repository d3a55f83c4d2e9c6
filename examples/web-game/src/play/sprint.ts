import type { TaskResult } from "oligarchy-agentvm/slim";
import type { TicketText } from "./tickets.js";

/** How a ticket stands. */
export type TicketState =
  | { readonly status: "open" }
  | { readonly status: "working"; readonly taskIds: readonly string[]; readonly who: readonly string[] }
  /** The work is over, and what it has changed waits for the player's verdict: these tasks are left. */
  | { readonly status: "review"; readonly taskIds: readonly string[]; readonly who: readonly string[] }
  | { readonly status: "done"; readonly who: readonly string[] };

/** A ticket on the board. */
export interface Ticket extends TicketText {
  readonly state: TicketState;
  /** How often it went wrong. */
  readonly failures: number;
  /** Whether who does it is good at it. */
  readonly isFit: boolean;
}

/** A sprint as it can be kept. */
export interface SavedSprint {
  readonly tickets: readonly Ticket[];
  readonly seconds: number;
  /** Chores that temps have done. */
  readonly chores: number;
}

/** Seconds of play from nine o'clock to the launch at six. */
export const DAY_SECONDS = 300;

const POINTS = { solo: 100, team: 300, fit: 50, failure: -30, chore: 10 } as const;

/** The day's work: its tickets, the clock and the points. */
export class Sprint {
  #tickets: readonly Ticket[];
  #seconds: number;
  #chores: number;
  readonly #listeners = new Set<() => void>();

  constructor({ tickets, seconds, chores }: SavedSprint) {
    this.#tickets = tickets;
    this.#seconds = seconds;
    this.#chores = chores;
  }

  /** A sprint in which nothing is done yet. */
  static of(texts: readonly TicketText[]): Sprint {
    const tickets = texts.map((text) => {
      return { ...text, state: { status: "open" }, failures: 0, isFit: false } as const;
    });
    return new Sprint({ tickets, seconds: 0, chores: 0 });
  }

  /** The tickets, in the order of the board. */
  get tickets(): readonly Ticket[] {
    return this.#tickets;
  }

  /** Those that nobody works on. */
  get open(): readonly Ticket[] {
    return this.#tickets.filter(({ state }) => state.status === "open");
  }

  /** How many are done. */
  get done(): number {
    return this.#tickets.filter(({ state }) => state.status === "done").length;
  }

  /** How the day ended; null while it goes on. */
  get ending(): "shipped" | "late" | null {
    if (this.done === this.#tickets.length) return "shipped";
    return this.#seconds >= DAY_SECONDS ? "late" : null;
  }

  /** The studio's clock, from 09:00 to 18:00. */
  get clock(): string {
    const minutes = 9 * 60 + Math.floor((this.#seconds / DAY_SECONDS) * 9 * 60);
    return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  }

  /** The points so far, never below 0. */
  get points(): number {
    const points = this.#tickets.reduce((sum, { state, size, failures, isFit }) => {
      const earned = state.status === "done" ? POINTS[size] + (isFit ? POINTS.fit : 0) : 0;
      return sum + earned + failures * POINTS.failure;
    }, this.#chores * POINTS.chore);
    return Math.max(0, points);
  }

  /** One to three stars for the points, none for a day on which nothing was done. */
  get stars(): number {
    const most = this.#tickets.reduce((sum, { size }) => sum + POINTS[size] + POINTS.fit, 0);
    const share = this.points / most;
    if (this.done === 0) return 0;
    return share >= 0.85 ? 3 : share >= 0.55 ? 2 : 1;
  }

  /** Lets time pass; true when the day ends by it. */
  pass(seconds: number): boolean {
    if (this.ending !== null) return false;
    this.#seconds = Math.min(DAY_SECONDS, this.#seconds + seconds);
    return this.#seconds >= DAY_SECONDS;
  }

  /** Somebody has begun with a ticket. */
  begin(id: string, taskIds: readonly string[], who: readonly string[], isFit: boolean): void {
    this.#change(id, () => ({ state: { status: "working", taskIds, who }, isFit }));
  }

  /**
   * The work on a ticket is over: it is done when every part of it is, and nothing that it has changed waits for a verdict; else it
   * goes back on the board.
   */
  end(
    id: string,
    results: readonly TaskResult[],
    toReview: readonly string[] = [],
  ): "done" | "review" | "failed" | "cancelled" {
    const isDone = results.length > 0 && results.every(({ success }) => success);
    const isCancelled = results.some(({ error }) => error?.code === "cancelled");
    const ending = !isDone ? (isCancelled ? "cancelled" : "failed") : toReview.length > 0 ? "review" : "done";
    this.#change(id, ({ state, failures }) => {
      const who = state.status === "working" ? state.who : [];
      if (ending === "review") return { state: { status: ending, taskIds: toReview, who } };
      if (ending === "done") return { state: { status: ending, who } };
      return { state: { status: "open" }, failures: failures + (isCancelled ? 0 : 1) };
    });
    return ending;
  }

  /**
   * There is a verdict on what a task has changed: what is discarded takes its ticket back to the board, and a ticket whose work was all
   * accepted is done. False for work that is on no ticket.
   */
  reviewed(taskId: string, isAccepted: boolean): boolean {
    const { id, state } = this.#tickets.find(({ state }) => isInReview(state, taskId)) ?? {};
    if (id === undefined || state?.status !== "review") return false;
    const taskIds = state.taskIds.filter((one) => one !== taskId);
    if (!isAccepted) this.putBack(id);
    else if (taskIds.length > 0) this.#change(id, () => ({ state: { ...state, taskIds } }));
    else this.#change(id, () => ({ state: { status: "done", who: state.who } }));
    return true;
  }

  /** A ticket whose work can no longer be learned of goes back on the board. */
  putBack(id: string): void {
    this.#change(id, () => ({ state: { status: "open" } }));
  }

  /** A temp has done a chore. */
  addChore(): void {
    this.#chores += 1;
    this.#tell();
  }

  /** The ticket that a task is for; null for work that is on no ticket. */
  ticketOf(taskId: string): Ticket | null {
    const holds = ({ state }: Ticket): boolean =>
      state.status === "working" && state.taskIds.includes(taskId);
    return this.#tickets.find(holds) ?? null;
  }

  /** What has to be kept to go on later. */
  save(): SavedSprint {
    return { tickets: this.#tickets, seconds: this.#seconds, chores: this.#chores };
  }

  /** Calls `listener` after each change of a ticket. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  #change(id: string, change: (ticket: Ticket) => Partial<Ticket>): void {
    this.#tickets = this.#tickets.map((ticket) =>
      ticket.id === id ? { ...ticket, ...change(ticket) } : ticket,
    );
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function isInReview(state: TicketState, taskId: string): boolean {
  return state.status === "review" && state.taskIds.includes(taskId);
}
