import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../usage-error.js";

/** What the tests of the repository came to. */
export interface TestRun {
  readonly passed: number;
  readonly failed: number;
}

/** A small game with a bug, in a git repository of its own. */
export interface DemoRepository {
  /** The repository. */
  readonly folder: string;
  /** What a model says in the place of a real one, in a file. */
  readonly scenarios: string;
  /** Runs its tests. */
  test(): TestRun;
  /** Its commits, newest first: who, and what. */
  log(): readonly string[];
  /** Deletes all of it. */
  remove(): void;
}

/** What the player wants. */
export const PROMPT = "Fix the jump in player.js, until node --test passes";

/** The command that the agent may run without asking, since the demo runs it too. */
export const TEST_COMMAND = "node --test";

const FILES = {
  "package.json": `{ "name": "moon-game", "private": true, "type": "module" }\n`,
  "player.js": [
    "const GRAVITY = 10;",
    "",
    "/** How fast the player leaves the ground. */",
    "export const JUMP_SPEED = 4;",
    "",
    "/** How high a jump goes. */",
    "export function jumpHeight(speed = JUMP_SPEED) {",
    "  return (speed * speed) / (2 * GRAVITY);",
    "}",
    "",
  ].join("\n"),
  "player.test.js": [
    'import assert from "node:assert/strict";',
    'import { test } from "node:test";',
    'import { jumpHeight } from "./player.js";',
    "",
    'test("a player at rest stays on the ground", () => {',
    "  assert.equal(jumpHeight(0), 0);",
    "});",
    "",
    'test("a jump reaches the platform, which is 3 high", () => {',
    "  assert.ok(jumpHeight() >= 3, `a jump goes ${jumpHeight()} high`);",
    "});",
    "",
  ].join("\n"),
};

const SCENARIOS = `# What the agent thinks, written down, so that it needs no account: see docs/real-agents.md.
scenarios:
  - prompt: jump
    steps:
      - say: I look at how high a jump goes.
      - read: player.js
      - run: ${TEST_COMMAND}
      - say: A speed of 4 takes the player 0.8 high, and the platform is at 3. With 8 the jump goes 3.2 high.
      - edit: { path: player.js, old: "JUMP_SPEED = 4", new: "JUMP_SPEED = 8" }
        otherwise:
          - say: Then I leave it as it is.
      - run: ${TEST_COMMAND}
      - say: The jump reaches the platform now, and the tests pass.
`;

/** Makes the repository in a temporary folder. @throws UsageError where there is no git. */
export function makeRepository(env: Readonly<Record<string, string | undefined>>): DemoRepository {
  const root = mkdtempSync(join(tmpdir(), "agentvm-demo-"));
  const folder = join(root, "moon-game");
  const scenarios = join(root, "scenarios.yaml");
  const git = (...args: readonly string[]): string =>
    // The person's own git would ask for a name, a signature or a template where they have set it so.
    execFileSync("git", ["-c", "user.name=You", "-c", "user.email=you@example.com", ...args], {
      cwd: folder,
      env: { ...env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  try {
    mkdirSync(folder);
    writeFileSync(scenarios, SCENARIOS);
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    git("init", "--quiet", "--initial-branch=main");
    git("add", "--all");
    git("commit", "--quiet", "--message", "Begin the moon game");
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw isMissing
      ? new UsageError("There is no git here.", "Install git, then try again.")
      : new UsageError(`git could make no repository: ${reasonOf(error)}`, "Try git init by hand.");
  }
  return {
    folder,
    scenarios,
    test: () => runTests(folder, env),
    log: () => git("log", "--format=%h  %an: %s").trim().split("\n"),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function runTests(folder: string, env: Readonly<Record<string, string | undefined>>): TestRun {
  const { stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap"], {
    cwd: folder,
    // What tells a process of a test runner's that it is one, where the demo is run by one.
    env: { ...env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined },
    encoding: "utf8",
    timeout: 60_000,
  });
  const number = (word: string): number =>
    Number(new RegExp(`^# ${word} (\\d+)`, "m").exec(stdout)?.[1] ?? 0);
  return { passed: number("pass"), failed: number("fail") };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
