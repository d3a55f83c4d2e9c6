import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { AgentEvent, AgentQuestion, PermissionRequest } from "../../../server/src/agent-events.js";
import type { AgentResult, AgentRun } from "../../../server/src/adapters/adapter.js";
import { opencode } from "../../../server/src/adapters/opencode.js";
import { createProcesses } from "../../../server/src/processes/create-processes.js";
import { createRedactor } from "../../../server/src/processes/redact/redactor.js";
import { scenariosSchema, startScriptedModel } from "../../../server/src/scripted-model/index.js";
import type { ScenariosInput, ScriptedModel } from "../../../server/src/scripted-model/index.js";
import { taskOf } from "../workspace/support-of-tasks.js";

const PROGRAM = resolve("test/agents/clis/node_modules/.bin/opencode");

/** A key that opencode is given, and that may be seen nowhere. */
export const KEY = "sk-planted-0123456789abcdef0123456789abcdef";

/** One task that the real opencode does. */
export interface OpencodeTask {
  readonly prompt: string;
  readonly session?: string;
  readonly signal?: AbortSignal;
  readonly permit?: AgentRun["permit"];
  readonly ask?: AgentRun["ask"];
  readonly onEvent?: (event: AgentEvent) => void;
}

/** What came of it. */
export interface Done {
  readonly result: AgentResult;
  readonly events: readonly AgentEvent[];
  readonly requests: readonly PermissionRequest[];
  readonly questions: readonly AgentQuestion[];
}

/** A repository, a home of its own, and a scripted model for the real opencode, which finds nothing else of this machine. */
export class OpencodeBench {
  readonly directory: string;
  readonly model: ScriptedModel;
  readonly #root: string;

  private constructor(root: string, model: ScriptedModel) {
    this.#root = root;
    this.directory = join(root, "repository");
    this.model = model;
    mkdirSync(this.directory);
    writeFileSync(join(this.directory, "player.txt"), "jump: 1\n");
    const git = (...args: string[]): unknown =>
      execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", ...args], {
        cwd: this.directory,
      });
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "Begin");
  }

  static async open(scenarios: ScenariosInput): Promise<OpencodeBench> {
    const root = mkdtempSync(join(tmpdir(), "agentvm-opencode-"));
    return new OpencodeBench(root, await startScriptedModel(scenariosSchema.parse(scenarios)));
  }

  async run({ prompt, session, signal, permit, ask, onEvent }: OpencodeTask): Promise<Done> {
    const events: AgentEvent[] = [];
    const requests: PermissionRequest[] = [];
    const questions: AgentQuestion[] = [];
    const scratch = mkdtempSync(join(this.#root, "scratch-"));
    const processes = createProcesses({
      task: "task_1",
      directories: [this.directory, scratch],
      redactor: createRedactor({ SCRIPTED_KEY: KEY }),
    });
    try {
      const result = await opencode.run({
        task: taskOf(prompt),
        prompt,
        directory: this.directory,
        scratch,
        session: session ?? null,
        program: PROGRAM,
        args: [],
        model: "scripted/scripted",
        environment: this.#environment(),
        processes,
        signal: signal ?? new AbortController().signal,
        tell: (event) => {
          events.push(event);
          onEvent?.(event);
        },
        permit: (request) => {
          requests.push(request);
          return permit?.(request) ?? Promise.resolve({ verdict: "once", reason: null });
        },
        ask: (question) => {
          questions.push(question);
          return ask?.(question) ?? Promise.resolve(null);
        },
        withdraw: () => undefined,
      });
      return { result, events, requests, questions };
    } finally {
      await processes.close();
    }
  }

  async close(): Promise<void> {
    await this.model.close();
    rmSync(this.#root, { recursive: true, force: true });
  }

  #environment() {
    const home = join(this.#root, "home");
    mkdirSync(home, { recursive: true });
    const provider = {
      npm: "@ai-sdk/openai-compatible",
      name: "Scripted",
      options: { baseURL: `${this.model.url}/v1`, apiKey: "{env:SCRIPTED_KEY}" },
      models: { scripted: { name: "Scripted", tool_call: true, limit: { context: 100_000, output: 8_000 } } },
    };
    return {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: home,
      SCRIPTED_KEY: KEY,
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        model: "scripted/scripted",
        small_model: "scripted/scripted",
        enabled_providers: ["scripted"],
        provider: { scripted: provider },
      }),
    };
  }
}
