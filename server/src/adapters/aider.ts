import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemClock } from "oligarchy-agentvm";
import type { Clock } from "oligarchy-agentvm";
import type { Environment } from "../processes/environment.js";
import type { Exit } from "../processes/processes.js";
import type { Adapter, AgentResult, AgentRun } from "./adapter.js";
import { AiderHistory } from "./aider/history.js";
import { AiderStory } from "./aider/story.js";
import { endedWithoutResult, failed, wasDenied } from "./outcome.js";
import { lookFor } from "./sighting.js";

/** How long aider may take, in milliseconds. */
export interface AiderOptions {
  readonly clock?: Clock;
  /** Without a line of output. Default: 20 minutes; it says nothing while its model answers. */
  readonly silentMs?: number;
}

/** Keys of providers that aider takes from its environment. */
const KEYS = [
  "ANTHROPIC_API_KEY",
  "OPENAI_API_KEY",
  "OPENROUTER_API_KEY",
  "GEMINI_API_KEY",
  "DEEPSEEK_API_KEY",
  "GROQ_API_KEY",
  "MISTRAL_API_KEY",
  "XAI_API_KEY",
] as const;

/** Files of a repository that aider reads as its own settings, of which some have it run commands, or send its key elsewhere. */
const SETTINGS = [".aider.conf.yml", ".env", ".aider.model.settings.yml", ".aider.model.metadata.json"];

/** By this name the profile allows them: `tool:aider-settings`. */
const SETTINGS_TOOL = "aider-settings";

/** Whole lines, at once, and no browser for whoever is not there. */
const OWN: Environment = {
  COLUMNS: "4000",
  TERM: "dumb",
  PYTHONUNBUFFERED: "1",
  PYTHONIOENCODING: "utf-8",
  BROWSER: "true",
};

/** Makes what runs aider. */
export function createAider({ clock = systemClock(), silentMs = 1_200_000 }: AiderOptions = {}): Adapter {
  return {
    name: "aider",
    program: "aider",
    types: ["aider"],
    variables: [...KEYS, "OPENAI_API_BASE", "OLLAMA_API_BASE", "AIDER_*"],
    known: [],
    needs: (home) => ({
      kept: [join(home, ".aider")],
      files: [join(home, ".aider", "oauth-keys.env")],
      read: [join(home, ".aider.conf.yml"), join(home, ".env")],
    }),
    look: (machine) =>
      lookFor(machine, {
        program: "aider",
        install: "python -m pip install aider-install && aider-install",
        login: loginOf,
      }),
    run: (run) => runAider(run, { clock, silentMs }),
  };
}

/** aider, once for each task. It asks nothing on its way, so the player is asked before it begins. */
export const aider: Adapter = createAider();

/** Keys can stand in the person's settings of aider's, too, and are not looked for in there. */
function loginOf(environment: Environment): "key" | "login" | null {
  if (KEYS.some((name) => (environment[name] ?? "") !== "")) return "key";
  return existsSync(join(environment["HOME"] ?? "/", ".aider", "oauth-keys.env")) ? "login" : null;
}

async function runAider(run: AgentRun, { clock, silentMs }: Required<AiderOptions>): Promise<AgentResult> {
  const { directory, scratch, signal, session } = run;
  signal.throwIfAborted();
  const refusal = await refused(run);
  signal.throwIfAborted();
  if (refusal !== null) return refusal;
  const history = new AiderHistory(run.environment);
  const files = {
    message: join(scratch, "message.md"),
    chat: join(scratch, "chat.md"),
    input: join(scratch, "input"),
  };
  const goesOn = session !== null && history.take(session, files.chat);
  if (session !== null && !goesOn) {
    const text = "The conversation before is gone; aider begins a new one.";
    run.tell({ kind: "output", stream: "stderr", text });
  }
  writeFileSync(files.message, promptOf(run.prompt), { mode: 0o600 });
  const running = run.processes.start(run.program, argsOf(run, files, goesOn), {
    directory,
    environment: { ...run.environment, ...OWN },
    signal,
    silentMs,
  });
  running.onErrorLine((text) => run.tell({ kind: "output", stream: "stderr", text }));
  const story = new AiderStory(directory, (event) => run.tell(event));
  run.tell({ kind: "thought", of: null });
  for await (const line of running.lines) {
    if (signal.aborted) continue;
    story.take(line);
    // Nobody comes to its browser, and what it does outside of the worktree is nobody's to accept.
    if (story.waits || story.outside !== null) void running.stop();
  }
  const exit = await running.exited;
  signal.throwIfAborted();
  story.close();
  const kept = history.keep(files.chat, clock.now());
  if (kept !== null) run.tell({ kind: "session", session: kept, model: run.model });
  return outcomeOf(story, exit, running.errorText());
}

/** aider says nothing by its exit code: what it has changed and what it has printed do. */
function outcomeOf(story: AiderStory, exit: Exit, errorText: string): AgentResult {
  if (story.outside !== null)
    return failed(
      "wrote_outside",
      `aider was ended, since it has changed ${story.outside}, which is outside of the project. Look at that file; with --sandbox bubblewrap it could not.`,
    );
  if (story.waits && story.failure !== null) return story.failure;
  const hasEnded = exit.kind === "code" && (exit.code === 0 || story.failure !== null || story.hasEdited);
  if (!hasEnded) return endedWithoutResult("aider", { exit, errorText });
  if (story.failure !== null && !story.hasEdited) return story.failure;
  return { success: true, summary: story.said };
}

/** Asks what is to be asked before aider begins: on its way it asks nothing. */
async function refused(run: AgentRun): Promise<AgentResult | null> {
  const { directory } = run;
  const request = { kind: "permission", command: null, diff: null } as const;
  const title = "Change any file of the project";
  const writes = await run.permit({
    ...request,
    tool: "edit",
    tool_name: "aider",
    title,
    paths: [directory],
  });
  if (writes.verdict === "no") return wasDenied([title]);
  const found = settingsIn(directory);
  if (found.length === 0) return null;
  const take = `Take settings of the repository's, which may have aider run commands: ${found.join(", ")}`;
  const settings = await run.permit({
    ...request,
    tool: "other",
    tool_name: SETTINGS_TOOL,
    title: take,
    paths: found,
  });
  return settings.verdict === "no" ? wasDenied([take]) : null;
}

/** Settings of aider's in a folder, and in those above it up to where the worktree begins. */
function settingsIn(directory: string): readonly string[] {
  const found = SETTINGS.map((name) => join(directory, name)).filter((path) => existsSync(path));
  const isWhole = existsSync(join(directory, ".git")) || dirname(directory) === directory;
  return isWhole ? found : [...found, ...settingsIn(dirname(directory))];
}

/** A prompt that aider would take for a command of its own, such as to run something, is no more than words here. A model takes no NUL. */
function promptOf(prompt: string): string {
  const text = prompt.replaceAll("\0", "");
  return /^\s*[/!]/.test(text) || text.trim() === "" ? `Task: ${text}` : text;
}

function argsOf(
  { model, args }: AgentRun,
  files: { readonly message: string; readonly chat: string; readonly input: string },
  goesOn: boolean,
): readonly string[] {
  return [
    ...args,
    ...["--message-file", files.message, "--yes-always"],
    ...["--chat-history-file", files.chat, "--input-history-file", files.input],
    goesOn ? "--restore-chat-history" : "--no-restore-chat-history",
    ...(model === null ? [] : [`--model=${model}`]),
    ...["--no-pretty", "--no-stream", "--no-fancy-input", "--encoding", "utf-8"],
    // The worktree is committed when it is done, and nothing but what was changed.
    ...["--no-auto-commits", "--no-dirty-commits", "--no-gitignore", "--map-tokens", "0"],
    // With --yes-always it would run what its model proposes, load what a prompt names, and install what it lacks.
    ...[
      "--no-suggest-shell-commands",
      "--no-detect-urls",
      "--disable-playwright",
      "--no-show-model-warnings",
    ],
    ...["--no-auto-lint", "--no-auto-test", "--no-watch-files"],
    ...["--no-check-update", "--no-show-release-notes", "--no-analytics"],
  ];
}
