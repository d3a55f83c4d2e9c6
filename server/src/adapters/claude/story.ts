import type { AgentEvent } from "../../agent-events.js";
import { remember } from "../../remember.js";
import { blocksOf } from "./messages.js";
import type { AssistantMessage, ClaudeMessage, ClaudeUsage, ResultMessage, UserMessage } from "./messages.js";
import { ClaudePlan } from "./plan.js";
import { isHelper, isShown } from "./shown.js";
import { textIn, toolKind, toolTitle } from "./tools.js";
import type { ToolInput } from "./tools.js";

/** Messages and tools that are remembered; past them the oldest is forgotten. */
const REMEMBERED_MAX = 2_000;

interface OpenTool {
  readonly name: string;
  readonly input: ToolInput;
  readonly of: string | null;
}

/** What a run of claude has told until now, and what that is in the words of {@link AgentEvent}. */
export class ClaudeStory {
  readonly #directory: string;
  readonly #tell: (event: AgentEvent) => void;
  readonly #seen = new Set<string>();
  readonly #tools = new Map<string, OpenTool>();
  /** Helpers that are there, and those of them that go on when their tool has answered, by the name of what they do. */
  readonly #helpers = new Set<string>();
  readonly #background = new Map<string, string>();
  readonly #plan = new ClaudePlan();
  readonly #usages = new Map<string, ClaudeUsage>();
  #model: string | null = null;
  #hasSession = false;
  /** What claude said in the model's place. */
  error: string | null = null;
  /** Whether a tool has done something that can be seen. */
  hasWorked = false;

  constructor(directory: string, tell: (event: AgentEvent) => void) {
    this.#directory = directory;
    this.#tell = tell;
  }

  /** Whether helpers are at work in the background: claude goes on when they are done. */
  get isBusy(): boolean {
    return this.#background.size > 0;
  }

  /** Tells what a message says. */
  take(message: ClaudeMessage): void {
    switch (message.type) {
      case "system":
        if (message.subtype === "init") this.#begin(message.session_id, message.model ?? null);
        else if (message.subtype === "api_retry") this.#retry(message);
        else if (message.subtype === "task_started") {
          const { tool_use_id, task_id, task_type, is_backgrounded } = message;
          if (tool_use_id !== undefined && task_type === "local_agent" && is_backgrounded === true)
            this.#background.set(task_id, tool_use_id);
        } else this.#ended(message.task_id);
        return;
      case "assistant":
        if (this.#isNew(message.uuid)) this.#said(message);
        return;
      case "user":
        if (this.#isNew(message.uuid)) this.#answered(message);
        return;
      case "result":
        this.#used(message);
        return;
      case "control_request":
      case "control_cancel_request":
        return;
    }
  }

  /** Nothing comes any more: helpers that are still there are gone with it. */
  close(): void {
    for (const helper of this.#helpers) this.#tell({ kind: "helper_gone", helper });
    this.#helpers.clear();
  }

  #begin(session: string, model: string | null): void {
    this.#model = model;
    // It begins anew with each turn, and is the same conversation.
    if (this.#hasSession) return;
    this.#hasSession = true;
    this.#tell({ kind: "session", session, model });
  }

  #retry({
    attempt,
    max_retries,
    error_status,
    error,
  }: Extract<ClaudeMessage, { subtype: "api_retry" }>): void {
    const why =
      error_status === 529 || error === "overloaded"
        ? "The model is overloaded"
        : error_status === 429
          ? "The model limits how often it is asked"
          : typeof error_status === "number"
            ? `The model answers with ${error_status}`
            : "The model cannot be reached";
    this.#tell({ kind: "retry", message: `${why}; claude tries again (${attempt} of ${max_retries}).` });
  }

  #said({ message, parent_tool_use_id, error }: AssistantMessage): void {
    const of = parent_tool_use_id ?? null;
    if (error !== undefined) {
      this.error = error;
      return;
    }
    for (const block of blocksOf(message.content)) {
      if (block.type === "text" && block.text.trim() !== "")
        this.#tell({ kind: "message", text: block.text, of });
      else if (block.type === "thinking") this.#tell({ kind: "thought", of });
      else if (block.type === "tool_use")
        this.#called(block.id, { name: block.name, input: block.input, of });
    }
    if (message.usage === undefined) return;
    remember(this.#usages, message.id, message.usage, REMEMBERED_MAX);
    this.#tell({ kind: "usage", ...sum([...this.#usages.values()]), cost_usd: null, model: this.#model });
  }

  #called(id: string, tool: OpenTool): void {
    if (this.#tools.has(id)) return;
    remember(this.#tools, id, tool, REMEMBERED_MAX);
    const { name, input } = tool;
    if (isHelper(name)) {
      this.#helpers.add(id);
      this.#tell({ kind: "helper", helper: id, name: textIn(input, "description") ?? "helper" });
    } else if (isShown(name)) this.#tellTool(id, tool, "running");
  }

  #answered({ message, tool_use_result }: UserMessage): void {
    for (const block of blocksOf(message.content)) {
      if (block.type !== "tool_result") continue;
      const id = block.tool_use_id;
      const tool = this.#tools.get(id);
      if (tool === undefined) continue;
      this.#tools.delete(id);
      const failed = block.is_error === true;
      if (isHelper(tool.name)) {
        if (![...this.#background.values()].includes(id)) this.#gone(id);
      } else if (isShown(tool.name)) {
        const kind = toolKind(tool.name);
        if (!failed && kind !== "read" && kind !== "search" && kind !== "fetch") this.hasWorked = true;
        this.#tellTool(id, tool, failed ? "failed" : "done");
      }
      const entries = failed ? null : this.#plan.take(tool.name, tool.input, tool_use_result);
      if (entries !== null) this.#tell({ kind: "plan", entries });
    }
  }

  #tellTool(tool_id: string, { name, input, of }: OpenTool, status: "running" | "done" | "failed"): void {
    const title = toolTitle(name, input, this.#directory);
    this.#tell({ kind: "tool", tool_id, tool: toolKind(name), title, status, of });
  }

  #ended(task: string): void {
    const helper = this.#background.get(task);
    if (helper === undefined) return;
    this.#background.delete(task);
    this.#gone(helper);
  }

  #gone(helper: string): void {
    if (this.#helpers.delete(helper)) this.#tell({ kind: "helper_gone", helper });
  }

  #used({ usage, modelUsage, total_cost_usd }: ResultMessage): void {
    const whole = Object.values(modelUsage ?? {}).map((one) => ({
      input_tokens: one.inputTokens,
      output_tokens: one.outputTokens,
      cache_creation_input_tokens: one.cacheCreationInputTokens,
      cache_read_input_tokens: one.cacheReadInputTokens,
    }));
    const all = whole.length > 0 ? whole : usage === undefined ? [] : [usage];
    if (all.length === 0) return;
    this.#tell({ kind: "usage", ...sum(all), cost_usd: total_cost_usd ?? null, model: this.#model });
  }

  #isNew(id: string | undefined): boolean {
    if (id === undefined) return true;
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    const [oldest] = this.#seen;
    if (this.#seen.size > REMEMBERED_MAX && oldest !== undefined) this.#seen.delete(oldest);
    return true;
  }
}

/** What is read from a cache is read all the same. */
function sum(all: readonly ClaudeUsage[]): { readonly input_tokens: number; readonly output_tokens: number } {
  return {
    input_tokens: all.reduce(
      (total, one) =>
        total +
        one.input_tokens +
        (one.cache_creation_input_tokens ?? 0) +
        (one.cache_read_input_tokens ?? 0),
      0,
    ),
    output_tokens: all.reduce((total, one) => total + one.output_tokens, 0),
  };
}
