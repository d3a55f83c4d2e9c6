import * as z from "zod/mini";

const text = z.optional(z.string());

/** What Claude Code tells its hooks, as far as it is looked at. What is not named here is skipped. */
const event = z.looseObject({
  hook_event_name: z.string(),
  session_id: z.string().check(z.minLength(1), z.maxLength(200)),
  cwd: text,
  transcript_path: text,
  prompt: text,
  tool_name: text,
  tool_use_id: text,
  tool_input: z.optional(z.record(z.string(), z.unknown())),
  /** The helper that it is about; the session itself where there is none. */
  agent_id: text,
  agent_type: text,
  notification_type: text,
  is_interrupt: z.optional(z.boolean()),
  error: text,
  /** What was said last in the turn, which may not stand in the transcript yet. */
  last_assistant_message: text,
});

const said = z.object({ event, pid: z.number(), at: z.number() });

/** One of them. */
export type HookEvent = z.output<typeof event>;

/** What a hook has said, and of which process; null where it is nothing that is known. */
export function readHook(value: unknown): z.output<typeof said> | null {
  const read = said.safeParse(value);
  return read.success ? read.data : null;
}
