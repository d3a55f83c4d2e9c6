import { existsSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "oligarchy-agentvm";
import type { Clock } from "oligarchy-agentvm";
import type { Environment } from "../processes/environment.js";
import type { HomeNeeds } from "../processes/sandbox.js";
import type { Adapter, AgentResult, AgentRun } from "./adapter.js";
import { ClaudeAsking } from "./claude/asking.js";
import { readLine } from "./claude/messages.js";
import type { ResultMessage } from "./claude/messages.js";
import { outcomeOf } from "./claude/outcome.js";
import { ClaudeStory } from "./claude/story.js";
import { lookFor } from "./sighting.js";

/** How long claude may take for its ends, in milliseconds. */
export interface ClaudeOptions {
  readonly clock?: Clock;
  /** From its result until it has ended by itself; it can hang there. Default: 5,000. */
  readonly afterResultMs?: number;
  /** From an interrupt until it has ended by itself. Default: 2,000. */
  readonly afterInterruptMs?: number;
  /** Without a line of output. Default: 20 minutes; it says nothing while a command runs. */
  readonly silentMs?: number;
}

/** Variables by which somebody is logged in. */
const KEYS = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];

/** Keeps it from renewing itself in the middle of a task, and has it tell its plan. */
const OWN: Environment = { DISABLE_AUTOUPDATER: "1", CLAUDE_CODE_ENABLE_TODO_TOOLS: "1" };

/** Makes what runs Claude Code. */
export function createClaude({
  clock = systemClock(),
  afterResultMs = 5_000,
  afterInterruptMs = 2_000,
  silentMs = 1_200_000,
}: ClaudeOptions = {}): Adapter {
  return {
    name: "claude",
    program: "claude",
    types: ["claude"],
    variables: [...KEYS, "ANTHROPIC_*", "CLAUDE_CODE_*", "CLAUDE_CONFIG_DIR", "AWS_*", "DISABLE_TELEMETRY"],
    known: ["2.1.332"],
    needs,
    look: (machine) =>
      lookFor(machine, {
        program: "claude",
        install: "npm install -g @anthropic-ai/claude-code",
        more: OWN,
        login: loginOf,
      }),
    run: (run) => runClaude(run, { clock, afterResultMs, afterInterruptMs, silentMs }),
  };
}

/** Claude Code, as it is run when nothing else is said. */
export const claude: Adapter = createClaude();

/** A folder of its own, with the person's login in it: the person's settings are not asked for anyway. */
function needs(home: string, environment: Environment): HomeNeeds {
  const folder = environment["CLAUDE_CONFIG_DIR"] ?? join(home, ".claude");
  const own = environment["CLAUDE_CONFIG_DIR"] === undefined ? home : folder;
  return {
    kept: [folder],
    files: [join(folder, ".credentials.json")],
    read: [join(own, ".claude.json")],
  };
}

/** Whether somebody is logged in, without a look at any secret. */
function loginOf(environment: Environment): "key" | "login" | "none" | null {
  if (KEYS.some((name) => (environment[name] ?? "") !== "")) return "key";
  const home = environment["CLAUDE_CONFIG_DIR"] ?? join(environment["HOME"] ?? "/", ".claude");
  if (existsSync(join(home, ".credentials.json"))) return "login";
  // There it is in the keychain, which would ask the person.
  return process.platform === "darwin" ? null : "none";
}

/** What it is started with. Nothing of the person's own settings is taken over, unless the profile's arguments say so. */
function argsOf({ session, model, args }: AgentRun): readonly string[] {
  return [
    "-p",
    ...["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"],
    ...["--permission-prompt-tool", "stdio", "--setting-sources", "", "--strict-mcp-config"],
    // In one word each: what stands behind = is no option, whatever it is.
    ...(session === null ? [] : [`--resume=${session}`]),
    ...(model === null ? [] : [`--model=${model}`]),
    ...args,
  ];
}

/** A prompt that claude would take for a command of its own, such as to forget the conversation, is no more than words here. */
function promptOf(prompt: string): string {
  return /^\s*\/[\w:-]+(\s|$)/.test(prompt) ? `Task: ${prompt}` : prompt;
}

/** Does the task in the conversation that it goes on with, and in a new one where that is not there any more. */
async function runClaude(run: AgentRun, options: Required<ClaudeOptions>): Promise<AgentResult> {
  const result = await runOnce(run, options);
  const isGone = run.session !== null && !result.success && result.code === "no_conversation";
  if (!isGone) return result;
  const text = "The conversation before is gone; claude begins a new one.";
  run.tell({ kind: "output", stream: "stderr", text });
  return runOnce({ ...run, session: null }, options);
}

async function runOnce(run: AgentRun, options: Required<ClaudeOptions>): Promise<AgentResult> {
  const { signal, directory } = run;
  signal.throwIfAborted();
  const { clock, afterResultMs, afterInterruptMs, silentMs } = options;
  const running = run.processes.start(run.program, argsOf(run), {
    directory,
    environment: { ...run.environment, ...OWN },
    input: "open",
    silentMs,
  });
  const write = (value: string): void => running.write(`${value}\n`);
  const story = new ClaudeStory(directory, (event) => run.tell(event));
  const asking = new ClaudeAsking(run, running, write);
  let result: ResultMessage | null = null;
  let cancelStop = (): void => undefined;
  const stopAfter = (ms: number): void => {
    cancelStop();
    cancelStop = clock.setTimeout(() => void running.stop(), ms);
  };
  const interrupt = (): void => {
    asking.close();
    write(
      JSON.stringify({ type: "control_request", request_id: "interrupt", request: { subtype: "interrupt" } }),
    );
    running.endInput();
    stopAfter(afterInterruptMs);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  running.onErrorLine((text) => run.tell({ kind: "output", stream: "stderr", text }));
  write(JSON.stringify({ type: "user", message: { role: "user", content: promptOf(run.prompt) } }));
  try {
    for await (const line of running.lines) {
      const message = readLine(line);
      if (message === "no_json") {
        if (line.trim() !== "") run.tell({ kind: "output", stream: "stdout", text: line });
      } else if (message !== "unknown" && !signal.aborted) {
        story.take(message);
        if (message.type === "control_request") asking.take(message);
        else if (message.type === "control_cancel_request") asking.cancel(message.request_id);
        else if (message.type === "result") {
          result = message;
          // With helpers in the background it goes on when they are done.
          if (!story.isBusy) {
            running.endInput();
            stopAfter(afterResultMs);
          }
        }
      }
    }
    const exit = await running.exited;
    // What it has left running goes with it.
    await running.stop();
    signal.throwIfAborted();
    const { error, hasWorked } = story;
    return outcomeOf({
      result,
      error,
      hasWorked,
      denied: asking.denied,
      exit,
      errorText: running.errorText(),
    });
  } finally {
    cancelStop();
    signal.removeEventListener("abort", interrupt);
    asking.close();
    story.close();
  }
}
