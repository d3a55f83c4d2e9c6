import * as z from "zod/mini";

/** What claude prints, as far as it is looked at: one of these in each line. Others are skipped, and so are fields that are not named. */

const text = z.looseObject({ type: z.literal("text"), text: z.string() });
const thinking = z.looseObject({ type: z.literal("thinking") });
const toolUse = z.looseObject({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
});
const toolResult = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  is_error: z.optional(z.boolean()),
});

const usage = z.looseObject({
  input_tokens: z.number(),
  output_tokens: z.number(),
  cache_creation_input_tokens: z.optional(z.nullable(z.number())),
  cache_read_input_tokens: z.optional(z.nullable(z.number())),
});

const init = z.looseObject({
  type: z.literal("system"),
  subtype: z.literal("init"),
  session_id: z.string(),
  model: z.optional(z.string()),
});

const retry = z.looseObject({
  type: z.literal("system"),
  subtype: z.literal("api_retry"),
  attempt: z.number(),
  max_retries: z.number(),
  error_status: z.optional(z.nullable(z.number())),
  error: z.optional(z.string()),
});

/** A helper or a command that began: in the background it goes on after its tool has answered. */
const taskStarted = z.looseObject({
  type: z.literal("system"),
  subtype: z.literal("task_started"),
  task_id: z.string(),
  tool_use_id: z.optional(z.string()),
  task_type: z.optional(z.string()),
  is_backgrounded: z.optional(z.boolean()),
});

const taskEnded = z.looseObject({
  type: z.literal("system"),
  subtype: z.literal("task_notification"),
  task_id: z.string(),
});

const assistant = z.looseObject({
  type: z.literal("assistant"),
  uuid: z.optional(z.string()),
  parent_tool_use_id: z.optional(z.nullable(z.string())),
  /** Why there is no answer of the model's, and this message was made by claude itself. */
  error: z.optional(z.string()),
  message: z.looseObject({
    id: z.string(),
    model: z.optional(z.string()),
    content: z.array(z.unknown()),
    usage: z.optional(usage),
  }),
});

const user = z.looseObject({
  type: z.literal("user"),
  uuid: z.optional(z.string()),
  message: z.looseObject({ content: z.unknown() }),
  tool_use_result: z.optional(z.unknown()),
});

const controlRequest = z.looseObject({
  type: z.literal("control_request"),
  request_id: z.string(),
  request: z.looseObject({
    subtype: z.string(),
    tool_name: z.optional(z.string()),
    input: z.optional(z.record(z.string(), z.unknown())),
    blocked_path: z.optional(z.nullable(z.string())),
  }),
});

const controlCancel = z.looseObject({ type: z.literal("control_cancel_request"), request_id: z.string() });

const result = z.looseObject({
  type: z.literal("result"),
  subtype: z.string(),
  is_error: z.optional(z.boolean()),
  result: z.optional(z.string()),
  errors: z.optional(z.array(z.string())),
  api_error_status: z.optional(z.nullable(z.number())),
  total_cost_usd: z.optional(z.nullable(z.number())),
  usage: z.optional(usage),
  modelUsage: z.optional(
    z.record(
      z.string(),
      z.looseObject({
        inputTokens: z.number(),
        outputTokens: z.number(),
        cacheReadInputTokens: z.optional(z.number()),
        cacheCreationInputTokens: z.optional(z.number()),
      }),
    ),
  ),
});

const message = z.union([
  init,
  retry,
  taskStarted,
  taskEnded,
  assistant,
  user,
  controlRequest,
  controlCancel,
  result,
]);

const block = z.union([text, thinking, toolUse, toolResult]);

/** One message of claude's. */
export type ClaudeMessage = z.output<typeof message>;
/** What the model said, or called. */
export type AssistantMessage = z.output<typeof assistant>;
/** What came of tools. */
export type UserMessage = z.output<typeof user>;
/** Something that claude wants to know before it goes on. */
export type ControlRequest = z.output<typeof controlRequest>;
/** How a turn ended. */
export type ResultMessage = z.output<typeof result>;
/** A part of a message. */
export type ClaudeBlock = z.output<typeof block>;
/** Tokens of one answer. */
export type ClaudeUsage = z.output<typeof usage>;

/** What one line says: a message, nothing that is known, or no JSON. */
export function readLine(line: string): ClaudeMessage | "unknown" | "no_json" {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "no_json";
  }
  const read = message.safeParse(value);
  return read.success ? read.data : "unknown";
}

/** The parts of a message that are known. */
export function blocksOf(content: unknown): readonly ClaudeBlock[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((one: unknown) => {
    const read = block.safeParse(one);
    return read.success ? [read.data] : [];
  });
}

const created = z.looseObject({ task: z.looseObject({ id: z.string(), subject: z.string() }) });

/** The entry of its plan that a tool of claude's has made. */
export function createdTask(value: unknown): { readonly id: string; readonly subject: string } | null {
  const read = created.safeParse(value);
  return read.success ? read.data.task : null;
}

const todos = z.array(z.looseObject({ content: z.string(), status: z.string() }));

/** A plan that is told whole. */
export function todosOf(value: unknown): z.output<typeof todos> | null {
  const read = todos.safeParse(value);
  return read.success ? read.data : null;
}

const questions = z.array(
  z.looseObject({
    question: z.string(),
    options: z.optional(z.array(z.looseObject({ label: z.string(), description: z.optional(z.string()) }))),
  }),
);

/** Questions to the player. */
export function questionsOf(value: unknown): z.output<typeof questions> {
  const read = questions.safeParse(value);
  return read.success ? read.data : [];
}
