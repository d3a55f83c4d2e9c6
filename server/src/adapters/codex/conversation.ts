import { remember } from "../../remember.js";
import type { AgentResult, AgentRun } from "../adapter.js";
import { failed, wasDenied } from "../outcome.js";
import { failureOf, isFinal, retryOf } from "./failures.js";
import { toolOf } from "./tools.js";
import type { AsyncQuestion, FileChange, Item, Notification, TurnError } from "./wire.js";

/** File changes that are under way and remembered; past it the oldest is forgotten. */
const CHANGES_MAX = 200;

const TOOL = { inProgress: "running", completed: "done", failed: "failed", declined: "failed" } as const;
const PLAN = { inProgress: "running", completed: "done" } as const;

/** Who looks after what codex asks. */
export interface Asked {
  /** codex has asked something and goes on meanwhile. */
  later(id: string, questions: readonly AsyncQuestion[]): void;
  /** A request need not be answered any more. */
  cancel(id: string | number): void;
}

interface Tokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Follows a task: tells what codex and its helpers do, and notices when they are done. */
export class CodexConversation {
  readonly #run: AgentRun;
  readonly #asked: Asked;
  #thread = "";
  #model: string | null = null;
  readonly #changes = new Map<string, readonly FileChange[]>();
  /** Helpers by their thread, and whether they work. */
  readonly #helpers = new Map<string, boolean>();
  readonly #usage = new Map<string, { readonly before: Tokens; readonly now: Tokens }>();
  /** What was said since the model last finished an answer, and what of it may come again, since that was broken off. */
  #saying: string[] = [];
  readonly #again = new Set<string>();
  #said = "";
  #hasWorked = false;
  /** The turn that goes on; null before the first and after the last. */
  #turn: string | null = null;
  #failure: AgentResult | null = null;
  #isOver = false;
  #noticed: () => void = () => undefined;

  constructor(run: AgentRun, asked: Asked) {
    this.#run = run;
    this.#asked = asked;
  }

  /** The conversation has begun, by codex's name for it. */
  begin(thread: string, model: string | null): void {
    this.#thread = thread;
    this.#model = model;
    this.#run.tell({ kind: "session", session: thread, model });
  }

  /** Whether codex has ended in the middle. */
  isLost = false;

  get turn(): string | null {
    return this.#turn;
  }

  /** What an item would change. */
  changesOf(item: string): readonly FileChange[] {
    return this.#changes.get(item) ?? [];
  }

  /** A turn begins; resolves when it and all helpers are done, or nothing can come of it. */
  goesOn(): Promise<void> {
    this.#isOver = false;
    return new Promise((resolve) => {
      this.#noticed = resolve;
      this.#notice();
    });
  }

  /** What the task came to. */
  result(denied: readonly string[]): AgentResult {
    if (this.#failure !== null) return this.#failure;
    // It has done all that it was allowed to.
    if (denied.length > 0 && !this.#hasWorked) return wasDenied(denied);
    return { success: true, summary: this.#said.trim() };
  }

  /** Takes what codex tells. */
  take({ method, params }: Notification): void {
    switch (method) {
      case "item/started":
        this.#item(params.item, this.#of(params.threadId), false);
        break;
      case "item/completed":
        this.#item(params.item, this.#of(params.threadId), true);
        break;
      case "turn/started":
        if (params.threadId === this.#thread) {
          this.#turn = params.turn.id;
          this.#isOver = false;
        } else this.#helper(params.threadId, null);
        break;
      case "turn/completed":
        this.#turnOver(params.threadId, params.turn.status, params.turn.error ?? null);
        break;
      case "turn/plan/updated":
        if (params.threadId === this.#thread) this.#plan(params.plan);
        break;
      case "thread/started": {
        const { id, parentThreadId, agentNickname } = params.thread;
        if (typeof parentThreadId === "string" && typeof agentNickname === "string")
          this.#helper(id, agentNickname);
        break;
      }
      case "thread/tokenUsage/updated":
        if (params.threadId === this.#thread) this.#saying = [];
        // Where it goes on with a conversation it tells first what the turn before has used.
        if (params.threadId !== this.#thread || params.turnId === this.#turn)
          this.#used(params.threadId, params.tokenUsage);
        break;
      case "error":
        this.#error(params.threadId, params.error, params.willRetry);
        break;
      case "serverRequest/resolved":
        this.#asked.cancel(params.requestId);
        break;
    }
    this.#notice();
  }

  /** codex is gone: nothing more comes of it. */
  lost(): void {
    this.isLost = !this.#isOver && this.#failure === null;
    this.#noticed();
  }

  #notice(): void {
    if (this.#failure !== null || (this.#isOver && ![...this.#helpers.values()].includes(true)))
      this.#noticed();
  }

  /** Who it is: null for the agent itself. All other conversations are those of its helpers. */
  #of(thread: string): string | null {
    return thread === this.#thread ? null : thread;
  }

  #item(item: Item, of: string | null, isDone: boolean): void {
    switch (item.type) {
      case "agentMessage":
        if (isDone) this.#message(item, of);
        return;
      case "reasoning":
        if (!isDone) this.#run.tell({ kind: "thought", of });
        return;
      case "subAgentActivity":
        if (item.kind === "started") this.#helper(item.agentThreadId, nameOf(item.agentPath));
        else if (item.kind !== "interacted") this.#gone(item.agentThreadId);
        return;
      default:
        this.#tool(item, of, isDone);
    }
  }

  #tool(item: Item, of: string | null, isDone: boolean): void {
    const told = toolOf(item, this.#run.directory);
    if (told === null) return;
    if (item.type === "fileChange") {
      if (isDone) this.#changes.delete(item.id);
      else remember(this.#changes, item.id, item.changes, CHANGES_MAX);
    }
    const status =
      statusIn(TOOL, "status" in item && typeof item.status === "string" ? item.status : "") ??
      (isDone ? "done" : "running");
    if (status === "done" && told.tool !== "read" && told.tool !== "search") this.#hasWorked = true;
    this.#run.tell({ kind: "tool", tool_id: item.id, ...told, status, of });
  }

  #message({ id, text, questions }: Extract<Item, { type: "agentMessage" }>, of: string | null): void {
    if (of === null && questions !== null && questions !== undefined && questions.length > 0)
      this.#asked.later(id, questions);
    if (text.trim() === "") return;
    if (of === null) {
      this.#said = text;
      if (this.#again.delete(text)) return;
      this.#saying.push(text);
    }
    this.#run.tell({ kind: "message", text, of });
  }

  #helper(thread: string, name: string | null): void {
    const isNew = this.#helpers.get(thread) !== true;
    this.#helpers.set(thread, true);
    if (isNew) this.#run.tell({ kind: "helper", helper: thread, name: name ?? "Helper" });
  }

  #gone(thread: string): void {
    if (this.#helpers.get(thread) !== true) return;
    this.#helpers.set(thread, false);
    this.#run.tell({ kind: "helper_gone", helper: thread });
  }

  #turnOver(thread: string, status: string, error: TurnError | null): void {
    if (thread !== this.#thread) return this.#gone(thread);
    this.#turn = null;
    this.#isOver = true;
    if (error !== null) this.#failure ??= failureOf(error);
    else if (status !== "completed")
      this.#failure ??= failed("gave_up", `codex was told to stop (${status}). Give the task again.`);
  }

  #plan(plan: readonly { readonly step: string; readonly status: string }[]): void {
    this.#run.tell({
      kind: "plan",
      entries: plan.map(({ step, status }) => ({ text: step, status: statusIn(PLAN, status) ?? "pending" })),
    });
  }

  /** Totals are those of the conversation, which may have begun with another task. */
  #used(thread: string, { total, last }: { readonly total: Tokens; readonly last: Tokens }): void {
    const before = this.#usage.get(thread)?.before ?? {
      inputTokens: total.inputTokens - last.inputTokens,
      outputTokens: total.outputTokens - last.outputTokens,
    };
    this.#usage.set(thread, { before, now: total });
    const sum = (of: (tokens: Tokens) => number): number =>
      [...this.#usage.values()].reduce((all, one) => all + of(one.now) - of(one.before), 0);
    this.#run.tell({
      kind: "usage",
      input_tokens: sum(({ inputTokens }) => inputTokens),
      output_tokens: sum(({ outputTokens }) => outputTokens),
      cost_usd: null,
      model: this.#model,
    });
  }

  #error(thread: string, error: TurnError, willRetry: boolean): void {
    const isOwn = thread === this.#thread;
    if (willRetry && !isFinal(error)) {
      if (!isOwn) return;
      for (const text of this.#saying.splice(0)) this.#again.add(text);
      this.#run.tell({ kind: "retry", message: retryOf(error) });
    } else if (isOwn) this.#failure ??= failureOf(error);
  }
}

function statusIn<S extends string>(statuses: Readonly<Record<string, S>>, status: string): S | undefined {
  return Object.hasOwn(statuses, status) ? statuses[status] : undefined;
}

/** The end of a helper's path, which is made of what it was called. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replaceAll("_", " ");
}
