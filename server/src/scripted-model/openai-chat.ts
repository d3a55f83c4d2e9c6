import { randomUUID } from "node:crypto";
import * as z from "zod";
import { directoryIn } from "./call.js";
import type { Call, Failure, Round, Usage } from "./call.js";
import { errorOfOpenAi, inPieces, toolFailed } from "./openai.js";
import { sse } from "./protocol.js";
import type { Block, Encoder, Ending, Protocol, WholeBlock } from "./protocol.js";
import { conversationOf, isTitleCall, offeredTool } from "./reading.js";

const content = z
  .union([z.string(), z.array(z.looseObject({ text: z.string().default("") })), z.null()])
  .default("")
  .transform((given) =>
    typeof given === "string" ? given : (given ?? []).map(({ text }) => text).join("\n"),
  );

const request = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  messages: z.array(
    z.looseObject({ role: z.string(), content, tool_calls: z.array(z.unknown()).default([]) }),
  ),
  tools: z
    .array(
      z.looseObject({ function: z.looseObject({ name: z.string(), parameters: z.unknown().optional() }) }),
    )
    .default([]),
});

type Message = z.output<typeof request>["messages"][number];

/** With what opencode begins its extra call for a title, before the prompt. */
const TITLE = /^Generate a title for this conversation:/;

/** OpenAI's chat completions, as opencode asks for them. */
export const openaiChat: Protocol = {
  name: "openai-chat",
  path: "/chat/completions",
  read(body, headers) {
    const read = request.safeParse(body);
    if (!read.success) return null;
    const { model, stream, messages, tools } = read.data;
    const system = messages
      .filter(({ role }) => role === "system" || role === "developer")
      .map((message) => message.content)
      .join("\n");
    const prompts = messages
      .filter((message) => message.role === "user" && !TITLE.test(message.content))
      .map((message) => message.content);
    const offered = tools.map(({ function: { name, parameters } }) => offeredTool(name, parameters));
    return {
      conversation: conversationOf(headers["x-session-id"], system, prompts),
      model,
      stream,
      system,
      prompts,
      rounds: roundsOf(messages),
      tools: offered,
      directory: directoryIn(system),
      aside: isTitleCall(system, offered) ? "A task" : null,
    };
  },
  encode: (call, usage) => new ChatEncoder(call, usage),
  refusal: errorOfOpenAi,
};

function roundsOf(messages: readonly Message[]): readonly Round[] {
  const rounds: { failed: boolean }[] = [];
  for (const message of messages.slice(messages.findLastIndex(({ role }) => role === "user") + 1)) {
    if (message.role === "assistant" && message.tool_calls.length > 0) rounds.push({ failed: false });
    const current = rounds.at(-1);
    if (current !== undefined && message.role === "tool" && toolFailed(message.content))
      current.failed = true;
  }
  return rounds;
}

class ChatEncoder implements Encoder {
  readonly #call: Call;
  readonly #usage: Usage;
  readonly #id = `chatcmpl-${randomUUID()}`;
  /** Calls of tools are counted for themselves: the first has the number 0, whatever was said before it. */
  readonly #tools: number[] = [];

  constructor(call: Call, usage: Usage) {
    this.#call = call;
    this.#usage = usage;
  }

  begin(): string {
    return this.#delta({ role: "assistant", content: "" });
  }

  open(block: Block): string {
    if (block.kind !== "tool") return "";
    this.#tools.push(block.index);
    const { id, name } = block.use;
    return this.#tool(block, { id, type: "function", function: { name, arguments: "" } });
  }

  piece(block: Block, text: string): string {
    switch (block.kind) {
      case "text":
        return this.#delta({ content: text });
      case "thinking":
        return this.#delta({ reasoning_content: text });
      case "tool":
        return inPieces(text)
          .map((piece) => this.#tool(block, { function: { arguments: piece } }))
          .join("");
    }
  }

  close(): string {
    return "";
  }

  end(ending: Ending): string {
    return (
      this.#delta({}, reasonOf(ending)) +
      sse(null, { ...this.#envelope(), choices: [], usage: this.#wireUsage() }) +
      sse(null, "[DONE]")
    );
  }

  error(failure: Failure): string {
    return sse(null, errorOfOpenAi(failure));
  }

  whole(blocks: readonly WholeBlock[], ending: Ending): unknown {
    const said = blocks.filter(({ block }) => block.kind === "text").map(({ text }) => text);
    const calls = blocks.flatMap(({ block, text }) =>
      block.kind === "tool"
        ? [{ id: block.use.id, type: "function", function: { name: block.use.name, arguments: text } }]
        : [],
    );
    const message = {
      role: "assistant",
      content: said.length === 0 ? null : said.join(""),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    };
    return {
      ...this.#envelope("chat.completion"),
      choices: [{ index: 0, message, finish_reason: reasonOf(ending) }],
      usage: this.#wireUsage(),
    };
  }

  #tool(block: Block, call: object): string {
    return this.#delta({ tool_calls: [{ index: this.#tools.indexOf(block.index), ...call }] });
  }

  #delta(delta: object, reason: string | null = null): string {
    return sse(null, { ...this.#envelope(), choices: [{ index: 0, delta, finish_reason: reason }] });
  }

  #envelope(object = "chat.completion.chunk") {
    return { id: this.#id, object, created: 0, model: this.#call.model };
  }

  #wireUsage() {
    const { input, output } = this.#usage;
    return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  }
}

function reasonOf(ending: Ending): string {
  return ending === "tools" ? "tool_calls" : "stop";
}
