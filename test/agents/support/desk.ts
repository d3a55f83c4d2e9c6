import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { folder } from "../../cli/harness.js";
import type { Running } from "../../cli/harness.js";
import { realCli } from "./clis.js";

const SCENARIOS = `
scenarios:
  - prompt: jump
    steps:
      - say: I look at the jump.
      - edit: { path: player.ts, old: "jump = 1", new: "jump = 2" }
        otherwise:
          - say: Then I leave it as it is.
      # As long as a model thinks: a task that is over within a blink shows less on its way.
      - pause: 0.7
      - say: The jump is higher now.
`;

/** A person's repository, home and scenarios, and what the command is run with. */
export function desk(root = folder()) {
  const repository = join(root, "my game");
  const home = join(root, "home");
  mkdirSync(repository);
  mkdirSync(home);
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=Player", "-c", "user.email=player@example.com", ...args], {
      cwd: repository,
      env: { PATH: process.env["PATH"], HOME: home, GIT_CONFIG_NOSYSTEM: "1" },
      encoding: "utf8",
    });
  writeFileSync(join(repository, "player.ts"), "export const jump = 1;\n");
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-qm", "Begin");
  writeFileSync(join(root, "fix.yaml"), SCENARIOS);
  const env = {
    PATH: [dirname(realCli("claude")), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
    HOME: home,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_TELEMETRY: "1",
  };
  return { root, repository, git, env, file: () => readFileSync(join(repository, "player.ts"), "utf8") };
}

/** Where a server that has been started listens. */
export async function addressOf(running: Running): Promise<string> {
  const told = await running.waitFor(/"url":"[^"]+"/);
  return /"url":"([^"]+)"/.exec(told)?.[1] ?? "";
}
