import type { Watchdog } from "../../processes/watchdog.js";
import type { AgentResult, AgentRun } from "../adapter.js";
import { failed, wasDenied } from "../outcome.js";
import { OpencodeAsking } from "./asking.js";
import { failureOf, overloaded } from "./failures.js";
import type { TaskServer } from "./server.js";
import { Told } from "./told.js";
import { helperName, toolOf } from "./tools.js";
import type { WireEvent, WirePart, WirePermission, WireQuestion } from "./wire.js";

/** Attempts at one call, after which the model is taken to be overloaded for good; opencode itself would go on for ever. */
const ATTEMPTS_MAX = 6;

/** Helpers, parts and requests that are remembered of one task; past it, the oldest is forgotten. */
const REMEMBERED_MAX = 20_000;

const TODO = { in_progress: "running", completed: "done", cancelled: "done" } as const;

/** Follows one task on opencode's server: tells what it does, and has its questions answered. */
export class Conversation {
  readonly #run: AgentRun;
  readonly #session: string;
  readonly #asking: OpencodeAsking;
  readonly #helpers = new Set<string>();
  /** What was told of each part, so that what is read again after a break is not told twice. */
  readonly #told = new Told(REMEMBERED_MAX);
  readonly #usage = new Map<string, { input: number; output: number; cost: number }>();
  #model: string | null = null;
  #said = "";
  /** Whether a tool has done something that can be seen. */
  #hasWorked = false;
  #failure: AgentResult | null = null;
  #result: AgentResult | null = null;

  constructor(run: AgentRun, server: TaskServer, session: string, watchdog: Watchdog) {
    this.#run = run;
    this.#session = session;
    this.#asking = new OpencodeAsking(run, watchdog, server);
  }

  /** What the task came to; null while it goes on. */
  get result(): AgentResult | null {
    return this.#result;
  }

  /** Takes what opencode tells. */
  take(event: WireEvent): void {
    const { type, properties } = event;
    switch (type) {
      case "session.created":
        this.#helper(properties.info);
        break;
      case "session.deleted":
        // It was idle before.
        break;
      case "message.updated":
        if (properties.info.role === "assistant") this.#model = properties.info.modelID ?? this.#model;
        break;
      case "message.part.updated":
        this.part(properties.part);
        break;
      case "todo.updated":
        if (properties.sessionID === this.#session) this.#plan(properties.todos);
        break;
      case "session.status":
        if (properties.status.type === "retry") this.#retry(properties.status);
        break;
      case "session.error":
        if ((properties.sessionID ?? this.#session) === this.#session && properties.error !== undefined)
          this.#failure = failureOf(properties.error);
        break;
      case "session.idle":
        this.idle(properties.sessionID);
        break;
      case "permission.asked":
        this.permission(properties);
        break;
      case "question.asked":
        this.question(properties);
        break;
      case "permission.replied":
      case "question.replied":
      case "question.rejected":
        this.#asking.cancel(properties.requestID);
        break;
    }
  }

  /** Takes a part of a message, new or read again. */
  part(part: WirePart): void {
    const of = this.#of(part.sessionID);
    if (of === undefined) return;
    switch (part.type) {
      case "text":
        if (part.time?.end === undefined || part.synthetic === true || part.text.trim() === "") return;
        if (!this.#told.first(part.id, "said")) return;
        if (of === null) this.#said = part.text;
        this.#run.tell({ kind: "message", text: part.text, of });
        break;
      case "reasoning":
      case "step-start":
        if (this.#told.first(part.id, "thought")) this.#run.tell({ kind: "thought", of });
        break;
      case "tool": {
        if (!this.#told.first(part.id, part.state.status)) return;
        const told = toolOf(part, this.#run.directory, of);
        if (told.status === "done" && told.tool !== "read" && told.tool !== "search") this.#hasWorked = true;
        this.#run.tell(told);
        break;
      }
      case "step-finish":
        this.#used(part);
        break;
    }
  }

  /** A session has nothing more to do. */
  idle(session: string): void {
    if (session === this.#session) {
      const said = this.#said.trim();
      const { denied } = this.#asking;
      const isDenied = denied.length > 0 && !this.#hasWorked;
      this.#result ??= this.#failure ?? (isDenied ? wasDenied(denied) : { success: true, summary: said });
    } else if (this.#helpers.delete(session)) this.#run.tell({ kind: "helper_gone", helper: session });
  }

  /** opencode's server is gone, and the task has not ended. */
  lost(message: string): void {
    this.#result ??= this.#failure ?? failed("crashed", message);
  }

  /** Asks the player whether something may be done, once for each request. */
  permission(asked: WirePermission): void {
    if (this.#told.first(asked.id, "asked")) this.#asking.permission(asked);
  }

  /** Asks the player what opencode wants to know, once for each question. */
  question(asked: WireQuestion): void {
    if (this.#told.first(asked.id, "asked")) this.#asking.question(asked);
  }

  /** Nothing that was asked needs to be answered any more. */
  close(): void {
    this.#asking.close();
  }

  #helper({ id, parentID, title }: { id: string; parentID?: string | undefined; title: string }): void {
    if (parentID === undefined || this.#of(parentID) === undefined) return;
    this.#helpers.add(id);
    this.#run.tell({ kind: "helper", helper: id, name: helperName(title) });
  }

  #plan(todos: readonly { content: string; status: string }[]): void {
    const entries = todos.map(({ content, status }) => ({
      text: content,
      status: Object.entries(TODO).find(([key]) => key === status)?.[1] ?? ("pending" as const),
    }));
    this.#run.tell({ kind: "plan", entries });
  }

  #retry({ attempt, message }: { attempt: number; message: string }): void {
    this.#run.tell({ kind: "retry", message });
    if (attempt >= ATTEMPTS_MAX) this.#result ??= overloaded(message);
  }

  #used(part: Extract<WirePart, { type: "step-finish" }>): void {
    const { input, output, reasoning, cache } = part.tokens;
    this.#usage.set(part.id, {
      input: input + cache.read + cache.write,
      output: output + reasoning,
      cost: part.cost,
    });
    const all = [...this.#usage.values()];
    const sum = (of: (one: { input: number; output: number; cost: number }) => number): number =>
      all.reduce((total, one) => total + of(one), 0);
    const cost = sum((one) => one.cost);
    this.#run.tell({
      kind: "usage",
      input_tokens: sum((one) => one.input),
      output_tokens: sum((one) => one.output),
      // Where opencode knows no price it says 0, which is no price either.
      cost_usd: cost > 0 ? cost : null,
      model: this.#model,
    });
  }

  /** Who it is: null for the agent itself, a helper, or undefined for a session that is none of this task's. */
  #of(session: string): string | null | undefined {
    if (session === this.#session) return null;
    return this.#helpers.has(session) ? session : undefined;
  }
}
