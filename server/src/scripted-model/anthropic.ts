import { randomUUID } from "node:crypto";
import * as z from "zod";
import { directoryIn } from "./call.js";
import type { Call, Failure, Round, Usage } from "./call.js";
import { sse } from "./protocol.js";
import type { Block, Encoder, Ending, Protocol, WholeBlock } from "./protocol.js";
import { conversationOf, isTitleCall, offeredTool } from "./reading.js";

const block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  is_error: z.boolean().optional(),
});

type WireBlock = z.output<typeof block>;

const content = z.union([
  z.string().transform((text): WireBlock[] => [{ type: "text", text }]),
  z.array(block),
]);

const request = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  max_tokens: z.number().optional(),
  system: content.default([]),
  messages: z.array(z.looseObject({ role: z.string(), content })),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: z.unknown().optional() })).default([]),
});

type Message = z.output<typeof request>["messages"][number];

/** Anthropic's messages, as claude asks for them. */
export const anthropic: Protocol = {
  name: "anthropic",
  path: "/messages",
  read(body, headers) {
    const read = request.safeParse(body);
    if (!read.success) return null;
    const { model, stream, max_tokens, messages, tools } = read.data;
    const system = textOf(read.data.system);
    const told = messages.filter(({ role }) => role === "system").map((message) => textOf(message.content));
    const prompts = messages.flatMap(promptsOf);
    const offered = tools.map(({ name, input_schema }) => offeredTool(name, input_schema));
    return {
      conversation: conversationOf(headers["x-claude-code-session-id"], system, prompts),
      model,
      stream,
      system,
      prompts,
      rounds: roundsOf(messages),
      tools: offered,
      directory: directoryIn(system, ...told),
      aside: max_tokens === 1 ? "ok" : isTitleCall(system, offered) ? "A task" : null,
    };
  },
  encode: (call, usage) => new AnthropicEncoder(call, usage),
  refusal: errorBody,
};

/** How a model counts the tokens of a call, roughly: it is asked before long ones. */
export function countTokens(text: string): { readonly input_tokens: number } {
  return { input_tokens: Math.ceil(text.length / 4) };
}

function textOf(blocks: readonly WireBlock[]): string {
  return blocks.map(({ text }) => text ?? "").join("\n");
}

/** What the agent puts into a message of the person's by itself. */
const ADDED = /^\s*<(system-reminder|task-notification|command-name|local-command-)/;

/** What a person says in a message; nothing where it carries the results of tools. */
function promptsOf({ role, content: blocks }: Message): readonly string[] {
  if (role !== "user" || blocks.some(({ type }) => type === "tool_result")) return [];
  const said = blocks.flatMap(({ text }) => (text === undefined || ADDED.test(text) ? [] : [text]));
  return said.length === 0 ? [] : [said.join("\n")];
}

function roundsOf(messages: readonly Message[]): readonly Round[] {
  const last = messages.findLastIndex((message) => promptsOf(message).length > 0);
  const rounds: { failed: boolean }[] = [];
  for (const { role, content: blocks } of messages.slice(last + 1)) {
    if (role === "assistant" && blocks.some(({ type }) => type === "tool_use"))
      rounds.push({ failed: false });
    const current = rounds.at(-1);
    if (current !== undefined && blocks.some((one) => one.type === "tool_result" && one.is_error === true))
      current.failed = true;
  }
  return rounds;
}

class AnthropicEncoder implements Encoder {
  readonly #call: Call;
  readonly #usage: Usage;
  readonly #id = `msg_${randomUUID().replaceAll("-", "")}`;

  constructor(call: Call, usage: Usage) {
    this.#call = call;
    this.#usage = usage;
  }

  begin(): string {
    return event("message_start", { message: { ...this.#message([]), stop_reason: null } });
  }

  open(one: Block): string {
    return event("content_block_start", { index: one.index, content_block: wireBlock(one, "", {}) });
  }

  piece(one: Block, text: string): string {
    return event("content_block_delta", { index: one.index, delta: deltaOf(one, text) });
  }

  close(one: Block): string {
    const signed =
      one.kind === "thinking"
        ? event("content_block_delta", {
            index: one.index,
            delta: { type: "signature_delta", signature: SIGNATURE },
          })
        : "";
    return signed + event("content_block_stop", { index: one.index });
  }

  end(ending: Ending): string {
    return (
      event("message_delta", {
        delta: { stop_reason: stopReason(ending), stop_sequence: null },
        usage: { output_tokens: this.#usage.output },
      }) + event("message_stop", {})
    );
  }

  error(failure: Failure): string {
    return sse("error", errorBody(failure));
  }

  whole(blocks: readonly WholeBlock[], ending: Ending): unknown {
    const content = blocks.map(({ block: one, text }) =>
      wireBlock(one, text, one.kind === "tool" ? JSON.parse(text) : {}),
    );
    return { ...this.#message(content), stop_reason: stopReason(ending) };
  }

  #message(content: readonly unknown[]) {
    return {
      id: this.#id,
      type: "message",
      role: "assistant",
      model: this.#call.model,
      content,
      stop_sequence: null,
      usage: {
        input_tokens: this.#usage.input,
        output_tokens: content.length === 0 ? 1 : this.#usage.output,
      },
    };
  }
}

/** The model signs its thoughts; nobody but the model reads what stands there. */
const SIGNATURE = "c2NyaXB0ZWQ=";

function event(type: string, rest: object): string {
  return sse(type, { type, ...rest });
}

function stopReason(ending: Ending): string {
  return ending === "tools" ? "tool_use" : "end_turn";
}

function wireBlock(one: Block, text: string, input: unknown): unknown {
  switch (one.kind) {
    case "text":
      return { type: "text", text };
    case "thinking":
      return { type: "thinking", thinking: text, signature: text === "" ? "" : SIGNATURE };
    case "tool":
      return { type: "tool_use", id: one.use.id, name: one.use.name, input };
  }
}

function deltaOf(one: Block, text: string): unknown {
  switch (one.kind) {
    case "text":
      return { type: "text_delta", text };
    case "thinking":
      return { type: "thinking_delta", thinking: text };
    case "tool":
      return { type: "input_json_delta", partial_json: text };
  }
}

const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

function errorBody({ status, message }: Failure): unknown {
  return { type: "error", error: { type: TYPES[status] ?? "api_error", message } };
}
