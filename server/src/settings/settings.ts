import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { AgentError, EXIT } from "../agent-error.js";

/** Bytes that a file of settings may have. */
const FILE_MAX_BYTES = 65_536;

const word = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 characters of A-Z a-z 0-9 _ -");
const text = z.string().min(1).max(4_096);

/** How one agent is run. */
const agentSchema = z.strictObject({
  /** Which one it is: `claude` or `opencode`. Default: its own name. */
  adapter: word.optional(),
  /** The program, in the place of the one in PATH. */
  program: text.optional(),
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
});
export type AgentSettings = z.output<typeof agentSchema>;

/** What a file of settings may say; options of the command go before it. */
const settingsSchema = z.strictObject({
  agents: z.record(word, agentSchema).optional(),
  /** Rules of what agents may do without asking: `read`, `write:src/**`, `run:npm test`. Default: `read`. */
  allow: z.array(text).max(200).optional(),
  /** Seconds for which a question waits for the player, after which it may not be done. Default 300. */
  ask_seconds: z.number().positive().max(86_400).optional(),
  /** The branch into which accepted work goes. Default: the one that is checked out. */
  base: text.optional(),
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
  const source = readText(file, cwd);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault !== undefined) throw wrong(file, [fault.message.split("\n")[0] ?? fault.message]);
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  const checked = settingsSchema.safeParse(value ?? {});
  if (checked.success) return checked.data;
  throw wrong(
    file,
    checked.error.issues.map(({ path, message }) => {
      const node: unknown = document.getIn(
        path.map((part) => (typeof part === "symbol" ? "" : part)),
        true,
      );
      const at = hasRange(node) ? lines.linePos(node.range[0]) : null;
      return `${at === null ? "" : `${at.line}:${at.col}: `}${path.length === 0 ? "it" : path.join(".")}: ${message}`;
    }),
  );
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

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}
