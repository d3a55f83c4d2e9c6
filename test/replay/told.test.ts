import { describe, expect, it } from "vitest";
import { parseRecording } from "../../mock-server/node.js";
import { createMockBackend } from "../../mock-server/testing.js";
import type { TestBackend } from "../../mock-server/testing.js";

/** A recording of these lines, each at its time. */
function recordingOf(...lines: readonly object[]): TestBackend {
  const head = { agentvm_recording: 1, recorded_at: "2026-01-01T00:00:00.000Z", endpoint: "http://a" };
  const text = [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
  return createMockBackend({ replay: parseRecording(text), clock: "manual" });
}

function call(at: number, request: string, body: unknown, answer: unknown): object {
  const [method, path] = request.split(" ");
  const headers = { "content-type": "application/json" };
  return {
    type: "call",
    at,
    method,
    path,
    body,
    status: 200,
    headers,
    answer: JSON.stringify(answer),
    pieces: [],
  };
}

function frame(at: number, fields: object): object {
  return { type: "frame", at, socket: 1, from: "server", frame: fields };
}

const ENDED = {
  type: "task.completed",
  epoch: "e",
  seq: 2,
  timestamp: "2026-01-01T00:00:02.000Z",
  data: { task_id: "task_1", agent_id: "agent_1", team_id: null, result: { success: true, output: "done" } },
};
const ASSIGN = call(1_000, "POST /tasks/assign", { prompt: "Fix it" }, { success: true, task_id: "task_1" });
const running = (at: number): object =>
  call(at, "GET /tasks/task_1", null, { id: "task_1", status: "running", progress: 0.5, result: null });
const completed = (at: number): object =>
  call(at, "GET /tasks/task_1", null, { id: "task_1", status: "completed", progress: 1 });

async function ask(backend: TestBackend, request: string, body?: unknown): Promise<unknown> {
  const [method = "", path = ""] = request.split(" ");
  const answer = await backend.fetch(`http://a${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  });
  return answer.json();
}

describe("a replay whose calls come at other times than those of the recording", () => {
  it("does not say of a task that it runs once its end has come", async () => {
    const backend = recordingOf(ASSIGN, running(1_010), frame(2_000, ENDED), completed(2_010));
    await ask(backend, "POST /tasks/assign", { prompt: "Fix it" });
    backend.clock.advance(1_000);
    expect(await ask(backend, "GET /tasks/task_1")).toMatchObject({ status: "completed" });
    backend.close();
  });

  it("says that it runs for as long as it did then", async () => {
    const backend = recordingOf(ASSIGN, running(1_010), frame(2_000, ENDED), completed(2_010));
    await ask(backend, "POST /tasks/assign", { prompt: "Fix it" });
    backend.clock.advance(999);
    expect(await ask(backend, "GET /tasks/task_1")).toMatchObject({ status: "running" });
    backend.close();
  });

  it("knows the end of a task from its event, where nobody looked at it afterwards", async () => {
    const backend = recordingOf(ASSIGN, running(1_010), frame(2_000, ENDED));
    await ask(backend, "POST /tasks/assign", { prompt: "Fix it" });
    backend.clock.advance(500);
    expect(await ask(backend, "GET /tasks/task_1")).toMatchObject({ status: "running" });
    backend.clock.advance(500);
    expect(await ask(backend, "GET /tasks/task_1")).toEqual({
      id: "task_1",
      status: "completed",
      progress: 1,
      result: { success: true, output: "done" },
      completed_at: "2026-01-01T00:00:02.000Z",
      question: null,
    });
    backend.close();
  });

  it("takes a call that was in a batch as the cause of what came after it", async () => {
    const inBatch = { id: "a", method: "POST", path: "/tasks/assign", body: { prompt: "Fix it" } };
    const answer = { success: true, responses: [{ id: "a", status: 200, body: { success: true } }] };
    const batch = call(1_000, "POST /batch", { requests: [inBatch] }, answer);
    const backend = recordingOf(batch, running(1_010), frame(2_000, ENDED));
    expect(await ask(backend, "POST /batch", { requests: [inBatch] })).toEqual(answer);
    backend.clock.advance(1_000);
    expect(await ask(backend, "GET /tasks/task_1")).toMatchObject({ status: "completed" });
    backend.close();
  });

  it("answers calls that come together now and came alone then, and says which of them it does not know", async () => {
    const backend = recordingOf(ASSIGN, running(1_010));
    const requests = [
      { id: "a", method: "GET", path: "/tasks/task_1" },
      { id: "b", method: "GET", path: "/agents" },
      { id: "c", method: "GET", path: "/nowhere" },
    ];
    expect(await ask(backend, "POST /batch", { requests })).toMatchObject({
      success: true,
      responses: [
        { id: "a", status: 200, body: { status: "running" } },
        { id: "b", status: 501, body: { code: "not_recorded" } },
        { id: "c", status: 501, body: { error: "GET /nowhere is no call of the contract." } },
      ],
    });
    expect(backend.replay?.unknown).toMatchObject([{ call: "GET /agents" }]);
    backend.close();
  });
});
