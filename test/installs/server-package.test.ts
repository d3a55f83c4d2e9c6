import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { install, installScriptsOf, pack, packagesBelow } from "../../scripts/lib/installed.js";
import { root } from "../../scripts/lib/workspace.js";
import { realCli } from "../agents/support/clis.js";

const folder = mkdtempSync(join(tmpdir(), "agentvm-consumer-"));
const env = {
  PATH: [dirname(realCli("claude")), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
  HOME: join(folder, "home"),
  NO_COLOR: "1",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_TELEMETRY: "1",
};

/** Runs the installed command as a user would. */
async function agentvm(...args: readonly string[]): Promise<string> {
  const bin = join(folder, "node_modules/.bin/agentvm");
  const { stdout } = await promisify(execFile)(bin, args, { cwd: folder, env, timeout: 60_000 });
  return stdout;
}

describe("the two packages, packed and installed beside each other,", { timeout: 60_000 }, () => {
  beforeAll(() => {
    mkdirSync(env.HOME);
    install(folder, pack(folder), pack(folder, join(root, "server")));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("find each other: the doctor looks for agents", async () => {
    const told: unknown = JSON.parse(await agentvm("doctor", "--json").catch(stdoutOf));
    expect(JSON.stringify(told)).toContain("2.1.332");
  });

  it("have a real agent mend a repository", async () => {
    const out = await agentvm("demo", "--real", "--scripted", "--agent", "claude", "--yes");
    expect(out).toContain("A real agent has mended it");
  });

  it("run nothing while they are installed", () => {
    const running = packagesBelow(join(folder, "node_modules")).filter(
      (one) => installScriptsOf(one).length > 0,
    );
    expect(running).toEqual([]);
  });

  it("name a licence, and ship its text", () => {
    const text = readFileSync(join(folder, "node_modules/oligarchy-agentvm-server/LICENSE"), "utf8");
    expect(text).toBe(readFileSync(join(root, "LICENSE"), "utf8"));
  });
});

/** A doctor that finds something missing says so by its exit code, and tells all the same. */
function stdoutOf(error: unknown): string {
  if (error instanceof Error && "stdout" in error && typeof error.stdout === "string") return error.stdout;
  throw error;
}
