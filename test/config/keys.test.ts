import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { errorIn, errorOf, load, project } from "./fixture.js";

const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

const loadIn = (text: string, env: Record<string, string> = {}) =>
  load(project({ "configs/development.yaml": text }), { env });

describe("the keys that a profile lists", () => {
  it("are read as objects and as texts, with the variables of the environment put in", () => {
    const config = loadIn(
      `agentvm:
  api_keys:
    - { name: watch, role: observer, secret: "\${WATCH}" }
    - play:game:\${PLAY}
    - name: desk
      role: worker
      sha256: "${hashOf("works")}"
`,
      { WATCH: "looks:on", PLAY: "plays:on" },
    );
    expect(config.apiKeys).toEqual([
      { name: "watch", role: "observer", sha256: hashOf("looks:on") },
      { name: "play", role: "game", sha256: hashOf("plays:on") },
      { name: "desk", role: "worker", sha256: hashOf("works") },
    ]);
  });

  it("are held by the SHA-256 of their secrets alone", () => {
    const config = loadIn("agentvm: { api_keys: [{ name: a, role: game, secret: s3cret-of-a }] }");
    expect(JSON.stringify(config)).not.toContain("s3cret-of-a");
    expect(inspect(config, { depth: null })).not.toContain("s3cret-of-a");
  });

  it("are none where the profile has none, and the key is then the well-known one", () => {
    expect(loadIn("agentvm: { api_keys: }")).toMatchObject({ apiKeys: [], hasOwnKey: false });
    expect(loadIn("agentvm: { api_key: own }")).toMatchObject({ apiKeys: [], hasOwnKey: true });
  });

  it("are enough for a server in production, and not for a client", () => {
    const cwd = project({
      "configs/production.yaml": "agentvm: { api_keys: [ops:admin:s3cret] }",
    });
    expect(load(cwd, { environment: "production", role: "server" }).apiKeys).toHaveLength(1);
    expect(errorOf(cwd, { environment: "production" }).message).toContain("agentvm.api_key: is missing");
  });

  it.each([
    [
      "[{ name: a, role: gamer, secret: s3cret }]",
      "agentvm.api_keys.0.role: expected one of admin, game, worker",
    ],
    ["[{ name: '1', role: game, secret: s3cret }]", "agentvm.api_keys.0.name: expected a name: 1 to 32"],
    ["[{ name: a, role: game, secret: 's3 cret' }]", "agentvm.api_keys.0.secret: expected a secret"],
    ["[{ name: a, role: game, secret: 77712345 }]", "agentvm.api_keys.0.secret: expected a secret"],
    [
      "[{ name: a, role: game, sha256: s3cret }]",
      "agentvm.api_keys.0.sha256: expected the SHA-256 of a secret",
    ],
    ["[{ name: a, role: game }]", "agentvm.api_keys.0: expected either a secret or its sha256 in it"],
    [`[{ name: a, role: game, secret: s3cret, sha256: "${hashOf("x")}" }]`, "either a secret or its sha256"],
    ["[{ role: game, secret: s3cret }]", "agentvm.api_keys.0: expected a name in it"],
    ["[{ name: a, secret: s3cret }]", "agentvm.api_keys.0: expected a role in it"],
    ["[{ name: a, role: game, secret: s3cret, admin: true }]", "agentvm.api_keys.0.admin: is not known"],
    ["[{}]", "agentvm.api_keys.0: expected a name, a role and a secret in it"],
    ["[s3cret]", "agentvm.api_keys.0: expected name:role:secret"],
    ["[a:wroker:s3cret]", "agentvm.api_keys.0: expected one of admin"],
    ["['a:game:']", "agentvm.api_keys.0: expected a secret"],
    ["[[s3cret]]", "agentvm.api_keys.0: expected name:role:secret, found a list"],
    ["[a:game:s3cret, a:observer:s3cret2]", "agentvm.api_keys: has a name twice"],
    ["[a:game:s3cret, b:observer:s3cret]", "agentvm.api_keys: has a secret twice"],
    ["a:game:s3cret", "agentvm.api_keys: expected a list of at most 99 keys, found one value"],
    [`[${Array.from({ length: 100 }, (_, n) => `k${n}:game:s3cret${n}`).join(", ")}]`, "found 100 of them"],
    ["[{ name: a, role: game, secret: '${NOWHERE}' }]", "environment variable NOWHERE: is not set"],
    ["[{ name: a, role: game, secret: 'x${' }]", "${ without a name and a }"],
  ])("are refused with the place for %s, and no secret is told", (text, said) => {
    const { message } = errorIn(`agentvm:\n  api_keys: ${text}\n`);
    expect(message).toContain(said);
    expect(message).toContain("configs/development.yaml");
    expect(message).not.toMatch(/s3|77712345/);
  });
});
