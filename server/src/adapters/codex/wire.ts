import * as z from "zod";

/**
 * What codex's app-server sends, as far as it is looked at. What is not listed here is skipped, and so is what has another shape: other
 * versions have more, and none of it may stop a task.
 */
const change = z.looseObject({
  path: z.string(),
  kind: z.looseObject({ type: z.string(), move_path: z.string().nullish() }),
  diff: z.string().default(""),
});

export type FileChange = z.output<typeof change>;

const action = z.looseObject({ type: z.string(), command: z.string().optional() });

const asked = z.looseObject({ title: z.string(), options: z.array(z.string()).nullish() });

export type AsyncQuestion = z.output<typeof asked>;

const item = z.union([
  z.looseObject({
    type: z.literal("agentMessage"),
    id: z.string(),
    text: z.string(),
    questions: z.array(asked).nullish().catch(null),
  }),
  z.looseObject({ type: z.literal("reasoning"), id: z.string() }),
  z.looseObject({
    type: z.literal("commandExecution"),
    id: z.string(),
    command: z.string(),
    status: z.string(),
    commandActions: z.array(action).default([]).catch([]),
  }),
  z.looseObject({
    type: z.literal("fileChange"),
    id: z.string(),
    changes: z.array(change),
    status: z.string(),
  }),
  z.looseObject({
    type: z.literal("mcpToolCall"),
    id: z.string(),
    server: z.string(),
    tool: z.string(),
    status: z.string(),
  }),
  z.looseObject({ type: z.literal("webSearch"), id: z.string(), query: z.string().nullish() }),
  z.looseObject({
    type: z.literal("subAgentActivity"),
    id: z.string(),
    kind: z.string(),
    agentThreadId: z.string(),
    agentPath: z.string().default("helper"),
  }),
]);

export type Item = z.output<typeof item>;

const errorInfo = z
  .union([
    z.string(),
    z.record(z.string(), z.looseObject({ httpStatusCode: z.number().nullish() }).nullish()),
  ])
  .nullish()
  .catch(null);

const turnError = z.looseObject({
  message: z.string(),
  codexErrorInfo: errorInfo,
  additionalDetails: z.string().nullish(),
});

export type TurnError = z.output<typeof turnError>;

const turn = z.looseObject({ id: z.string(), status: z.string(), error: turnError.nullish() });

const threadId = z.string();

const of = <T extends string, P extends z.ZodRawShape>(method: T, params: P) =>
  z.looseObject({ method: z.literal(method), params: z.looseObject(params) });

const tokens = z.looseObject({ inputTokens: z.number(), outputTokens: z.number() });

/** What it tells. */
export const notification = z.union([
  of("item/started", { threadId, item }),
  of("item/completed", { threadId, item }),
  of("turn/started", { threadId, turn }),
  of("turn/completed", { threadId, turn }),
  of("turn/plan/updated", {
    threadId,
    plan: z.array(z.looseObject({ step: z.string(), status: z.string() })),
  }),
  of("thread/started", {
    thread: z.looseObject({
      id: z.string(),
      parentThreadId: z.string().nullish(),
      agentNickname: z.string().nullish(),
    }),
  }),
  of("thread/tokenUsage/updated", {
    threadId,
    turnId: z.string(),
    tokenUsage: z.looseObject({ total: tokens, last: tokens }),
  }),
  of("error", { threadId, error: turnError, willRetry: z.boolean() }),
  of("serverRequest/resolved", { threadId, requestId: z.union([z.string(), z.number()]) }),
]);

export type Notification = z.output<typeof notification>;

/** What it asks. */
export const request = z.union([
  of("item/commandExecution/requestApproval", {
    threadId,
    itemId: z.string(),
    kind: z.string().default("command"),
    command: z.string().nullish(),
    cwd: z.string().nullish(),
    reason: z.string().nullish(),
    networkApprovalContext: z.looseObject({ host: z.string() }).nullish(),
  }),
  of("item/fileChange/requestApproval", {
    threadId,
    itemId: z.string(),
    reason: z.string().nullish(),
    grantRoot: z.string().nullish(),
  }),
  of("item/tool/requestUserInput", {
    threadId,
    questions: z.array(
      z.looseObject({
        id: z.string(),
        question: z.string(),
        options: z.array(z.looseObject({ label: z.string(), description: z.string().default("") })).nullish(),
      }),
    ),
  }),
]);

export type Request = z.output<typeof request>;
export type CommandRequest = Extract<Request, { method: "item/commandExecution/requestApproval" }>["params"];
export type FileRequest = Extract<Request, { method: "item/fileChange/requestApproval" }>["params"];
export type InputRequest = Extract<Request, { method: "item/tool/requestUserInput" }>["params"];

export const account = z.looseObject({
  account: z.looseObject({}).nullish(),
  requiresOpenaiAuth: z.boolean().default(false),
});

export const thread = z.looseObject({
  thread: z.looseObject({ id: z.string() }),
  model: z.string().nullish().catch(null),
});

export const started = z.looseObject({ turn: z.looseObject({ id: z.string() }) });

/** Conversations, oldest first. */
export const threads = z.looseObject({
  data: z.array(z.looseObject({ id: z.string(), updatedAt: z.number() })).default([]),
});
