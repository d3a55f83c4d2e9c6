import { Option } from "commander";
import type { Command } from "commander";
import { AgentError, EXIT } from "../agent-error.js";
import { DEFAULT_RULES, parseRule } from "../permissions/rules.js";
import type { Rule } from "../permissions/rules.js";
import type { SandboxPlan } from "../sandbox/open-sandbox.js";
import { readSettings } from "../settings/settings.js";
import type { AgentSettings, Settings } from "../settings/settings.js";

/** How real agents work, as `agentvm worker` and `agentvm serve --workspace` are told it. */
export interface WorkspaceOptions {
  readonly workspace: string;
  readonly settings?: string;
  readonly agent?: readonly string[];
  readonly allow?: readonly string[];
  readonly base?: string;
  readonly inPlace?: boolean;
  readonly setUp?: string;
  readonly sandbox?: SandboxKind;
  readonly askSeconds?: number;
  readonly slots?: number;
  readonly scriptedModel?: string;
}

/** The same, read and checked, with what the file of settings says. */
export interface WorkspacePlan {
  readonly folder: string;
  readonly agents: Readonly<Record<string, AgentSettings>>;
  readonly named: readonly string[];
  readonly rules: readonly Rule[];
  readonly base: string | null;
  readonly inPlace: boolean;
  /** What makes a new worktree ready; null for nothing. */
  readonly setUp: string | null;
  /** Null for none. */
  readonly sandbox: SandboxPlan | null;
  readonly askSeconds: number;
  readonly slots: number;
  readonly scriptedModel: string | null;
}

/** What agents run in. */
type SandboxKind = (typeof SANDBOXES)[number];

const SANDBOXES = ["bubblewrap", "none"] as const;

const ASK_SECONDS = 300;
const SLOTS = 2;

/** Adds the options that say how real agents work. */
export function addWorkspaceOptions(command: Command): void {
  command
    .option(
      "--agent <name>",
      "an agent that works; more than once for several (default: all that are here)",
      several,
    )
    .option("--settings <file>", "how agents are run and what they may do, in YAML or JSON")
    .option(
      "--allow <rule>",
      "what agents may do without asking: read, write:src/**, run:npm test; more than once for several (default: read)",
      several,
    )
    .option(
      "--base <branch>",
      "the branch into which accepted work goes (default: the one that is checked out)",
    )
    .option("--in-place", "agents work in the folder itself, one at a time, with nothing to accept")
    .option("--set-up <command>", "makes a new worktree ready before the agent comes: npm ci")
    .addOption(
      new Option(
        "--sandbox <kind>",
        "what agents run in: bubblewrap, which hides the rest of the machine from them, or none (default: none)",
      ).argParser(sandboxKind),
    )
    .addOption(
      new Option(
        "--ask-seconds <n>",
        `how long a question waits for the player (default: ${ASK_SECONDS})`,
      ).argParser(numberUpTo("--ask-seconds", 86_400)),
    )
    .addOption(
      new Option("--slots <n>", `tasks at the same time (default: ${SLOTS})`).argParser(
        numberUpTo("--slots", 64),
      ),
    )
    .option(
      "--scripted-model <file>",
      "scenarios that a model on this machine plays, for demos without an account",
    );
}

/** Reads the options and the file of settings that they name. */
export function planOf(options: WorkspaceOptions, cwd: string): WorkspacePlan {
  const settings = options.settings === undefined ? {} : readSettings(options.settings, cwd);
  const allowed = [...(settings.allow ?? []), ...(options.allow ?? [])];
  return {
    folder: options.workspace,
    agents: settings.agents ?? {},
    named: options.agent ?? [],
    rules: allowed.length === 0 ? DEFAULT_RULES : [...DEFAULT_RULES, ...allowed.map(parseRule)],
    base: options.base ?? settings.base ?? null,
    inPlace: options.inPlace ?? false,
    setUp: setUpOf(options.setUp ?? settings.set_up, options.inPlace ?? false),
    sandbox: sandboxOf(options.sandbox, settings),
    askSeconds: options.askSeconds ?? settings.ask_seconds ?? ASK_SECONDS,
    slots: options.slots ?? settings.slots ?? SLOTS,
    scriptedModel: options.scriptedModel ?? null,
  };
}

/** Where agents work in the person's own folder it is ready as it is. */
function setUpOf(command: string | undefined, inPlace: boolean): string | null {
  if (command === undefined || command.trim() === "") return null;
  if (!inPlace) return command;
  throw new AgentError("--set-up makes new worktrees ready, and --in-place has none.", {
    code: "usage",
    remediation: "Leave one of the two out, and set the folder up by hand.",
    exitCode: EXIT.usage,
  });
}

/** What the option and the settings say together; one that is described is one that is wanted. */
export function sandboxOf(kind: SandboxKind | undefined, { sandbox }: Settings): SandboxPlan | null {
  const wanted = kind ?? sandbox?.kind ?? (sandbox === undefined ? "none" : "bubblewrap");
  if (wanted === "none") return null;
  return { network: sandbox?.network ?? true, read: sandbox?.read ?? [], write: sandbox?.write ?? [] };
}

function sandboxKind(text: string): SandboxKind {
  const kind = SANDBOXES.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new AgentError(`'${text}' is no sandbox.`, {
    code: "usage",
    remediation: `Say --sandbox with one of ${SANDBOXES.join(", ")}.`,
    exitCode: EXIT.usage,
  });
}

function several(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

function numberUpTo(option: string, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,6}$/.test(text) && number >= 1 && number <= most) return number;
    throw new AgentError(`${option} takes a whole number from 1 to ${most}, not '${text}'.`, {
      code: "usage",
      remediation: `Correct ${option}.`,
      exitCode: EXIT.usage,
    });
  };
}
