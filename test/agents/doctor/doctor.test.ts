import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { examine } from "../../../server/src/doctor/examine.js";
import { folder, start } from "../../cli/harness.js";
import { brokenBwrap } from "../sandbox/support.js";
import { realCli } from "../support/clis.js";

/** A home and a repository of a person's, and the variables of a machine with claude and opencode. */
function machine() {
  const root = folder();
  for (const name of ["home", "game", "bare"]) mkdirSync(join(root, name));
  const env = {
    PATH: [dirname(realCli("claude")), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
    HOME: join(root, "home"),
    GIT_CONFIG_NOSYSTEM: "1",
  };
  execFileSync("git", ["init", "-q", "-b", "main"], { cwd: join(root, "game"), env });
  return { root, env };
}

describe("agentvm doctor", () => {
  it("says that agents can work where there is a repository, and an agent with a key", async () => {
    const { root, env } = machine();
    const keyed = { ...env, ANTHROPIC_API_KEY: "sk-planted-in-a-test-0123456789" };
    const args = ["doctor", "--workspace", "game", "--json"];
    const { code, out, err } = await start(args, { env: keyed, cwd: root }).finished;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      type: "doctor",
      well: true,
      findings: [
        { about: "repository", state: "well" },
        { about: "claude", state: "well", remedy: null },
        { about: "opencode" },
        { about: "codex" },
        { about: "aider" },
        { about: "sandbox", state: "well", found: expect.stringContaining("bubblewrap") },
        { about: "disk" },
      ],
    });
    expect(out).toContain("2.1.332");
    expect(out + err).not.toContain("sk-planted");
  });

  it("says what to do where nobody is logged in", async () => {
    const { root, env } = machine();
    const { findings } = await examine({ folder: "game", agents: {}, env, cwd: root });
    expect(findings.find(({ about }) => about === "claude")).toMatchObject({
      state: "warning",
      remedy: "Run claude once by hand and log in, or set one of the variables of its keys.",
    });
  });

  it("says which agents are not here, and how they come", async () => {
    const { root, env } = machine();
    const args = ["doctor", "--workspace", "game"];
    const { code, out } = await start(args, { env: { ...env, PATH: "/usr/bin:/bin" }, cwd: root }).finished;
    expect(code).toBe(1);
    expect(out).toContain("npm install -g @anthropic-ai/claude-code");
    expect(out).toContain("Real agents cannot work here yet.");
  });

  it("says that there is no repository, and ends with 1", async () => {
    const { root, env } = machine();
    const { code, out } = await start(["doctor", "--workspace", "bare", "--json"], { env, cwd: root })
      .finished;
    expect(code).toBe(1);
    const { well, findings } = JSON.parse(out);
    expect(well).toBe(false);
    expect(findings[0]).toMatchObject({ about: "repository", state: "missing" });
  });

  it.each([
    ["warns that there is no sandbox", null, "warning"],
    ["says that a sandbox which is wanted is missing", { network: true, read: [], write: [] }, "missing"],
  ] as const)("%s where this user may make none", async (_, sandbox, state) => {
    const { root, env } = machine();
    const PATH = `${await brokenBwrap(root)}:${env.PATH}`;
    const keyed = { ...env, PATH, ANTHROPIC_API_KEY: "sk-planted-in-a-test-0123456789" };
    const { well, findings } = await examine({ folder: "game", agents: {}, env: keyed, cwd: root, sandbox });
    expect(findings.find(({ about }) => about === "sandbox")).toMatchObject({
      state,
      found: expect.stringContaining("No permissions to create new namespace"),
      remedy: expect.stringContaining("Allow this user to make namespaces"),
    });
    expect(well).toBe(sandbox === null);
  });

  it("warns where worktrees could fill the disk", async () => {
    const { root, env } = machine();
    const { findings } = await examine({
      folder: "game",
      agents: {},
      env,
      cwd: root,
      freeBytes: async () => 100 * 2 ** 20,
    });
    expect(findings.at(-1)).toMatchObject({
      about: "disk",
      state: "warning",
      found: expect.stringContaining("0.1 GiB"),
    });
  });

  it("says at which place the settings are wrong", async () => {
    const { root, env } = machine();
    writeFileSync(join(root, "agents.yaml"), "agents:\n  fixer:\n    adapter: goose\n");
    const args = ["doctor", "--workspace", "game", "--settings", "agents.yaml"];
    const { out } = await start(args, { env, cwd: root }).finished;
    expect(out).toContain("The agent 'fixer' is run as 'goose', which is not known.");
  });
});
