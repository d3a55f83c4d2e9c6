import { randomUUID } from "node:crypto";
import * as z from "zod";
import { directoryIn } from "./call.js";
import type { Call, Failure, OfferedTool, Round, Usage } from "./call.js";
import { errorOfOpenAi, inPieces, toolFailed } from "./openai.js";
import { sse } from "./protocol.js";
import type { Block, Encoder, Ending, Protocol, WholeBlock } from "./protocol.js";
import { conversationOf, isTitleCall, offeredTool } from "./reading.js";

const text = z
  .union([
    z.string(),
    z.array(
      z
        .looseObject({ text: z.string().optional(), encrypted_content: z.string().default("") })
        .transform((part) => ({ text: part.text ?? part.encrypted_content })),
    ),
  ])
  .transform((given) => (typeof given === "string" ? given : given.map((part) => part.text).join("\n")));

const tool = z.looseObject({
  name: z.string().optional(),
  parameters: z.unknown().optional(),
  description: z.string().optional(),
});

type WireTool = z.output<typeof tool>;

const tools = z.array(tool.extend({ tools: z.array(tool).optional().catch(undefined) })).default([]);

const item = z.looseObject({
  type: z.string().default("message"),
  role: z.string().default(""),
  content: text.optional().catch(undefined),
  output: text.optional().catch(undefined),
  tools: tools.catch([]),
});

const request = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  instructions: z.string().default(""),
  prompt_cache_key: z.string().optional(),
  input: z.union([
    z
      .string()
      .transform((said) => [{ type: "message", role: "user", content: said, output: undefined, tools: [] }]),
    z.array(item),
  ]),
  tools,
});

type Item = z.output<typeof request>["input"][number];

/** What codex puts before the prompt by itself, in the person's name. */
const ADDED = /^\s*<(environment_context|user_instructions|permissions|skills)|^# AGENTS\.md/;

/** OpenAI's responses, as codex asks for them. */
export const openaiResponses: Protocol = {
  name: "openai-responses",
  path: "/responses",
  read(body) {
    const read = request.safeParse(body);
    if (!read.success) return null;
    const { model, stream, input, instructions, prompt_cache_key } = read.data;
    const told = input
      .filter(({ role }) => role === "developer" || role === "system")
      .map((one) => one.content ?? "");
    const system = [instructions, ...told].join("\n");
    const prompts = input.filter(isPrompt).map(promptOf);
    // Newer models are told of their tools among what is said, in groups.
    const offered = [...read.data.tools, ...input.flatMap((one) => one.tools)].flatMap((one) =>
      one.tools === undefined ? offeredIn([one], null) : offeredIn(one.tools, one.name ?? null),
    );
    return {
      conversation: conversationOf(prompt_cache_key, system, prompts),
      model,
      stream,
      system,
      prompts,
      rounds: roundsOf(input),
      tools: offered,
      // A conversation that goes on elsewhere says so again.
      directory: directoryIn(...input.map((one) => one.content ?? "").reverse()),
      aside: isTitleCall(system, offered) ? "A task" : null,
    };
  },
  encode: (call, usage) => new ResponsesEncoder(call, usage),
  refusal: errorOfOpenAi,
};

function offeredIn(tools: readonly WireTool[], namespace: string | null): readonly OfferedTool[] {
  return tools.flatMap(({ name, parameters, description }) =>
    // One that takes free text has no schema, and says in words what may be written.
    name === undefined ? [] : [offeredTool(name, parameters ?? description, namespace)],
  );
}

/** What codex puts before what one agent tells another, when that begins a task. */
const NEW_TASK = /^Message Type: NEW_TASK\n[^]*?\nPayload:\n+/;

function isPrompt({ type, role, content }: Item): boolean {
  if (content === undefined) return false;
  if (type === "agent_message") return NEW_TASK.test(content);
  return type === "message" && role === "user" && !ADDED.test(content);
}

function promptOf({ content = "" }: Item): string {
  return content.replace(NEW_TASK, "");
}

function roundsOf(input: readonly Item[]): readonly Round[] {
  const rounds: { failed: boolean }[] = [];
  let calling = false;
  for (const one of input.slice(input.findLastIndex(isPrompt) + 1)) {
    const calls = one.type.endsWith("_call");
    if (calls && !calling) rounds.push({ failed: false });
    calling = calls;
    const current = rounds.at(-1);
    if (current !== undefined && one.type.endsWith("_call_output") && toolFailed(one.output ?? ""))
      current.failed = true;
  }
  return rounds;
}

class ResponsesEncoder implements Encoder {
  readonly #call: Call;
  readonly #usage: Usage;
  readonly #id = `resp_${randomUUID().replaceAll("-", "")}`;
  readonly #done: unknown[] = [];
  #sequence = 0;

  constructor(call: Call, usage: Usage) {
    this.#call = call;
    this.#usage = usage;
  }

  begin(): string {
    return this.#event("response.created", { response: this.#response("in_progress", []) });
  }

  open(block: Block): string {
    const item = this.#item(block, "", "in_progress");
    return this.#event("response.output_item.added", { output_index: block.index, item });
  }

  piece(block: Block, said: string): string {
    const at = { item_id: this.#itemId(block), output_index: block.index };
    switch (block.kind) {
      case "text":
        return this.#event("response.output_text.delta", { ...at, content_index: 0, delta: said });
      case "thinking":
        return this.#event("response.reasoning_summary_text.delta", {
          ...at,
          summary_index: 0,
          delta: said,
        });
      case "tool": {
        const kind = block.use.format === "json" ? "function_call_arguments" : "custom_tool_call_input";
        return inPieces(said)
          .map((delta) => this.#event(`response.${kind}.delta`, { ...at, delta }))
          .join("");
      }
    }
  }

  close(block: Block, said: string): string {
    const item = this.#item(block, said, "completed");
    this.#done.push(item);
    return this.#event("response.output_item.done", { output_index: block.index, item });
  }

  end(): string {
    return this.#event("response.completed", { response: this.#response("completed", this.#done) });
  }

  error(failure: Failure): string {
    const { message } = failure;
    const code = failure.status === 429 ? "rate_limit_exceeded" : "server_error";
    return this.#event("response.failed", {
      response: { ...this.#response("failed", []), error: { code, message } },
    });
  }

  whole(blocks: readonly WholeBlock[], _ending: Ending): unknown {
    return this.#response(
      "completed",
      blocks.map(({ block, text: said }) => this.#item(block, said, "completed")),
    );
  }

  #event(type: string, rest: object): string {
    const sequence_number = this.#sequence;
    this.#sequence += 1;
    return sse(type, { type, sequence_number, ...rest });
  }

  #itemId(block: Block): string {
    return `item_${this.#id}_${block.index}`;
  }

  #item(block: Block, said: string, status: string): unknown {
    const id = this.#itemId(block);
    switch (block.kind) {
      case "text": {
        const content = said === "" ? [] : [{ type: "output_text", text: said, annotations: [] }];
        return { id, type: "message", role: "assistant", status, content };
      }
      case "thinking":
        return {
          id,
          type: "reasoning",
          summary: said === "" ? [] : [{ type: "summary_text", text: said }],
        };
      case "tool": {
        const { id: call_id, name, namespace, format } = block.use;
        const called = { id, call_id, name, ...(namespace !== null && { namespace }), status };
        return format === "json"
          ? { ...called, type: "function_call", arguments: said }
          : { ...called, type: "custom_tool_call", input: said };
      }
    }
  }

  #response(status: string, output: readonly unknown[]) {
    const { input, output: written } = this.#usage;
    const usage = {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: written,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + written,
    };
    return {
      id: this.#id,
      object: "response",
      created_at: 0,
      model: this.#call.model,
      status,
      output,
      error: null,
      usage: status === "completed" ? usage : null,
    };
  }
}
