/** A tool that a call offers to the model. */
export interface OfferedTool {
  readonly name: string;
  /** The group in which it is offered, by which it is called again; null where there is none. */
  readonly namespace: string | null;
  /** The names of its fields; empty where it takes free text. */
  readonly fields: ReadonlySet<string>;
  /** Its schema, as it came. */
  readonly schema: unknown;
}

/** What a command-line agent asks of the model, in the words of no protocol. */
export interface Call {
  /** The same for all calls of one conversation. */
  readonly conversation: string;
  readonly model: string;
  readonly stream: boolean;
  /** What the agent tells the model of itself, joined. */
  readonly system: string;
  /** What people have said, the newest last, without what the agent added by itself. */
  readonly prompts: readonly string[];
  /** The rounds of tools since the newest prompt: each what one answer of the model called. */
  readonly rounds: readonly Round[];
  readonly tools: readonly OfferedTool[];
  /** The agent's folder, as far as it tells it; scenarios name files from there on. */
  readonly directory: string | null;
  /**
   * What to say to a call that is no part of the task: for a title, a summary, or to see whether somebody answers. Null for one that is.
   */
  readonly aside: string | null;
}

/** Tools that one answer called, and what became of them. */
export interface Round {
  readonly failed: boolean;
}

/** What the model gives in return. */
export type Reply =
  | {
      readonly kind: "answer";
      readonly parts: readonly Part[];
      readonly usage: Usage;
      readonly scenario: string | null;
    }
  | { readonly kind: "refusal"; readonly failure: Failure; readonly scenario: string | null };

/** Tokens of one answer. */
export interface Usage {
  readonly input: number;
  readonly output: number;
}

/** Why a call is refused, or an answer broken off. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  readonly retryAfter: number | null;
}

/** A part of an answer, in the order in which it goes out. */
export type Part =
  | { readonly kind: "text"; readonly text: string; readonly piece: number }
  | { readonly kind: "thinking"; readonly text: string }
  | { readonly kind: "flood"; readonly bytes: number }
  | { readonly kind: "tool"; readonly use: ToolUse }
  | { readonly kind: "error"; readonly failure: Failure }
  | { readonly kind: "wait"; readonly name: string }
  | { readonly kind: "pause"; readonly seconds: number }
  | { readonly kind: "trickle"; readonly bytes: number }
  | { readonly kind: "hang" }
  | { readonly kind: "cut" };

/** A call of one of the agent's tools. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
  readonly namespace: string | null;
  /** JSON of its fields, or free text where the tool takes that. */
  readonly input: string;
  readonly format: "json" | "text";
}

/** The folder in which an agent says that it works; each of them says it in its own words. */
export function directoryIn(...texts: readonly string[]): string | null {
  for (const text of texts) {
    const found = /(?:working directory: |<cwd>)([^\n<]+)/i.exec(text);
    if (found?.[1] !== undefined) return found[1].trim();
  }
  return null;
}
