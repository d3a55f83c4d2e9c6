import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import type { HttpCall } from "../../mock-server/http/types.js";
import { bytesOf, fakeCall, json } from "./fake-call.js";

let backend: MockBackend;
beforeEach(() => {
  backend = createMockBackend({ seed: 7, clock: "manual" });
});
afterEach(() => backend.close());

async function connect(): Promise<{ game_id: string; session_token: string }> {
  const answer = await backend.fetch("/game/connect", {
    method: "POST",
    headers: { "X-API-Key": "development-key", "Content-Type": "application/json" },
    body: "{}",
  });
  return answer.json();
}

/** A call of a session that waits for its turn, and what was asked of its host. */
function waitingCall(token: string) {
  const asked: string[] = [];
  let go: () => void = () => undefined;
  const turn = new Promise<void>((resolve) => {
    go = resolve;
  });
  const headers = { ...json, authorization: `Bearer ${token}` };
  const call: HttpCall = {
    ...fakeCall({ target: "/agents/create", headers }),
    turn: (owner) => {
      asked.push(`turn of ${String(owner)}`);
      return turn;
    },
    took: () => asked.push("took"),
    body: () => {
      asked.push("body");
      return { kind: "bytes", bytes: bytesOf('{"agent_type":"aider"}') };
    },
  };
  return { asked, go, answer: backend.handler(call) };
}

describe("a call whose turn has not come", () => {
  it("is counted for its game, and is not read until then", async () => {
    const { game_id, session_token } = await connect();
    const { asked, go, answer } = waitingCall(session_token);
    expect(asked).toEqual([`turn of game:${game_id}`]);
    go();
    expect((await answer).status).toBe(200);
    expect(asked).toEqual([`turn of game:${game_id}`, "body", "took"]);
  });

  it("is refused when its session has ended meanwhile", async () => {
    const { session_token } = await connect();
    const { asked, go, answer } = waitingCall(session_token);
    await backend.fetch("/game/disconnect", {
      method: "POST",
      headers: { Authorization: `Bearer ${session_token}` },
    });
    go();
    expect((await answer).status).toBe(401);
    expect(asked).toHaveLength(1);
  });
});
