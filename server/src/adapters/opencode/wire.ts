import * as z from "zod";

/**
 * What opencode's server sends, as far as it is used. What is not listed here is skipped, and so is what has another shape: other versions
 * have more events, and none of them may stop a task.
 */
const error = z.looseObject({
  name: z.string().default("UnknownError"),
  data: z.looseObject({ message: z.string().optional(), statusCode: z.number().optional() }).default({}),
});

export type WireError = z.output<typeof error>;

const tokens = z.looseObject({
  input: z.number(),
  output: z.number(),
  reasoning: z.number().default(0),
  cache: z.looseObject({ read: z.number(), write: z.number() }).default({ read: 0, write: 0 }),
});

const ids = { id: z.string(), sessionID: z.string(), messageID: z.string() };

const toolState = z.looseObject({
  status: z.enum(["pending", "running", "completed", "error"]),
  input: z.record(z.string(), z.unknown()).default({}),
  title: z.string().optional(),
});

export const part = z.union([
  z.looseObject({
    type: z.literal("text"),
    ...ids,
    text: z.string(),
    synthetic: z.boolean().optional(),
    time: z.looseObject({ end: z.number().optional() }).optional(),
  }),
  z.looseObject({ type: z.literal("reasoning"), ...ids }),
  z.looseObject({ type: z.literal("step-start"), ...ids }),
  z.looseObject({ type: z.literal("tool"), ...ids, tool: z.string(), state: toolState }),
  z.looseObject({ type: z.literal("step-finish"), ...ids, cost: z.number().default(0), tokens }),
]);

export type WirePart = z.output<typeof part>;

export const session = z.looseObject({
  id: z.string(),
  parentID: z.string().optional(),
  title: z.string().default("helper"),
  /** Where it works. */
  directory: z.string().optional(),
});

export const permission = z.looseObject({
  id: z.string(),
  sessionID: z.string(),
  permission: z.string(),
  patterns: z.array(z.string()).default([]),
  metadata: z
    .looseObject({
      filepath: z.string().optional().catch(undefined),
      command: z.string().optional().catch(undefined),
      diff: z.string().optional().catch(undefined),
      url: z.string().optional().catch(undefined),
    })
    .default({}),
});

export type WirePermission = z.output<typeof permission>;

export const question = z.looseObject({
  id: z.string(),
  sessionID: z.string(),
  questions: z.array(
    z.looseObject({
      question: z.string(),
      options: z.array(z.looseObject({ label: z.string(), description: z.string().default("") })).default([]),
    }),
  ),
});

export type WireQuestion = z.output<typeof question>;

const todo = z.looseObject({ content: z.string(), status: z.string() });

const status = z.union([
  z.looseObject({ type: z.literal("retry"), attempt: z.number(), message: z.string() }),
  z.looseObject({ type: z.enum(["idle", "busy"]) }),
]);

const message = z.looseObject({
  id: z.string(),
  sessionID: z.string(),
  role: z.string(),
  modelID: z.string().optional(),
  error: error.optional(),
});

const of = <T extends string, P extends z.ZodRawShape>(type: T, properties: P) =>
  z.looseObject({ type: z.literal(type), properties: z.looseObject(properties) });

const sessionID = z.string();

export const event = z.union([
  of("message.part.updated", { part }),
  of("message.updated", { info: message }),
  of("session.created", { info: session }),
  of("session.deleted", { info: session }),
  of("session.status", { sessionID, status }),
  of("session.idle", { sessionID }),
  of("session.error", { sessionID: sessionID.optional(), error: error.optional() }),
  of("permission.asked", permission.shape),
  of("permission.replied", { sessionID, requestID: z.string() }),
  of("question.asked", question.shape),
  of("question.replied", { sessionID, requestID: z.string() }),
  of("question.rejected", { sessionID, requestID: z.string() }),
  of("todo.updated", { sessionID, todos: z.array(todo) }),
]);

export type WireEvent = z.output<typeof event>;

/** What is read again after a break: messages with their parts. */
export const messages = z.array(
  z.looseObject({ info: message, parts: z.array(part.nullable().catch(null)).default([]) }),
);

/** What every session does; one that is not in it does nothing. */
export const statuses = z.record(z.string(), status);
