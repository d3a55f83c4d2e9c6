import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { AgentError, EXIT } from "../agent-error.js";
import { readYaml } from "../located-yaml.js";
import type { YamlProblem } from "../located-yaml.js";

/** Bytes that a file of settings may have. */
const FILE_MAX_BYTES = 65_536;

const word = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 characters of A-Z a-z 0-9 _ -");
const text = z.string().min(1).max(4_096);

/** How one agent is run. */
const agentSchema = z
  .strictObject({
    /** Which one it is: `claude`, `opencode`, `codex` or `aider`. Default: its own name. */
    adapter: word.optional(),
    /** The program, in the place of the one in PATH. */
    program: text.optional(),
    /** A command line of the person's own that does the work, word by word, in the place of an agent that is known. */
    command: z
      .array(text, "must be a list of words: [python3, agent.py]")
      .min(1, "must be a list of words: [python3, agent.py]")
      .max(100)
      .optional(),
    /** What such a command reads: the prompt as `text`, or lines in `json` with the prompt and the answers to its questions. Default: text. */
    input: z.enum(["text", "json"]).optional(),
    /** More arguments, after those that it is always given. */
    args: z.array(text).max(100).optional(),
    model: text.optional(),
    /** Names of environment variables that it gets beside those that it always gets. */
    variables: z
      .array(z.string().regex(/^[A-Za-z_]\w*$/, "must be the name of a variable"))
      .max(100)
      .optional(),
    /** Types of agents whose tasks it does; `*` for all. */
    types: z
      .array(z.union([word, z.literal("*")]))
      .min(1)
      .max(100)
      .optional(),
  })
  .superRefine((agent, context) => {
    const wrong = (path: keyof typeof agent, message: string): void => {
      if (agent[path] !== undefined) context.addIssue({ code: "custom", path: [path], message });
    };
    if (agent.command === undefined) wrong("input", "is for an agent with a command alone");
    else
      for (const path of ["adapter", "program", "args"] as const)
        wrong(path, "is said by the command already");
  });
export type AgentSettings = z.output<typeof agentSchema>;

/** How agents are sandboxed; `bubblewrap` alone stands for one that has nothing of all this. */
const sandboxSchema = z.preprocess(
  (value) => (typeof value === "string" ? { kind: value } : value),
  z.strictObject({
    kind: z.enum(["bubblewrap", "none"]).optional(),
    /** Whether agents reach the network. Default true. */
    network: z.boolean().optional(),
    /** More paths that they may look at, and some that they may write. */
    read: z.array(text).max(100).optional(),
    write: z.array(text).max(100).optional(),
  }),
);

/** What a file of settings may say; options of the command go before it. */
const settingsSchema = z.strictObject({
  agents: z.record(word, agentSchema).optional(),
  /** Rules of what agents may do without asking: `read`, `write:src/**`, `run:npm test`. Default: `read`. */
  allow: z.array(text).max(200).optional(),
  /** Seconds for which a question waits for the player, after which it may not be done. Default 300. */
  ask_seconds: z.number().positive().max(86_400).optional(),
  /** The branch into which accepted work goes. Default: the one that is checked out. */
  base: text.optional(),
  /** What agents run in. Default: nothing. */
  sandbox: sandboxSchema.optional(),
  /** A command that makes a new worktree ready before the agent comes: `npm ci`. Default: none. */
  set_up: text.optional(),
  /** Tasks at the same time. Default 2. */
  slots: z.number().int().min(1).max(64).optional(),
});
export type Settings = z.output<typeof settingsSchema>;

/**
 * Reads a file of settings, in YAML or JSON.
 *
 * @throws AgentError `config` that names each place that is wrong.
 */
export function readSettings(file: string, cwd: string): Settings {
  const source = readYaml(readText(file, cwd));
  if (!source.ok) throw wrong(file, [wordsOf(source.problem)]);
  const checked = settingsSchema.safeParse(source.value ?? {});
  if (checked.success) return checked.data;
  throw wrong(file, source.problems(checked.error.issues).map(wordsOf));
}

function wordsOf({ place, path, message }: YamlProblem): string {
  return [place, path, message].filter((part) => part !== null && part !== "").join(": ");
}

function readText(file: string, cwd: string): string {
  try {
    const bytes = readFileSync(resolve(cwd, file));
    if (bytes.byteLength <= FILE_MAX_BYTES) return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "it is no text in UTF-8";
    throw wrong(file, [`it cannot be read: ${reason}`]);
  }
  throw wrong(file, [`it has more than ${FILE_MAX_BYTES} bytes`]);
}

function wrong(file: string, problems: readonly string[]): AgentError {
  return new AgentError(`${file}: ${problems.join("; ")}`, {
    code: "config",
    remediation: "Correct the file; docs/real-agents.md tells what it may say.",
    exitCode: EXIT.config,
  });
}
