import type { Watchdog } from "../../processes/watchdog.js";
import type { AgentResult, AgentRun } from "../adapter.js";
import { failed, wasDenied } from "../outcome.js";
import { failureOf, overloaded } from "./failures.js";
import { questionsOf } from "./questions.js";
import type { TaskServer } from "./server.js";
import { kindOf, requestOf, titleOf } from "./tools.js";
import type { WireEvent, WirePart, WirePermission, WireQuestion } from "./wire.js";

/** Attempts at one call, after which the model is taken to be overloaded for good; opencode itself would go on for ever. */
const ATTEMPTS_MAX = 6;

/** Helpers, parts and requests that are remembered of one task; past it, the oldest is forgotten. */
const REMEMBERED_MAX = 20_000;

const STATUS = { pending: "pending", running: "running", completed: "done", error: "failed" } as const;
const TODO = { in_progress: "running", completed: "done", cancelled: "done" } as const;

/** Follows one task on opencode's server: tells what it does, and has its questions answered. */
export class Conversation {
  readonly #run: AgentRun;
  readonly #server: TaskServer;
  readonly #session: string;
  readonly #watchdog: Watchdog;
  readonly #helpers = new Set<string>();
  /** What was told of each part, so that what is read again after a break is not told twice. */
  readonly #told = new Map<string, string>();
  readonly #resolved = new Set<string>();
  readonly #usage = new Map<string, { input: number; output: number; cost: number }>();
  #asked: string | null = null;
  /** One question is open at a time; the others wait for it. */
  #asking: Promise<void> = Promise.resolve();
  #model: string | null = null;
  #said = "";
  /** What the player has not allowed. */
  readonly #denied: string[] = [];
  /** Whether a tool has done something that can be seen. */
  #hasWorked = false;
  #failure: AgentResult | null = null;
  #result: AgentResult | null = null;

  constructor(run: AgentRun, server: TaskServer, session: string, watchdog: Watchdog) {
    this.#run = run;
    this.#server = server;
    this.#session = session;
    this.#watchdog = watchdog;
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
        this.#resolve(properties.requestID);
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
        if (!this.#first(part.id, "said")) return;
        if (of === null) this.#said = part.text;
        this.#run.tell({ kind: "message", text: part.text, of });
        break;
      case "reasoning":
      case "step-start":
        if (this.#first(part.id, "thought")) this.#run.tell({ kind: "thought", of });
        break;
      case "tool": {
        const { status, input, title } = part.state;
        if (!this.#first(part.id, status)) return;
        const tool = kindOf(part.tool);
        if (status === "completed" && tool !== "read" && tool !== "search") this.#hasWorked = true;
        this.#run.tell({
          kind: "tool",
          tool_id: part.id,
          tool,
          title: titleOf(this.#run.directory, part.tool, input, title),
          status: STATUS[status],
          of,
        });
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
      const isDenied = this.#denied.length > 0 && !this.#hasWorked;
      this.#result ??=
        this.#failure ?? (isDenied ? wasDenied(this.#denied) : { success: true, summary: said });
    } else if (this.#helpers.delete(session)) this.#run.tell({ kind: "helper_gone", helper: session });
  }

  /** opencode's server is gone, and the task has not ended. */
  lost(message: string): void {
    this.#result ??= this.#failure ?? failed("crashed", message);
  }

  /** Asks the player whether something may be done, once for each request. */
  permission(asked: WirePermission): void {
    if (!this.#first(asked.id, "asked")) return;
    this.#inTurn(asked.id, async () => {
      const request = requestOf(this.#run.directory, asked);
      const { verdict, reason } = await this.#watchdog.waitsFor(this.#run.permit(request));
      if (this.#resolved.has(asked.id)) return;
      if (verdict === "no") this.#denied.push(request.title);
      // Without a reason opencode takes a no as the end of the whole task.
      const no = { reply: "reject", message: reason ?? "The player said no. Go on without it." };
      await this.#server.call(
        "POST",
        `/permission/${asked.id}/reply`,
        verdict === "no" ? no : { reply: verdict },
      );
    });
  }

  /** Asks the player what opencode wants to know. */
  question(asked: WireQuestion): void {
    if (!this.#first(asked.id, "asked")) return;
    this.#inTurn(asked.id, async () => {
      const answers: string[][] = [];
      for (const { asked: question, said } of questionsOf(asked)) {
        const given = await this.#watchdog.waitsFor(this.#run.ask(question));
        if (this.#resolved.has(asked.id)) return;
        if (given === null) {
          await this.#server.call("POST", `/question/${asked.id}/reject`);
          return;
        }
        answers.push([said(given)]);
      }
      await this.#server.call("POST", `/question/${asked.id}/reply`, { answers });
    });
  }

  #inTurn(id: string, work: () => Promise<void>): void {
    this.#asking = this.#asking
      .then(async () => {
        if (this.#resolved.has(id) || this.#run.signal.aborted) return;
        this.#asked = id;
        await work();
      })
      // It was answered elsewhere, or the server is gone, which ends the task by itself.
      .catch(() => undefined)
      .finally(() => {
        this.#asked = null;
      });
  }

  #resolve(id: string): void {
    this.#resolved.add(id);
    if (this.#asked === id) this.#run.withdraw();
  }

  #helper({ id, parentID, title }: { id: string; parentID?: string | undefined; title: string }): void {
    if (parentID === undefined || this.#of(parentID) === undefined) return;
    this.#helpers.add(id);
    this.#run.tell({ kind: "helper", helper: id, name: title.replace(/ \(@[^)]*\)$/, "") });
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

  #first(id: string, what: string): boolean {
    if (this.#told.get(id) === what) return false;
    this.#told.delete(id);
    this.#told.set(id, what);
    const [oldest] = this.#told.keys();
    if (this.#told.size > REMEMBERED_MAX && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }
}
