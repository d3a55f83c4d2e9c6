import * as z from "zod";

/** What the model does in one conversation: data, that knows neither protocol nor command-line agent. */
export interface Scenario {
  readonly name: string;
  /** Which prompt it is for: a text that is in it, or a pattern between slashes; null for any. */
  readonly prompt: PromptPattern | null;
  /** Which prompt must have come before it in the same conversation; null where it does not matter. */
  readonly after: PromptPattern | null;
  readonly steps: readonly Step[];
}

/** Tells whether a prompt is the one that is meant. */
export type PromptPattern = (prompt: string) => boolean;

/** What an agent is told to do in its own tools, by the names of none of them. */
export type ToolStep =
  | { readonly kind: "read"; readonly path: string }
  | { readonly kind: "write"; readonly path: string; readonly content: string }
  | { readonly kind: "edit"; readonly path: string; readonly old: string; readonly new: string }
  | { readonly kind: "delete"; readonly path: string }
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "ask"; readonly question: string; readonly options: readonly string[] }
  | { readonly kind: "plan"; readonly entries: readonly PlanStep[] }
  | {
      readonly kind: "helper";
      readonly name: string;
      readonly prompt: string;
      readonly steps: readonly Step[];
    };

/** An entry of the agent's plan. */
export interface PlanStep {
  readonly text: string;
  readonly status: "pending" | "running" | "done";
}

/** How often a fault happens in one conversation at one step; after that the step is as if it were not there. */
export type Times = number | "always";

/** One thing that the model does. */
export type Step =
  /** Says a text, in pieces of so many characters. */
  | { readonly kind: "say"; readonly text: string; readonly piece: number }
  | { readonly kind: "think"; readonly text: string }
  /** Calls a tool; `otherwise` takes the place of all that comes after it where the tool failed or was denied. */
  | { readonly kind: "tool"; readonly tool: ToolStep; readonly otherwise: readonly Step[] | null }
  /** Refuses the call, or breaks its answer off with an error where the answer has begun. */
  | {
      readonly kind: "fail";
      readonly status: number;
      readonly times: Times;
      /** Seconds after which the caller may try again; null to say nothing of it. */
      readonly retryAfter: number | null;
      readonly message: string | null;
    }
  /** Says nothing more and keeps the connection open. */
  | { readonly kind: "hang"; readonly times: Times }
  /** Closes the connection in the middle. */
  | { readonly kind: "cut"; readonly times: Times }
  /** Says this many bytes of text. */
  | { readonly kind: "flood"; readonly bytes: number }
  /** What the answer is said to have cost. */
  | { readonly kind: "usage"; readonly input: number; readonly output: number }
  /** Goes on when the test says so. */
  | { readonly kind: "wait"; readonly name: string }
  /** Goes on after so many seconds. */
  | { readonly kind: "pause"; readonly seconds: number }
  /** Sends the rest of the answer in writes of so many bytes. */
  | { readonly kind: "trickle"; readonly bytes: number };

const TEXT_MAX = 1_000_000;
const STEPS_MAX = 1_000;
const HELPERS_DEEP_MAX = 4;

const text = z.string().max(TEXT_MAX);
const path = z.string().min(1).max(4_096);
const name = z.string().min(1).max(200);
const times = z.union([z.int().min(1).max(1_000), z.literal("always")]);
const onOrTimes = z.union([z.literal(true), z.strictObject({ times: times.optional() })]);

const plan = z
  .array(
    z.union([
      text.min(1).transform((line): PlanStep => ({ text: line, status: "pending" })),
      z.strictObject({
        text: text.min(1),
        status: z.enum(["pending", "running", "done"]).default("pending"),
      }),
    ]),
  )
  .min(1)
  .max(100);

const fail = z.union([
  z
    .int()
    .min(400)
    .max(599)
    .transform((status) => ({ status })),
  z.strictObject({
    status: z.int().min(400).max(599),
    times: times.optional(),
    retry_after: z.number().min(0).max(86_400).optional(),
    message: text.optional(),
  }),
]);

/** Steps as they stand in a file: each an object of one name, whose value is what that step needs. */
const steps: z.ZodType<readonly Step[]> = z.lazy(() => z.array(step).max(STEPS_MAX));

const step = z
  .strictObject({
    say: z.union([text, z.strictObject({ text, piece: z.int().min(1).max(TEXT_MAX).optional() })]).optional(),
    think: text.optional(),
    read: path.optional(),
    write: z.strictObject({ path, content: text }).optional(),
    edit: z.strictObject({ path, old: text.min(1), new: text }).optional(),
    delete: path.optional(),
    run: text.min(1).optional(),
    ask: z
      .strictObject({ question: text.min(1), options: z.array(name).min(2).max(4).default(["Yes", "No"]) })
      .optional(),
    plan: plan.optional(),
    helper: z.strictObject({ name, prompt: text.min(1), steps }).optional(),
    otherwise: steps.optional(),
    fail: fail.optional(),
    hang: onOrTimes.optional(),
    cut: onOrTimes.optional(),
    flood: z
      .int()
      .min(1)
      .max(2 ** 30)
      .optional(),
    usage: z.strictObject({ input: z.int().min(0), output: z.int().min(0) }).optional(),
    wait: name.optional(),
    pause: z.number().min(0).max(3_600).optional(),
    trickle: z.int().min(1).max(65_536).optional(),
  })
  .transform((given, context): Step => {
    const { otherwise, ...rest } = given;
    const found = Object.entries(rest).filter(([, value]) => value !== undefined);
    const problem = (message: string): Step => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    if (found.length !== 1)
      return problem(
        found.length === 0
          ? "has nothing to do; name one of say, think, read, write, edit, delete, run, ask, plan, helper, fail, hang, cut, flood, usage, wait, pause, trickle"
          : `does one thing, and names ${found.map(([key]) => key).join(" and ")}; make each a step of its own`,
      );
    const tool = toolOf(rest);
    if (tool !== null) return { kind: "tool", tool, otherwise: otherwise ?? null };
    if (otherwise !== undefined) return problem("has otherwise, which tools alone can have");
    return otherOf(rest) ?? problem("has nothing to do");
  });

type Given = Omit<z.input<typeof step>, "otherwise" | "plan" | "ask" | "helper" | "fail"> & {
  readonly plan?: readonly PlanStep[] | undefined;
  readonly ask?: { readonly question: string; readonly options: readonly string[] } | undefined;
  readonly helper?:
    { readonly name: string; readonly prompt: string; readonly steps: readonly Step[] } | undefined;
  readonly fail?: z.output<typeof fail> | undefined;
};

function toolOf(given: Given): ToolStep | null {
  if (given.read !== undefined) return { kind: "read", path: given.read };
  if (given.write !== undefined) return { kind: "write", ...given.write };
  if (given.edit !== undefined) return { kind: "edit", ...given.edit };
  if (given.delete !== undefined) return { kind: "delete", path: given.delete };
  if (given.run !== undefined) return { kind: "run", command: given.run };
  if (given.ask !== undefined) return { kind: "ask", ...given.ask };
  if (given.plan !== undefined) return { kind: "plan", entries: given.plan };
  if (given.helper !== undefined) return { kind: "helper", ...given.helper };
  return null;
}

function otherOf(given: Given): Step | null {
  if (given.say !== undefined) {
    const said = typeof given.say === "string" ? { text: given.say } : given.say;
    return { kind: "say", text: said.text, piece: "piece" in said ? (said.piece ?? TEXT_MAX) : TEXT_MAX };
  }
  if (given.think !== undefined) return { kind: "think", text: given.think };
  if (given.fail !== undefined) {
    const failed: {
      status: number;
      times?: Times | undefined;
      retry_after?: number | undefined;
      message?: string | undefined;
    } = given.fail;
    return {
      kind: "fail",
      status: failed.status,
      times: failed.times ?? 1,
      retryAfter: failed.retry_after ?? null,
      message: failed.message ?? null,
    };
  }
  if (given.hang !== undefined) return { kind: "hang", times: timesOf(given.hang, "always") };
  if (given.cut !== undefined) return { kind: "cut", times: timesOf(given.cut, 1) };
  if (given.flood !== undefined) return { kind: "flood", bytes: given.flood };
  if (given.usage !== undefined) return { kind: "usage", ...given.usage };
  if (given.wait !== undefined) return { kind: "wait", name: given.wait };
  if (given.pause !== undefined) return { kind: "pause", seconds: given.pause };
  if (given.trickle !== undefined) return { kind: "trickle", bytes: given.trickle };
  return null;
}

function timesOf(given: true | { readonly times?: Times | undefined }, usual: Times): Times {
  return given === true ? usual : (given.times ?? usual);
}

/** A text that is to be in the prompt, in any case of letters, or a pattern between slashes: `/jump|leap/i`. */
const pattern = z
  .string()
  .min(1)
  .max(2_000)
  .transform((given, context): PromptPattern => {
    const slashed = /^\/(.+)\/([imsu]*)$/s.exec(given);
    if (slashed === null) {
      const wanted = given.toLowerCase();
      return (prompt) => prompt.toLowerCase().includes(wanted);
    }
    const [, source = "", flags = ""] = slashed;
    try {
      const found = new RegExp(source, flags);
      return (prompt) => found.test(prompt);
    } catch {
      context.addIssue({ code: "custom", message: "is no pattern of JavaScript's" });
      return z.NEVER;
    }
  });

const scenario = z
  .strictObject({ name: name.optional(), prompt: pattern.optional(), after: pattern.optional(), steps })
  .transform((given) => ({ ...given, prompt: given.prompt ?? null, after: given.after ?? null }));

/** Scenarios as they stand in a file or a test: the first one that fits a prompt is played. */
export const scenariosSchema = z
  .array(scenario)
  .min(1)
  .max(1_000)
  .transform((given): readonly Scenario[] =>
    given.map((one, place) => ({ ...one, name: one.name ?? `scenario ${place + 1}` })),
  )
  .superRefine((given, context) => {
    for (const [place, one] of given.entries())
      if (deepest(one.steps) > HELPERS_DEEP_MAX)
        context.addIssue({
          code: "custom",
          path: [place],
          message: `has helpers of helpers more than ${HELPERS_DEEP_MAX} deep`,
        });
  });

/** Scenarios as one writes them. */
export type ScenariosInput = z.input<typeof scenariosSchema>;

function deepest(of: readonly Step[]): number {
  return Math.max(
    0,
    ...of.map((one) =>
      one.kind !== "tool"
        ? 0
        : Math.max(
            one.tool.kind === "helper" ? 1 + deepest(one.tool.steps) : 0,
            one.otherwise === null ? 0 : deepest(one.otherwise),
          ),
    ),
  );
}
