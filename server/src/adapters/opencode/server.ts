import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Clock } from "oligarchy-agentvm";
import * as z from "zod";
import type { AgentRun } from "../adapter.js";
import type { AgentProcess } from "../../processes/processes.js";
import { serverSent } from "./server-sent.js";

/**
 * What opencode may do unasked: read and search. The rest asks, whatever the person's own settings or those of the repository say. It stands in
 * the configuration and in the session, since an agent of the repository's may have rules of its own, and those of a session come last.
 */
const ASKED = ["edit", "bash", "webfetch", "websearch", "external_directory"] as const;

/** Characters of what it says where it does not start. */
const REASON_MAX = 300;

/** Rules of a session. */
export const RULES = ASKED.map((permission) => ({ permission, pattern: "*", action: "ask" }));

const settings = z.record(z.string(), z.unknown());

/** The settings of a task's server, over those that the person hands in. */
function configuration(given: string | undefined): string {
  let own: Readonly<Record<string, unknown>> = {};
  try {
    own = settings.parse(JSON.parse(given ?? "{}"));
  } catch {
    // What opencode could not read is no settings.
  }
  return JSON.stringify({
    ...own,
    autoupdate: false,
    share: "disabled",
    permission: Object.fromEntries(ASKED.map((permission) => [permission, "ask"])),
  });
}

/** The server of one task. */
export interface TaskServer {
  readonly process: AgentProcess;
  /** Calls it; null where it refuses, with what it says, or is not there any more. */
  call(method: "GET" | "POST", path: string, body?: object): Promise<unknown>;
  /** Its events, from now on, until the connection ends. */
  events(): Promise<AsyncIterable<unknown>>;
}

/** A call that opencode's server has refused. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(readonly status: number) {
    super(`opencode refused a call with ${status}`);
  }
}

/**
 * Starts opencode's server for one task: on a free port of loopback, with a password that nobody else has. What it says where it does not
 * start, or not within `startMs` milliseconds.
 */
export async function startServer(
  run: AgentRun,
  clock: Clock,
  startMs: number,
): Promise<TaskServer | string> {
  const password = randomUUID();
  // Left to itself it takes the port of the task before, to which `fetch` still keeps connections that are dead by now.
  const port = String(await freePort());
  const args = ["serve", "--pure", "--hostname", "127.0.0.1", "--port", port, ...run.args];
  const process = run.processes.start(run.program, args, {
    directory: run.directory,
    environment: {
      ...run.environment,
      // It leaves a library of 5 MB there each time that it starts.
      TMPDIR: run.scratch,
      OPENCODE_SERVER_PASSWORD: password,
      OPENCODE_SERVER_USERNAME: "opencode",
      OPENCODE_CONFIG_CONTENT: configuration(run.environment["OPENCODE_CONFIG_CONTENT"]),
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_SHARE: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_TERMINAL_TITLE: "1",
    },
    signal: run.signal,
  });
  const giveUp = clock.setTimeout(() => void process.stop(), startMs);
  const url = await addressOf(process, run);
  giveUp();
  if (url === null) {
    await process.exited;
    const said = process.errorText().trim().slice(-REASON_MAX);
    return said;
  }
  const headers = {
    authorization: `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`,
    "content-type": "application/json",
  };
  return {
    process,
    async call(method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers,
        signal: run.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Refused(response.status);
      const answer: unknown = text === "" ? null : JSON.parse(text);
      return answer;
    },
    async events() {
      const response = await fetch(`${url}/event`, { headers, signal: run.signal });
      if (!response.ok || response.body === null) throw new Refused(response.status);
      return serverSent(response.body);
    },
  };
}

/** Waits until it says where it listens; what it says later is output. */
function addressOf(process: AgentProcess, run: AgentRun): Promise<string | null> {
  return new Promise((resolve) => {
    const read = async (): Promise<void> => {
      for await (const text of process.lines) {
        const url = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
        if (url === undefined) run.tell({ kind: "output", stream: "stdout", text });
        else resolve(url);
      }
      resolve(null);
    };
    read().catch(() => resolve(null));
  });
}

/** A port of loopback that nobody listens on. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
