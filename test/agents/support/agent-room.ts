import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { taskOf } from "../workspace/support-of-tasks.js";
import type { AgentRun } from "../../../server/src/adapters/adapter.js";
import type {
  AgentEvent,
  AgentQuestion,
  AgentReply,
  PermissionAnswer,
  PermissionRequest,
} from "../../../server/src/agent-events.js";
import { createProcesses } from "../../../server/src/processes/create-processes.js";
import { createRedactor } from "../../../server/src/processes/redact/redactor.js";

/** A key that must be nowhere but in the environment of the agent and on its way to the model. */
export const PLANTED_KEY = "sk-ant-planted-7f3a9c2e5b8d";

/** What a test says of a run; the rest is as usual. */
export interface RoomRun {
  readonly prompt: string;
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly session?: string;
  /** Default: the room's own. */
  readonly directory?: string;
  readonly args?: readonly string[];
  readonly signal?: AbortSignal;
  readonly permit?: (request: PermissionRequest) => Promise<PermissionAnswer>;
  readonly ask?: (question: AgentQuestion) => Promise<AgentReply>;
}

/** A folder of git's with an agent in it: where it works, what it told, and what it asked. */
export class AgentRoom implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "agentvm agents ü-"));
  readonly directory = join(this.root, "work tree");
  readonly home = join(this.root, "home");
  readonly scratch = join(this.root, "scratch");
  readonly events: AgentEvent[] = [];
  readonly permissions: PermissionRequest[] = [];
  readonly questions: AgentQuestion[] = [];
  withdrawn = 0;
  readonly #watchers = new Set<() => void>();

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const folder of [this.directory, this.home, this.scratch]) mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.directory, name), text);
    execFileSync("git", ["init", "-q"], { cwd: this.directory });
  }

  /** What an adapter is given. */
  run(given: RoomRun): AgentRun {
    const environment = {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      HOME: this.home,
      ANTHROPIC_API_KEY: PLANTED_KEY,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_TELEMETRY: "1",
      ...given.environment,
    };
    return {
      task: taskOf("task_1"),
      prompt: given.prompt,
      directory: given.directory ?? this.directory,
      scratch: this.scratch,
      session: given.session ?? null,
      program: given.program,
      args: given.args ?? [],
      model: null,
      environment,
      processes: createProcesses({
        task: "task_1",
        directories: [this.directory, this.scratch],
        redactor: createRedactor(environment),
      }),
      signal: given.signal ?? new AbortController().signal,
      tell: (event) => {
        this.events.push(event);
        for (const watcher of this.#watchers) watcher();
      },
      permit: async (request) => {
        this.permissions.push(request);
        return given.permit?.(request) ?? { verdict: "once", reason: null };
      },
      ask: async (question) => {
        this.questions.push(question);
        return given.ask?.(question) ?? null;
      },
      withdraw: () => {
        this.withdrawn += 1;
      },
    };
  }

  /** Resolves when the agent has told what is looked for. */
  heard(wanted: (event: AgentEvent) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.events.some(wanted)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** The events of one kind. */
  told<K extends AgentEvent["kind"]>(kind: K): readonly Extract<AgentEvent, { readonly kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<AgentEvent, { readonly kind: K }> => event.kind === kind,
    );
  }

  /** Processes that work in this room. */
  processes(): readonly string[] {
    return readdirSync("/proc").filter((name) => {
      if (!/^\d+$/.test(name)) return false;
      try {
        return readlinkSync(`/proc/${name}/cwd`).startsWith(this.root);
      } catch {
        return false;
      }
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
