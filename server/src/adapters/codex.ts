import { PACKAGE_VERSION, systemClock } from "oligarchy-agentvm";
import type { Clock } from "oligarchy-agentvm";
import type { Environment } from "../processes/environment.js";
import type { AgentProcess } from "../processes/processes.js";
import type { Adapter, AgentResult, AgentRun } from "./adapter.js";
import { CodexAsking } from "./codex/asking.js";
import { CodexConversation } from "./codex/conversation.js";
import { notLoggedIn } from "./codex/failures.js";
import { hasLogin, needsOf } from "./codex/home.js";
import { argsOf, environmentOf, KEYS, keyOf } from "./codex/launch.js";
import { CallFailed, Rpc } from "./codex/rpc.js";
import * as wire from "./codex/wire.js";
import { lookFor } from "./sighting.js";
import { endedWithoutResult, failed, firstLine } from "./outcome.js";

/** How long codex may take for its ends, in milliseconds. */
export interface CodexOptions {
  readonly clock?: Clock;
  /** From its result until it has ended by itself. Default: 5,000. */
  readonly afterResultMs?: number;
  /** From an interrupt until it has ended by itself. Default: 2,000. */
  readonly afterInterruptMs?: number;
  /** Without a line of output. Default: 20 minutes; it says nothing while a command runs. */
  readonly silentMs?: number;
}

/** Days for which a conversation is kept, as long as work that nobody looks at. */
const KEPT_DAYS = 30;

/** Conversations that are forgotten with one task, at the most. */
const FORGOTTEN_MAX = 20;

/** Makes what runs codex. */
export function createCodex({
  clock = systemClock(),
  afterResultMs = 5_000,
  afterInterruptMs = 2_000,
  silentMs = 1_200_000,
}: CodexOptions = {}): Adapter {
  return {
    name: "codex",
    program: "codex",
    // Servers know no agents of the type codex yet: those of the type custom are its own.
    types: ["codex", "custom"],
    variables: [...KEYS, "OPENAI_BASE_URL", "CODEX_HOME"],
    known: ["0.171.0"],
    needs: (_, environment) => needsOf(environment),
    look: (machine) =>
      lookFor(machine, {
        program: "codex",
        install: "npm install -g @openai/codex",
        login: (environment) =>
          keyOf(environment) !== null ? "key" : hasLogin(environment) ? "login" : "none",
      }),
    run: (run) => runCodex(run, { clock, afterResultMs, afterInterruptMs, silentMs }),
  };
}

/** codex, by its app-server: one for each task, gone with it. It asks for every command and every change. */
export const codex: Adapter = createCodex();

async function runCodex(run: AgentRun, options: Required<CodexOptions>): Promise<AgentResult> {
  const { signal } = run;
  signal.throwIfAborted();
  const { clock, afterResultMs, afterInterruptMs, silentMs } = options;
  const environment = withOwnHome(run.environment);
  if (environment instanceof Error)
    return failed(
      "crashed",
      `codex needs a folder for what it keeps, and that cannot be made: ${environment.message}. Set XDG_STATE_HOME to one that can be written.`,
    );
  const running = run.processes.start(run.program, argsOf(run.environment, run.args), {
    directory: run.directory,
    environment,
    input: "open",
    silentMs,
  });
  const rpc = new Rpc(running);
  const conversation = new CodexConversation(run, {
    later: (id, questions) => asking.later(id, questions, (text) => talk.answered(text)),
    cancel: (id) => asking.cancel(id),
  });
  const asking = new CodexAsking(
    run,
    running,
    rpc,
    (item) => conversation.changesOf(item),
    (words) => talk.answered(words),
  );
  const talk = new Talk(run, rpc, conversation, asking, clock);
  let cancelStop = (): void => undefined;
  const endWithin = (ms: number): void => {
    running.endInput();
    cancelStop();
    cancelStop = clock.setTimeout(() => void running.stop(), ms);
  };
  const interrupt = (): void => {
    asking.close();
    talk.interrupt();
    endWithin(afterInterruptMs);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  running.onErrorLine((text) => run.tell({ kind: "output", stream: "stderr", text }));
  try {
    const read = readAll(running, rpc, conversation, asking, run);
    const result = await talk.whole();
    asking.close();
    endWithin(afterResultMs);
    await read;
    const exit = await running.exited;
    // What it has left running goes with it.
    await running.stop();
    signal.throwIfAborted();
    return result ?? endedWithoutResult("codex", { exit, errorText: running.errorText() });
  } finally {
    cancelStop();
    signal.removeEventListener("abort", interrupt);
    asking.close();
  }
}

/** The variables that codex gets, or why there is no folder for it. */
function withOwnHome(environment: Environment): Environment | Error {
  try {
    return environmentOf(environment);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Reads what codex says until it has ended. */
async function readAll(
  running: AgentProcess,
  rpc: Rpc,
  conversation: CodexConversation,
  asking: CodexAsking,
  run: AgentRun,
): Promise<void> {
  for await (const line of running.lines) {
    const heard = rpc.read(line);
    if (heard === null || run.signal.aborted) continue;
    if (heard.kind === "text") {
      if (line.trim() !== "") run.tell({ kind: "output", stream: "stdout", text: line });
    } else if (heard.kind === "request") asking.take(heard.id, heard.value);
    else {
      const read = wire.notification.safeParse(heard.value);
      if (read.success) conversation.take(read.data);
    }
  }
  rpc.close();
  conversation.lost();
  asking.close();
}

/** What is said to codex from the beginning of a task to its end. */
class Talk {
  readonly #run: AgentRun;
  readonly #rpc: Rpc;
  readonly #conversation: CodexConversation;
  readonly #asking: CodexAsking;
  readonly #clock: Clock;
  #thread = "";
  /** Answers that came when codex had nothing more to do. */
  #left: string[] = [];
  #telling: Promise<unknown> = Promise.resolve();

  constructor(run: AgentRun, rpc: Rpc, conversation: CodexConversation, asking: CodexAsking, clock: Clock) {
    this.#run = run;
    this.#rpc = rpc;
    this.#conversation = conversation;
    this.#asking = asking;
    this.#clock = clock;
  }

  /** What the task came to; null where codex has ended before it said so. */
  async whole(): Promise<AgentResult | null> {
    const { prompt, signal } = this.#run;
    try {
      await this.#rpc.call("initialize", {
        clientInfo: { name: "agentvm", title: null, version: PACKAGE_VERSION },
        capabilities: { experimentalApi: true, requestAttestation: false },
      });
      this.#rpc.notify("initialized");
      const account = wire.account.parse(await this.#rpc.call("account/read", { refreshToken: false }));
      if (account.requiresOpenaiAuth && (account.account ?? null) === null) return notLoggedIn(null);
      await this.#begin();
      // A model takes no NUL.
      for (let text: string | null = prompt.replaceAll("\0", ""); text !== null; text = this.#next()) {
        const isDone = this.#conversation.goesOn();
        await this.#turn(text);
        await isDone;
        await this.#asking.settled();
        await this.#telling;
      }
      if (this.#conversation.isLost) return null;
      const result = this.#conversation.result(this.#asking.denied);
      await this.#forget();
      return result;
    } catch (error) {
      if (signal.aborted || (error instanceof CallFailed && error.hasEnded)) return null;
      const said = error instanceof CallFailed ? error.message : "it answers in words that are not known";
      return failed(
        "crashed",
        `codex refused the task: ${firstLine(said)}. Look whether its version is one that was tried.`,
      );
    }
  }

  /** Has codex leave off what it does. */
  interrupt(): void {
    const turnId = this.#conversation.turn;
    if (turnId === null) return;
    this.#rpc.call("turn/interrupt", { threadId: this.#thread, turnId }).catch(() => undefined);
  }

  /** Tells codex what it did not wait for. */
  answered(text: string): void {
    const expectedTurnId = this.#conversation.turn;
    if (expectedTurnId === null) {
      this.#left.push(text);
      return;
    }
    const input = inputOf(text);
    this.#telling = this.#rpc
      .call("turn/steer", { threadId: this.#thread, expectedTurnId, input })
      // It had just said its last.
      .catch(() => this.#left.push(text));
  }

  #next(): string | null {
    return this.#left.length === 0 ? null : this.#left.splice(0).join("\n\n");
  }

  async #turn(text: string): Promise<void> {
    await this.#rpc.call("turn/start", {
      threadId: this.#thread,
      input: inputOf(text),
      approvalPolicy: "untrusted",
      approvalsReviewer: "user",
      // What was allowed is to work, and everything is asked. Said when the conversation begins, it would make codex trust the folder, and do
      // what the settings, rules and servers in there say.
      sandboxPolicy: { type: "dangerFullAccess" },
    });
  }

  /** Begins the conversation that the task goes on with, and a new one where that is not there any more. */
  async #begin(): Promise<void> {
    const { directory, session, model } = this.#run;
    const settings = {
      cwd: directory,
      approvalPolicy: "untrusted",
      approvalsReviewer: "user",
      sandbox: "read-only",
      ...(model !== null && { model }),
    };
    let begun: unknown = null;
    if (session !== null)
      try {
        begun = await this.#rpc.call("thread/resume", {
          threadId: session,
          excludeTurns: true,
          ...settings,
        });
      } catch (error) {
        if (error instanceof CallFailed && error.hasEnded) throw error;
        const text = "The conversation before is gone; codex begins a new one.";
        this.#run.tell({ kind: "output", stream: "stderr", text });
      }
    begun ??= await this.#rpc.call("thread/start", settings);
    const { thread, model: used } = wire.thread.parse(begun);
    this.#thread = thread.id;
    this.#conversation.begin(thread.id, used ?? null);
  }

  /** Has codex delete conversations with which nobody has gone on for long. */
  async #forget(): Promise<void> {
    const oldest = { limit: FORGOTTEN_MAX, sortKey: "updated_at", sortDirection: "asc" };
    const before = this.#clock.now() / 1_000 - KEPT_DAYS * 86_400;
    try {
      const { data } = wire.threads.parse(await this.#rpc.call("thread/list", oldest));
      for (const { id, updatedAt } of data)
        if (updatedAt < before) await this.#rpc.call("thread/delete", { threadId: id });
    } catch {
      // Then they are forgotten another time.
    }
  }
}

function inputOf(text: string): readonly object[] {
  return [{ type: "text", text, text_elements: [] }];
}
