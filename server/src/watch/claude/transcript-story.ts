import * as z from "zod/mini";
import { readLine, blocksOf } from "../../adapters/claude/messages.js";
import { ClaudeStory } from "../../adapters/claude/story.js";
import type { AgentEvent } from "../../agent-events.js";

/** What a transcript tells: what is done, what is wanted, and how a turn ends. */
export type TranscriptNews = AgentEvent | { readonly prompt: string } | "interrupted" | "over";

/** Characters of a line that is looked at; what a tool has read may be longer, and tells nothing. */
const LINE_MAX = 2_000_000;

const aside = z.looseObject({
  isSidechain: z.optional(z.boolean()),
  isMeta: z.optional(z.boolean()),
  isCompactSummary: z.optional(z.boolean()),
  message: z.looseObject({
    role: z.optional(z.string()),
    stop_reason: z.optional(z.nullable(z.string())),
    content: z.unknown(),
  }),
});

/** What Claude Code itself puts into the person's mouth. */
const NO_PROMPT =
  /^\s*(?:<(?:command-|local-command|task-notification|system-reminder|bash-)|\[Request interrupted)/;

/** Reads the lines of a transcript of Claude Code's. */
export class TranscriptStory {
  readonly #story: ClaudeStory;
  readonly #tell: (news: TranscriptNews) => void;

  constructor(folder: string, tell: (news: TranscriptNews) => void) {
    this.#tell = tell;
    this.#story = new ClaudeStory(folder, tell);
  }

  /** Takes a line; what is none that is known is skipped. */
  take(line: string): void {
    if (line.length > LINE_MAX) return;
    const message = readLine(line);
    if (message === "unknown" || message === "no_json") return;
    if (message.type !== "assistant" && message.type !== "user") return;
    const read = aside.safeParse(message);
    if (!read.success || read.data.isSidechain === true) return;
    const { isMeta, isCompactSummary, message: said } = read.data;
    if (message.type === "user") {
      const prompt = promptOf(said.content);
      if (prompt !== null && prompt.startsWith("[Request interrupted")) return this.#tell("interrupted");
      const isPrompt = prompt !== null && isMeta !== true && isCompactSummary !== true;
      if (isPrompt && !NO_PROMPT.test(prompt)) this.#tell({ prompt });
    }
    this.#story.take(message);
    const hasEnded = said.stop_reason === "end_turn" || said.stop_reason === "stop_sequence";
    if (message.type === "assistant" && hasEnded) this.#tell("over");
  }
}

/** What the person has written; null for what tools have answered. */
function promptOf(content: unknown): string | null {
  if (typeof content === "string") return content;
  const blocks = blocksOf(content);
  if (blocks.some(({ type }) => type === "tool_result")) return null;
  const texts = blocks.flatMap((block) => (block.type === "text" ? [block.text] : []));
  return texts.length === 0 ? null : texts.join("\n");
}
