import { describe, expect, it } from "vitest";
import {
  AuthenticationError,
  ContractError,
  InvalidRequestError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  ServerError,
  TimeoutError,
} from "../../src/index.js";
import type { AgentVMError } from "../../src/index.js";
import { answer, faultServer, nobodyListens } from "./fault-server.js";
import type { Fault } from "./fault-server.js";
import { agentAnswer } from "./scripted-fetch.js";
import { hastyClock, inTime, manualClock, rejectionOf } from "./time.js";
import { transports } from "./transports.js";
import type { AnyAgentVM } from "./transports.js";

type ErrorClass = new (...parts: never[]) => AgentVMError;

interface Case {
  readonly what: string;
  readonly fault: Fault;
  readonly type: ErrorClass;
  readonly code: string;
  readonly outcome: "rejected" | "unknown";
  readonly said?: RegExp;
}

const whole = JSON.stringify(agentAnswer);
const html = "<!doctype html><title>It works</title>";

const cases: Case[] = [
  {
    what: "closes the connection without a word",
    fault: (socket) => socket.destroy(),
    type: NetworkError,
    code: "connection_lost",
    outcome: "unknown",
  },
  {
    what: "resets the connection",
    fault: (socket) => socket.resetAndDestroy(),
    type: NetworkError,
    code: "connection_lost",
    outcome: "unknown",
  },
  {
    what: "cuts its answer off midway",
    fault: (socket) => socket.end(answer(whole.slice(0, 80), { length: whole.length })),
    type: NetworkError,
    code: "connection_lost",
    outcome: "unknown",
  },
  {
    what: "cuts a chunked answer off midway",
    fault: (socket) => {
      const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
      socket.end(`${head}14\r\n${whole.slice(0, 20)}\r\n`);
    },
    type: NetworkError,
    code: "connection_lost",
    outcome: "unknown",
  },
  {
    what: "speaks no HTTP",
    fault: (socket) => socket.end("+OK ready\r\n"),
    type: NetworkError,
    code: "connection_lost",
    outcome: "unknown",
  },
  {
    what: "answers with a web page",
    fault: (socket) => socket.end(answer(html, { headers: "content-type: text/html\r\n" })),
    type: ContractError,
    code: "html_answer",
    outcome: "unknown",
    said: /^GET \/agents\/\{agent_id\}: the answer is a web page, not JSON\.$/,
  },
  {
    what: "answers with nothing",
    fault: (socket) => socket.end(answer("")),
    type: ContractError,
    code: "empty_answer",
    outcome: "unknown",
    said: /the answer is empty/,
  },
  {
    what: "answers with half of its JSON and calls it whole",
    fault: (socket) => socket.end(answer(whole.slice(0, -20))),
    type: ContractError,
    code: "malformed_answer",
    outcome: "unknown",
    said: /not JSON, or was cut off/,
  },
  {
    what: "answers 200 with success: false and an error",
    fault: (socket) => socket.end(answer('{"success":false,"error":"Agent not found"}')),
    type: ServerError,
    code: "request_failed",
    outcome: "rejected",
    said: /: Agent not found$/,
  },
  {
    what: "answers 200 with success: false and a message",
    fault: (socket) => socket.end(answer('{"success":false,"message":"No such agent"}')),
    type: ServerError,
    code: "request_failed",
    outcome: "rejected",
    said: /: No such agent$/,
  },
  {
    what: "answers with FastAPI's detail",
    fault: (socket) => socket.end(answer('{"detail":"Agent not found"}', { status: "404 Not Found" })),
    type: NotFoundError,
    code: "not_found",
    outcome: "rejected",
    said: /: Agent not found$/,
  },
  {
    what: "answers with FastAPI's list of details",
    fault: (socket) =>
      socket.end(
        answer(
          '{"detail":[{"loc":["path","agent_id"],"msg":"must be shorter","type":"too_long","input":"x","ctx":{}}]}',
          { status: "422 Unprocessable Entity" },
        ),
      ),
    type: InvalidRequestError,
    code: "invalid_request",
    outcome: "rejected",
    said: /: path\.agent_id must be shorter$/,
  },
  {
    what: "answers a web page with 401",
    fault: (socket) => socket.end(answer(html, { status: "401 Unauthorized" })),
    type: AuthenticationError,
    code: "unauthorized",
    outcome: "rejected",
  },
  {
    what: "answers 429",
    fault: (socket) =>
      socket.end(answer("{}", { status: "429 Too Many Requests", headers: "retry-after: 7\r\n" })),
    type: RateLimitError,
    code: "rate_limited",
    outcome: "rejected",
  },
  {
    what: "fails inside",
    fault: (socket) => socket.end(answer("Internal Server Error", { status: "500 Internal Server Error" })),
    type: ServerError,
    code: "server_error",
    outcome: "unknown",
    said: /HTTP 500 and no explanation/,
  },
  {
    what: "stands behind a gateway that reaches nobody",
    fault: (socket) => socket.end(answer(html, { status: "502 Bad Gateway" })),
    type: ServerError,
    code: "server_error",
    outcome: "unknown",
  },
  {
    what: "is not available",
    fault: (socket) => socket.end(answer("{}", { status: "503 Service Unavailable" })),
    type: ServerError,
    code: "server_error",
    outcome: "rejected",
  },
  {
    what: "sends the caller on to another address",
    fault: (socket) =>
      socket.end(
        answer("", { status: "307 Temporary Redirect", headers: "location: http://127.0.0.1:1/\r\n" }),
      ),
    type: ContractError,
    code: "redirected",
    outcome: "rejected",
  },
];

describe.each(transports)("an AgentVM %s, whose server", (_name, make) => {
  it.each(cases)("$what, fails with the error for that", async ({ fault, type, code, outcome, said }) => {
    await using server = await faultServer(fault);
    const agentvm = make({ endpoint: server.url, apiKey: "secret-key", retries: 0 });
    const error = await rejectionOf(agentvm.agents.get("agent_1"));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ code, outcome, remediation: expect.stringMatching(/\w/) });
    if (said) expect((error as Error).message).toMatch(said);
  });

  it("is down, fails with an error that says nothing was sent", async () => {
    const endpoint = await nobodyListens();
    const error = await rejectionOf(make({ endpoint, retries: 0 }).agents.create("aider"));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ code: "unreachable", outcome: "not_sent", status: null, retryable: true });
  });

  it("has no address, fails with an error that says nothing was sent", async () => {
    const agentvm = make({ endpoint: "http://agentvm.invalid", retries: 0 });
    const error = await rejectionOf(agentvm.agents.create("aider"));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ outcome: "not_sent" });
  });

  it("never answers, fails when the attempt's time is over", async () => {
    await using server = await faultServer(() => undefined);
    const clock = manualClock();
    const agentvm = make({ endpoint: server.url, retries: 0, timeoutMs: 5_000, clock });
    const received = server.received();
    const call = rejectionOf(agentvm.agents.create("aider"));
    await received;
    clock.advance(5_000);
    const error = await call;
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "timeout", outcome: "unknown", retryable: true });
  });

  it("stops in the middle of its answer, fails when the attempt's time is over", async () => {
    await using server = await faultServer((socket) => {
      socket.write(answer(whole.slice(0, 50), { length: whole.length }));
    });
    const clock = manualClock();
    const agentvm = make({ endpoint: server.url, retries: 0, timeoutMs: 5_000, clock });
    const received = server.received();
    const call = rejectionOf(agentvm.agents.get("agent_1"));
    await received;
    expect(await inTime(clock, call, 1_000)).toBeInstanceOf(TimeoutError);
  });

  const calls: [what: string, call: (agentvm: AnyAgentVM) => Promise<unknown>][] = [
    ["read", (agentvm) => agentvm.agents.get("agent_1")],
    ["change", (agentvm) => agentvm.agents.create("aider")],
    ["stream", (agentvm) => agentvm.tasks.output("task_1").next()],
  ];
  it.each(
    calls.flatMap(([what, call]) =>
      ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"].map(
        (status) => [what, status, call] as const,
      ),
    ),
  )("redirects a %s with %s, never sees its key again elsewhere", async (_what, status, call) => {
    await using elsewhere = await faultServer((socket) => socket.end(answer(whole)));
    await using server = await faultServer((socket) =>
      socket.end(answer("", { status, headers: `location: ${elsewhere.url}/\r\n` })),
    );
    const agentvm = make({ endpoint: server.url, apiKey: "secret-key", retries: 0 });
    expect(await rejectionOf(call(agentvm))).toMatchObject({ code: "redirected", outcome: "rejected" });
    expect(elsewhere.requests()).toBe(0);
  });

  it("redirects the event stream, is not followed there", async () => {
    await using elsewhere = await faultServer((socket) => socket.destroy());
    await using server = await faultServer((socket) =>
      socket.end(answer("", { status: "302 Found", headers: `location: ${elsewhere.url}/ws\r\n` })),
    );
    await using agentvm = make({ endpoint: server.url, apiKey: "secret-key", events: true });
    const away = new Promise((resolve) => {
      agentvm.on("connection", ({ current }) => current.status === "waiting" && resolve(current));
    });
    const opening = agentvm.openEvents({ game_id: "game_1" }).catch(() => undefined);
    await expect(away).resolves.toMatchObject({ reason: "connection lost" });
    await agentvm.close();
    await opening;
    expect(elsewhere.requests()).toBe(0);
  });

  it("comes back after two lost connections, answers in the end", async () => {
    await using server = await faultServer((socket) => {
      if (server.requests() < 3) socket.destroy();
      else socket.end(answer(whole));
    });
    const agent = await make({ endpoint: server.url, clock: hastyClock() }).agents.get("agent_1");
    expect(agent.id).toBe("agent_1");
    expect(server.requests()).toBe(3);
  });
});
