import { describe, expect, it } from "vitest";
import { HELLO_TIMEOUT_MS, welcomeSchema } from "../../../src/contract/index.js";
import { createRig, KEY } from "./rig.js";
import { read } from "../../lib/read.js";

const hello = { type: "hello", protocol: 1 };

describe("a hello", () => {
  it("is answered with a welcome that fits the contract and says where the log is", () => {
    const rig = createRig();
    rig.call("agentCreate", { body: { agent_type: "aider" } });
    const { welcome } = rig.join();
    expect(read(welcomeSchema, welcome)).toEqual(welcome);
    expect(welcome).toMatchObject({
      protocol: 1,
      epoch: rig.backend.engine.log.epoch,
      seq: 1,
      recovered: false,
      heartbeat_ms: 15_000,
      server_time: "2026-01-01T00:00:00.000Z",
    });
  });

  it("is followed by live events alone when it resumes nothing", () => {
    const rig = createRig();
    rig.call("agentCreate", { body: { agent_type: "aider" } });
    const client = rig.join();
    rig.call("agentCreate", { body: { agent_type: "claude" } });
    expect(client.stream.map(({ type, data }) => [type, data.agent.type])).toEqual([
      ["agent.created", "claude"],
    ]);
  });

  it("counts its connection as a client from then on", () => {
    const rig = createRig();
    rig.open();
    expect([rig.hub.clients, rig.hub.connections]).toEqual([0, 1]);
    rig.join();
    expect([rig.hub.clients, rig.hub.connections]).toEqual([1, 2]);
  });

  const refused: [string, unknown, number, string][] = [
    ["with a wrong key", { ...hello, api_key: "wrong" }, 4403, "forbidden"],
    ["without credentials", hello, 4401, "unauthorized: a hello carries session_token or api_key"],
    [
      "with an empty key",
      { ...hello, api_key: "" },
      4401,
      "unauthorized: a hello carries session_token or api_key",
    ],
    [
      "with a key that is no text",
      { ...hello, api_key: 7 },
      4401,
      "unauthorized: a hello carries session_token or api_key",
    ],
    ["with a token of no session", { ...hello, session_token: "gone" }, 4410, "session expired"],
    [
      "with both kinds of credentials",
      { ...hello, api_key: KEY, session_token: "x" },
      4400,
      "bad frame: a hello carries session_token or api_key, not both",
    ],
    [
      "of another protocol",
      { ...hello, protocol: 2, api_key: KEY },
      4400,
      "bad frame: this server speaks protocol 1",
    ],
    [
      "without a protocol",
      { type: "hello", api_key: KEY },
      4400,
      "bad frame: hello.protocol must be a number",
    ],
    [
      "with an unknown field",
      { ...hello, api_key: KEY, colour: 1 },
      4400,
      "bad frame: hello.colour is not a known field",
    ],
    [
      "that resumes from a negative place",
      { ...hello, api_key: KEY, resume: { epoch: "e", seq: -1 } },
      4400,
      "bad frame: hello.resume.seq must be at least 0",
    ],
    [
      "that subscribes to no type",
      { ...hello, api_key: KEY, subscribe: { types: ["task"] } },
      4400,
      "bad frame: hello.subscribe.types.0 must be like task.started, task.* or *",
    ],
    ["that is another frame", { type: "pong", t: 1 }, 4400, "bad frame: the first frame is a hello"],
    ["that is not JSON", "hello?", 4400, "bad frame: not JSON"],
    ["that is a list", [], 4400, "bad frame: not a JSON object"],
    ["that is null", "null", 4400, "bad frame: not a JSON object"],
    ["that has no type", {}, 4400, "bad frame: no type"],
    ["that is binary", "binary", 4400, "bad frame: binary messages are not read here"],
  ];
  it.each(refused)("%s closes the connection", (_what, frame, code, reason) => {
    const rig = createRig();
    const client = rig.open().say(frame);
    expect(client.closing).toEqual({ code, reason });
    expect(client.sent).toEqual([]);
    expect(rig.hub.connections).toBe(0);
  });

  it("never has its key repeated in a reason", () => {
    const rig = createRig();
    const client = rig.open().say({ ...hello, api_key: "sk-secret", subscribe: { "sk-other": 1, types: 3 } });
    expect(client.closing?.code).toBe(4400);
    expect(client.closing?.reason).not.toContain("sk-secret");
  });

  it("has a reason of at most 123 bytes whatever was sent", () => {
    const rig = createRig();
    const client = rig.open().say({ ...hello, api_key: KEY, ["é".repeat(300)]: 1 });
    expect(client.closing?.code).toBe(4400);
    expect(Buffer.byteLength(client.closing?.reason ?? "")).toBeLessThanOrEqual(123);
  });

  it("is waited for five seconds and no longer", () => {
    const rig = createRig();
    const client = rig.open();
    rig.wall.advance(HELLO_TIMEOUT_MS - 1);
    expect(client.closing).toBeNull();
    rig.wall.advance(1);
    expect(client.closing).toEqual({ code: 4408, reason: "no hello: waited 5000 ms" });
  });

  it("is waited for on while the page has had no turn to say it", () => {
    const rig = createRig();
    const client = rig.open();
    client.waitsForPage = true;
    rig.wall.advance(10 * HELLO_TIMEOUT_MS);
    expect(client.closing).toBeNull();
    client.waitsForPage = false;
    rig.wall.advance(HELLO_TIMEOUT_MS);
    expect(client.closing?.code).toBe(4408);
  });

  it("ends the wait for it", () => {
    const rig = createRig();
    const client = rig.join();
    rig.wall.advance(HELLO_TIMEOUT_MS);
    expect(client.closing).toBeNull();
  });

  it("said twice closes the connection", () => {
    const rig = createRig();
    const client = rig.join().say({ ...hello, api_key: KEY });
    expect(client.closing).toEqual({ code: 4400, reason: "bad frame: a second hello" });
  });
});

describe("hellos in great number", () => {
  const codes = (clients: readonly { closing: { code: number } | null }[]) =>
    clients.map(({ closing }) => closing?.code ?? "welcome");

  it("with wrong credentials are counted by the address, and slowed", () => {
    const rig = createRig({ limits: { rate_limit_per_minute: 4 } });
    const guess = (remote?: string) => rig.open(remote).say({ ...hello, api_key: "guess" });
    const token = () => rig.open().say({ ...hello, session_token: "guess" });
    const told = [guess(), token(), guess(), token(), guess(), token()];
    expect(codes(told)).toEqual([4403, 4410, 4403, 4410, 1013, 1013]);
    expect(told[5]?.closing?.reason).toBe("server busy: too many requests; come again in 15 s");
    expect(codes([guess("192.0.2.2"), rig.join()])).toEqual([4403, "welcome"]);
    rig.backend.clock.advance(15_000);
    expect(codes([guess(), guess()])).toEqual([4403, 1013]);
  });

  it("of a session that is over are told so, however many strangers there are", () => {
    const rig = createRig({ limits: { rate_limit_per_minute: 4 } });
    const { session_token, session_id } = rig.game();
    rig.backend.engine.games.disconnect(session_id);
    for (let count = 0; count < 10; count += 1) rig.open().say({ ...hello, api_key: "guess" });
    const ended = [rig.join({ session_token }), rig.join({ session_token })];
    expect(codes(ended)).toEqual([4410, 4410]);
  });

  it("count as requests of their caller, and leave other callers alone", () => {
    const rig = createRig({ limits: { rate_limit_per_minute: 3 } });
    const { session_token } = rig.game();
    const joined = Array.from({ length: 5 }, () => rig.join({ session_token }));
    expect(codes(joined)).toEqual(["welcome", "welcome", "welcome", 1013, 1013]);
    expect(joined[3]?.closing?.reason).toBe("server busy: too many requests; come again in 20 s");
    expect(codes([rig.join(), rig.join({ session_token: rig.game().session_token })])).toEqual([
      "welcome",
      "welcome",
    ]);
  });
});
