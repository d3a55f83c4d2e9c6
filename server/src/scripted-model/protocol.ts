import type { IncomingHttpHeaders } from "node:http";
import type { Call, Failure, ToolUse, Usage } from "./call.js";

/** One way in which command-line agents talk to models. */
export interface Protocol {
  readonly name: string;
  /** The end of the paths at which it is spoken: `/messages`. */
  readonly path: string;
  /** What a call asks; null where the body is none of this protocol's. */
  read(body: unknown, headers: IncomingHttpHeaders): Call | null;
  /** Makes an answer of its parts, piece by piece or whole. */
  encode(call: Call, usage: Usage): Encoder;
  /** The body of a refusal. */
  refusal(failure: Failure): unknown;
}

/** A block of an answer. */
export type Block =
  | { readonly kind: "text"; readonly index: number }
  | { readonly kind: "thinking"; readonly index: number }
  | { readonly kind: "tool"; readonly index: number; readonly use: ToolUse };

/** A block with all that is in it: text, or the input of a tool. */
export interface WholeBlock {
  readonly block: Block;
  readonly text: string;
}

/** Why an answer ends: it is said, or it waits for tools. */
export type Ending = "said" | "tools";

/** Writes one answer. Each of these gives what goes over the wire for it, nothing where the protocol says nothing then. */
export interface Encoder {
  begin(): string;
  open(block: Block): string;
  /** A piece of a text, of a thought, or of a tool's input. */
  piece(block: Block, text: string): string;
  close(block: Block, text: string): string;
  end(ending: Ending): string;
  /** Breaks the answer off. */
  error(failure: Failure): string;
  /** The body of an answer that is not streamed. */
  whole(blocks: readonly WholeBlock[], ending: Ending): unknown;
}

/** One event of a stream, as server-sent events go. */
export function sse(event: string | null, data: unknown): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return `${event === null ? "" : `event: ${event}\n`}data: ${text}\n\n`;
}
