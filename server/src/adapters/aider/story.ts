import { isAbsolute, relative, resolve } from "node:path";
import type { AgentEvent } from "../../agent-events.js";
import type { AgentResult } from "../adapter.js";
import { oneLine } from "../titles.js";
import { signOf } from "./failures.js";

/** What aider says of itself before it begins, and of a chat's files. */
const ABOUT_ITSELF =
  /^(Aider v\d|(Main model|Model|Weak model|Editor model|Git repo|Repo-map): |Warning: For large repos|See: https:|Using \S+ model with API key|Added .* to the chat|Restored previous conversation|Note: in-chat filenames|(Cur|Git) working dir: |https:\/\/aider\.chat\/)/;

const TOKENS =
  /^Tokens: ([\d.,]+[kM]?) sent(?:, [\d.,]+[kM]? cache (?:write|hit))*, ([\d.,]+[kM]?) received\./;
const COST = /\bCost: \$[\d.]+ message, \$([\d.]+) session\./;

/** A change as the model writes it, which is seen in the worktree soon enough. */
const EDIT =
  /(?:^[^\n]+\n)?^(```|~~~|<source>)[^\n]*\n(?:[^\n]+\n)?<{5,9} SEARCH[^]*?^>{5,9} REPLACE\n(?:```|~~~|<\/source>)$/gm;

/** Characters of an answer that are kept; what comes after them is left out. */
const ANSWER_MAX = 200_000;

/** Makes a story of what aider prints. It is meant for people, and has no marks for what is the model's and what aider's own. */
export class AiderStory {
  readonly #directory: string;
  readonly #tell: (event: AgentEvent) => void;
  #lines: string[] = [];
  #length = 0;
  #edits = 0;
  #model: string | null = null;
  /** What the model said last. */
  said = "";
  /** Why nothing came of it, unless the model has answered since. */
  failure: AgentResult | null = null;
  /** Whether aider waits for somebody who does not come. */
  waits = false;
  /** A file outside of the worktree that it has changed. */
  outside: string | null = null;

  constructor(directory: string, tell: (event: AgentEvent) => void) {
    this.#directory = directory;
    this.#tell = tell;
  }

  /** Whether it has changed a file. */
  get hasEdited(): boolean {
    return this.#edits > 0;
  }

  /** Takes a line. */
  take(line: string): void {
    const sign = signOf(line);
    const edited = /^Applied edit to (.+)$/.exec(line)?.[1];
    if (sign !== null) {
      this.failure = sign.result;
      this.waits ||= sign.waits;
    } else if (edited !== undefined) this.#edited(edited);
    else if (TOKENS.test(line)) this.#answered(line);
    else if (COST.test(line)) this.#used(0, 0, line);
    else if (/^Retrying in [\d.]+ seconds\.\.\.$/.test(line)) this.#retry();
    else if (ABOUT_ITSELF.test(line)) this.#model ??= /^(?:Main model|Model): (\S+)/.exec(line)?.[1] ?? null;
    else if (this.#length < ANSWER_MAX) {
      this.#lines.push(line);
      this.#length += line.length + 1;
    }
  }

  /** It has ended: what is left was no answer. */
  close(): void {
    const text = this.#left();
    if (text !== "") this.#tell({ kind: "output", stream: "stdout", text });
  }

  #edited(path: string): void {
    const inside = relative(this.#directory, resolve(this.#directory, path));
    if (inside.startsWith("..") || isAbsolute(inside)) this.outside ??= path;
    this.#edits += 1;
    const tool_id = `edit-${this.#edits}`;
    const told = { kind: "tool", tool_id, tool: "edit", title: oneLine(`Edit ${path}`), of: null } as const;
    this.#tell({ ...told, status: "running" });
    this.#tell({ ...told, status: "done" });
  }

  #answered(line: string): void {
    const [, sent = "", received = ""] = TOKENS.exec(line) ?? [];
    this.failure = null;
    const text = this.#left();
    if (text !== "") {
      this.said = text;
      this.#tell({ kind: "message", text, of: null });
    }
    this.#used(numberOf(sent), numberOf(received), line);
    this.#tell({ kind: "thought", of: null });
  }

  #tokens = { input: 0, output: 0 };

  #used(input: number, output: number, line: string): void {
    if (input > 0 || output > 0) this.#tokens = { input, output };
    const cost = COST.exec(line)?.[1];
    this.#tell({
      kind: "usage",
      input_tokens: this.#tokens.input,
      output_tokens: this.#tokens.output,
      cost_usd: cost === undefined ? null : Number(cost),
      model: this.#model,
    });
  }

  #retry(): void {
    const isOverloaded = this.failure?.success === false && this.failure.code === "overloaded";
    this.failure = null;
    this.#tell({
      kind: "retry",
      message: isOverloaded ? "The model is overloaded; aider tries again." : "aider tries again.",
    });
  }

  #left(): string {
    const text = this.#lines.splice(0).join("\n").replaceAll(EDIT, "");
    this.#length = 0;
    return text.replaceAll(/\n{3,}/g, "\n\n").trim();
  }
}

/** `1.2k` as a number. */
function numberOf(text: string): number {
  const factor = text.endsWith("k") ? 1_000 : text.endsWith("M") ? 1_000_000 : 1;
  return Math.round(Number(text.replace(/[kM]$/, "").replaceAll(",", "")) * factor);
}
