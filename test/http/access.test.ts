import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SESSION_TOKENS_MAX, createAccess } from "../../mock-server/calls/access.js";
import { EndedTokens } from "../../mock-server/calls/ended-tokens.js";
import { fingerprintOf } from "../../mock-server/calls/fingerprint.js";
import { sha256 } from "../../mock-server/calls/sha256.js";
import { secureToken } from "../../mock-server/calls/tokens.js";
import { createMockBackend } from "../../mock-server/index.js";

const session = (id: number) => ({
  session_id: `session_${id}`,
  game_id: "g",
  expires_at: "2026-01-01T00:00:00.000Z",
});

function access() {
  const { engine, close } = createMockBackend({ clock: "manual", seed: 1 });
  close();
  let tokens = 0;
  return {
    engine,
    access: createAccess({ engine, apiKeys: ["first", "second"], tokens: () => `token-${(tokens += 1)}` }),
  };
}

describe("identifying a caller", () => {
  it("tells keys apart without telling them", () => {
    const { identify } = access().access;
    expect(identify({ apiKey: "first" })).toEqual({ kind: "key", id: "key:1", role: "admin" });
    expect(identify({ apiKey: "second" })).toEqual({ kind: "key", id: "key:2", role: "admin" });
  });

  it.each(["firs", "firstt", "First", "firstfirst", "x".repeat(5_000)])("refuses the key %s", (apiKey) => {
    expect(() => access().access.identify({ apiKey })).toThrow(
      expect.objectContaining({ code: "forbidden" }),
    );
  });

  it("knows a key with a role by its secret, or by the hash of that, and names it by its name", () => {
    const { engine, close } = createMockBackend({ clock: "manual", seed: 1 });
    close();
    const apiKeys = [
      "desk-1:worker:a:secret",
      { name: "watch", role: "observer", sha256: sha256("another") },
    ] as const;
    const { identify } = createAccess({ engine, apiKeys, tokens: secureToken });
    expect(identify({ apiKey: "a:secret" })).toEqual({ kind: "key", id: "key:desk-1", role: "worker" });
    expect(identify({ apiKey: "another" })).toEqual({ kind: "key", id: "key:watch", role: "observer" });
    expect(() => identify({ apiKey: "desk-1:worker:a:secret" })).toThrow(
      expect.objectContaining({ code: "forbidden" }),
    );
  });

  it.each([
    [["desk:wroker:s3cret"], /apiKeys\[0\].*role is none of admin, game, worker, observer/],
    [["ok", "1:worker:s3cret"], /apiKeys\[1\].*its name is not/],
    [["a:game:"], /apiKeys\[0\] must be 1 to 4096 visible ASCII/],
    [["a:game:s3cret", "b:worker:s3cret"], /names a key twice/],
    [["a:game:s3cret", "a:worker:other"], /names a name of a key twice/],
    [[{ name: "a", role: "game", sha256: "s3cret" }], /sha256 must be 64 digits/],
    [[{ name: "a", role: "game", secret: "s3cret", sha256: sha256("x") }], /not both/],
  ] as const)("refuses the keys %j in words that tell no secret", (apiKeys, words) => {
    const refusal = (): unknown => {
      try {
        createMockBackend({ apiKeys }).close();
        return;
      } catch (error) {
        return error;
      }
    };
    const error = refusal();
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(words);
    expect(String(error)).not.toContain("s3cret");
  });

  it("takes blank credentials for none", () => {
    expect(access().access.identify({ apiKey: "", sessionToken: "" })).toMatchObject({ kind: "anonymous" });
  });

  it("stops at the token of a session that was ended, and says so to who listens", () => {
    const { engine, access: gate } = access();
    const opened = gate.open((hash) => engine.games.connect({ game_id: "g" }, hash));
    const token = gate.tokenOf(opened.session_id);
    const revoked: string[] = [];
    gate.onRevoked((id) => revoked.push(id));
    expect(gate.identify({ sessionToken: token })).toMatchObject({ kind: "session", game_id: "g" });
    engine.games.disconnect(opened.session_id);
    gate.revoke(opened.session_id);
    expect(() => gate.identify({ sessionToken: token })).toThrow(
      expect.objectContaining({ code: "session_expired" }),
    );
    expect(revoked).toEqual([opened.session_id]);
  });

  it("makes room by forgetting the tokens of sessions that are over", () => {
    const { access: gate } = access();
    for (let id = 0; id < SESSION_TOKENS_MAX; id += 1) gate.open(() => session(id));
    expect(() => gate.open(() => session(-1))).not.toThrow();
    expect(() => gate.identify({ sessionToken: "token-1" })).toThrow(
      expect.objectContaining({ code: "session_expired" }),
    );
  });
});

describe("ended tokens", () => {
  it("are known from those that never were, by themselves alone", () => {
    const { engine, access: gate } = access();
    const opened = gate.open((hash) => engine.games.connect({ game_id: "g" }, hash));
    const token = gate.tokenOf(opened.session_id);
    expect(gate.wereValid({ sessionToken: token })).toBe(false);
    gate.close();
    expect(gate.wereValid({ sessionToken: token })).toBe(true);
    expect(gate.wereValid({ sessionToken: "token-2" })).toBe(false);
    expect(gate.wereValid({ apiKey: "guess", sessionToken: token })).toBe(false);
    expect(gate.wereValid({})).toBe(false);
  });

  it("are so many at the most, the one that ended first forgotten first", () => {
    const ended = new EndedTokens(3);
    for (let count = 0; count < 5; count += 1) ended.add(`token-${count}`);
    expect([0, 1, 2, 3, 4].map((count) => ended.has(`token-${count}`))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});

describe("the hash of a token", () => {
  it("is SHA-256, as the platform knows it", () => {
    for (const length of [0, 1, 3, 43, 55, 56, 63, 64, 65, 119, 120, 4_096]) {
      const text = "aZ9-é🙂\ud800".repeat(1_000).slice(0, length);
      expect(sha256(text), `of ${length}`).toBe(createHash("sha256").update(text).digest("hex"));
    }
  });
});

describe("a token", () => {
  it("is 256 bits in characters that need no escaping, another each time", () => {
    const made = Array.from({ length: 200 }, secureToken);
    expect(new Set(made).size).toBe(200);
    for (const token of made) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(made.join("")).size).toBe(64);
  });
});

describe("a fingerprint", () => {
  it("is the same for the same value, whatever the order of its fields", () => {
    const body = { prompt: "p".repeat(500), metadata: { a: 1, b: { c: 2, d: 3 } } };
    const again = { metadata: { b: { d: 3, c: 2 }, a: 1 }, prompt: "p".repeat(500) };
    expect(fingerprintOf(again)).toBe(fingerprintOf(body));
    expect(fingerprintOf(body).length).toBeLessThan(60);
  });

  it.each([
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: "1" }],
    [{ a: "x".repeat(200) }, { a: `${"x".repeat(199)}y` }],
    [{ a: {} }, { a: [] }],
  ])("differs for another value", (one, other) => {
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });
});
