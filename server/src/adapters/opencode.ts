import { statSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "oligarchy-agentvm";
import type { Clock } from "oligarchy-agentvm";
import * as z from "zod";
import type { HomeNeeds } from "../processes/sandbox.js";
import { createWatchdog } from "../processes/watchdog.js";
import type { Watchdog } from "../processes/watchdog.js";
import type { Environment } from "../processes/environment.js";
import type { Adapter, AgentResult, AgentRun } from "./adapter.js";
import { Conversation } from "./opencode/conversation.js";
import { Refused, RULES, startServer } from "./opencode/server.js";
import { Starts } from "./opencode/starts.js";
import type { TaskServer } from "./opencode/server.js";
import * as wire from "./opencode/wire.js";
import { lookFor } from "./sighting.js";
import { failed } from "./outcome.js";

/** Keys of providers that opencode takes from its environment. */
const KEYS = [
  "ANTHROPIC_API_KEY",
  "OPENAI_API_KEY",
  "OPENROUTER_API_KEY",
  "GEMINI_API_KEY",
  "GOOGLE_GENERATIVE_AI_API_KEY",
  "GROQ_API_KEY",
  "MISTRAL_API_KEY",
  "DEEPSEEK_API_KEY",
  "XAI_API_KEY",
  "OPENCODE_API_KEY",
] as const;

/** Breaks of the event stream in a row, with nothing heard between them. */
const BREAKS_MAX = 5;

const PROGRAM = "opencode";

/** What a person sets there. */
const SETTINGS = ["opencode.json", "opencode.jsonc", "config.json", "AGENTS.md", "agent", "agents"];

const INSTALL = "npm install -g opencode-ai";

/** How long opencode may take, in milliseconds. */
export interface OpencodeOptions {
  readonly clock?: Clock;
  /** From its start until it says where it listens. Default: one minute. */
  readonly startMs?: number;
  /** Without an event of its own, but while the player is asked. Default: 20 minutes; it says nothing while a command runs. */
  readonly silentMs?: number;
}

/** Makes what runs opencode. */
export function createOpencode({
  clock = systemClock(),
  startMs = 60_000,
  silentMs = 1_200_000,
}: OpencodeOptions = {}): Adapter {
  const starts = new Starts();
  return {
    name: "opencode",
    program: PROGRAM,
    types: ["opencode"],
    variables: [
      "OPENCODE_CONFIG",
      "OPENCODE_CONFIG_CONTENT",
      "OPENCODE_CONFIG_DIR",
      "XDG_DATA_HOME",
      "XDG_CONFIG_HOME",
      "XDG_CACHE_HOME",
      "XDG_STATE_HOME",
      ...KEYS,
    ],
    known: ["1.18.33"],
    needs,
    look: (machine) => lookFor(machine, { program: PROGRAM, install: INSTALL, login: loginOf }),
    run: (run) => runOpencode(run, { clock, startMs, silentMs }, starts),
  };
}

/**
 * opencode, by its own server: one for each task, on loopback, with a password, gone with the task. Conversations stay where the person's
 * own opencode keeps them, beside its login, so that a later task goes on with one, and so can the person: `opencode --session ID`.
 */
export const opencode: Adapter = createOpencode();

async function runOpencode(
  run: AgentRun,
  options: Required<OpencodeOptions>,
  starts: Starts,
): Promise<AgentResult> {
  const { clock, startMs, silentMs } = options;
  run.signal.throwIfAborted();
  const server = await starts.take(() => startServer(run, clock, startMs), run.signal);
  if (typeof server === "string") {
    run.signal.throwIfAborted();
    return notStarted(run, server);
  }
  const silence = new AbortController();
  const onSilence = (): void => {
    silence.abort();
    void server.process.stop();
  };
  const watchdog = createWatchdog(clock, silentMs, () => false, onSilence);
  try {
    return await converse(run, server, watchdog);
  } catch (error) {
    run.signal.throwIfAborted();
    const minutes = Math.round(silentMs / 60_000);
    if (silence.signal.aborted)
      return failed(
        "hung",
        `opencode did nothing for ${minutes} minutes and was ended. Give the task again.`,
      );
    const said = error instanceof Error ? error.message : String(error);
    return failed("crashed", `opencode's server broke off: ${said}. Try it again, or look at its log.`);
  } finally {
    watchdog.close();
    await server.process.stop();
  }
}

function notStarted(run: AgentRun, said: string): AgentResult {
  return failed(
    "crashed",
    `opencode could not be started as ${run.program}${said === "" ? "" : ` (${said})`}. Install it with "${INSTALL}", or name its program in the profile. "agentvm doctor" says more.`,
  );
}

async function converse(run: AgentRun, server: TaskServer, watchdog: Watchdog): Promise<AgentResult> {
  let events = await server.events();
  const session = await sessionFor(run, server);
  run.tell({ kind: "session", session, model: run.model });
  const old = new Set(await messageIds(server, session));
  const conversation = new Conversation(run, server, session, watchdog);
  try {
    const at = `/session/${encodeURIComponent(session)}`;
    await server.call("POST", `${at}/prompt_async`, {
      // A model takes no NUL, and neither does the database behind opencode.
      parts: [{ type: "text", text: run.prompt.replaceAll("\0", "") }],
      ...modelOf(run.model),
    });
    for (let breaks = 0; breaks < BREAKS_MAX; breaks += 1) {
      try {
        for await (const data of events) {
          breaks = 0;
          const read = wire.event.safeParse(data);
          if (!read.success) continue;
          watchdog.heard();
          conversation.take(read.data);
          if (conversation.result !== null) return conversation.result;
        }
      } catch {
        // The connection broke; what was missed is read below.
      }
      run.signal.throwIfAborted();
      events = await server.events();
      await readAgain(server, session, old, conversation);
      if (conversation.result !== null) return conversation.result;
    }
    conversation.lost("opencode's server does not keep its connection. Try it again, or look at its log.");
    return conversation.result ?? failed("crashed", "opencode broke off.");
  } finally {
    conversation.close();
  }
}

/** The session that the task goes on with, or a new one where there is none, or it is gone. */
async function sessionFor(run: AgentRun, server: TaskServer): Promise<string> {
  if (run.session !== null)
    try {
      return wire.session.parse(await server.call("GET", `/session/${encodeURIComponent(run.session)}`)).id;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      run.tell({
        kind: "output",
        stream: "stderr",
        text: "The conversation before is not there any more; this is a new one.",
      });
    }
  return wire.session.parse(await server.call("POST", "/session", { permission: RULES })).id;
}

async function messageIds(server: TaskServer, session: string): Promise<readonly string[]> {
  const read = await server.call("GET", `/session/${encodeURIComponent(session)}/message`);
  return wire.messages.parse(read).map(({ info }) => info.id);
}

/** Reads what may have been missed while the events were broken off. */
async function readAgain(
  server: TaskServer,
  session: string,
  old: ReadonlySet<string>,
  conversation: Conversation,
): Promise<void> {
  const at = `/session/${encodeURIComponent(session)}`;
  const children = z.array(wire.session).parse(await server.call("GET", `${at}/children`));
  for (const info of children) conversation.take({ type: "session.created", properties: { info } });
  for (const of of [session, ...children.map(({ id }) => id)]) {
    const read = wire.messages.parse(await server.call("GET", `/session/${encodeURIComponent(of)}/message`));
    for (const { info, parts } of read) {
      if (old.has(info.id)) continue;
      for (const part of parts) if (part !== null) conversation.part(part);
      if (info.error !== undefined)
        conversation.take({ type: "session.error", properties: { sessionID: of, error: info.error } });
    }
  }
  for (const one of z.array(wire.permission).parse(await server.call("GET", "/permission")))
    conversation.permission(one);
  for (const one of z.array(wire.question).parse(await server.call("GET", "/question")))
    conversation.question(one);
  const doing = wire.statuses.parse(await server.call("GET", "/session/status"));
  for (const of of [...children.map(({ id }) => id), session])
    if ((doing[of]?.type ?? "idle") === "idle") conversation.idle(of);
}

/** `provider/model`, as opencode writes it; the name of a model may have slashes of its own. */
function modelOf(model: string | null): object {
  const [, providerID, modelID] = /^([^/]+)\/(.+)$/.exec(model ?? "") ?? [];
  return providerID === undefined || modelID === undefined ? {} : { model: { providerID, modelID } };
}

/** Folders of its own, with the person's login and settings in them. */
function needs(home: string, environment: Environment): HomeNeeds {
  const data = join(environment["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "opencode");
  const settings = join(environment["XDG_CONFIG_HOME"] ?? join(home, ".config"), "opencode");
  const cache = join(environment["XDG_CACHE_HOME"] ?? join(home, ".cache"), "opencode");
  return {
    kept: [data, settings, cache],
    files: [join(data, "auth.json")],
    // Not the folder of the settings itself, into which it writes what its plugins need.
    read: [
      ...SETTINGS.map((name) => join(settings, name)),
      ...["OPENCODE_CONFIG", "OPENCODE_CONFIG_DIR"].flatMap((name) => environment[name] ?? []),
    ],
  };
}

/** Whether a login is kept or a key is set; neither is read. */
function loginOf(environment: Environment): "key" | "login" | null {
  if (KEYS.some((name) => (environment[name] ?? "") !== "")) return "key";
  const home = environment["HOME"];
  const data =
    environment["XDG_DATA_HOME"] ?? (home === undefined ? undefined : join(home, ".local", "share"));
  if (data === undefined) return null;
  const kept = statSync(join(data, "opencode", "auth.json"), { throwIfNoEntry: false });
  // An empty object is what is left after a logout. Without either, a provider of the person's own settings may need no key.
  return (kept?.size ?? 0) > 4 ? "login" : null;
}
