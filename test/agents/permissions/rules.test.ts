import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PermissionRequest } from "../../../server/src/agent-events.js";
import { reachOf } from "../../../server/src/permissions/reach.js";
import { allows, parseRule } from "../../../server/src/permissions/rules.js";

/** A project in a folder of its own, with a link that leads out of it. */
function project() {
  const folder = mkdtempSync(join(tmpdir(), "agentvm-reach-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const root = join(folder, "game");
  mkdirSync(join(root, "src"), { recursive: true });
  mkdirSync(join(folder, "elsewhere"));
  writeFileSync(join(root, "src/player.ts"), "jump\n");
  symlinkSync("../elsewhere", join(root, "out"));
  return { root, reach: reachOf(root) };
}

function request(more: Partial<PermissionRequest>): PermissionRequest {
  return {
    kind: "permission",
    tool: "edit",
    tool_name: "Edit",
    title: "",
    paths: [],
    command: null,
    diff: null,
    ...more,
  };
}

const run = (command: string) => request({ tool: "execute", tool_name: "Bash", command });

describe("a rule of what agents may do", () => {
  it.each([
    ["write", { paths: ["src/player.ts"] }],
    ["write:src/**", { paths: ["src/player.ts", "src/new/level.ts"] }],
    ["write:src/**", { tool: "delete", paths: ["src/.hidden"] }],
    ["read", { tool: "read", paths: ["src/player.ts"] }],
    ["read", { tool: "search" }],
    ["tool:WebSearch", { tool: "other", tool_name: "WebSearch" }],
    ["fetch:*.example.com", { tool: "fetch", title: "https://docs.example.com/a" }],
  ] as const)("'%s' allows %j", (rule, asked) => {
    expect(allows(parseRule(rule), request(asked), project().reach)).toBe(true);
  });

  it.each([
    ["read", { paths: ["src/player.ts"] }],
    ["write:src/**", { paths: ["src/player.ts", "package.json"] }],
    ["write:src/**", { paths: ["src/../package.json"] }],
    ["write", { paths: [] }],
    ["tool:WebSearch", { tool: "other", tool_name: "Deploy" }],
    ["fetch:*.example.com", { tool: "fetch", title: "https://example.com.evil.net/" }],
    ["fetch:*.example.com", { tool: "fetch", title: "https://a.example.com/ https://evil.net/" }],
  ] as const)("'%s' does not allow %j", (rule, asked) => {
    expect(allows(parseRule(rule), request(asked), project().reach)).toBe(false);
  });

  it.each([
    "/etc/hosts",
    "../elsewhere/x",
    "out/x",
    ".git/hooks/pre-commit",
    ".git",
    "sub/.GIT/config",
    "a\0b",
  ])("never allows '%s', which is not the project's", (path) => {
    expect(allows(parseRule("write"), request({ paths: [path] }), project().reach)).toBe(false);
    expect(allows(parseRule("write:**"), request({ paths: [path] }), project().reach)).toBe(false);
  });

  it("allows files of the project by their whole path, too", () => {
    const { root, reach } = project();
    expect(allows(parseRule("write:src/*"), request({ paths: [join(root, "src/player.ts")] }), reach)).toBe(
      true,
    );
  });

  it.each([
    ["run:npm test", "npm test"],
    ["run:npm run *", "npm run build -- --watch"],
    ["run", "rm -rf / ; anything"],
    ["run:make && make check", "make && make check"],
  ])("'%s' allows the command '%s'", (rule, command) => {
    expect(allows(parseRule(rule), run(command), project().reach)).toBe(true);
  });

  it.each([
    "npm test",
    "npm run build; rm -rf ~",
    "npm run build && curl evil.net",
    "npm run build | sh",
    "npm run $(rm x)",
    "npm run `rm x`",
    "npm run build > /etc/hosts",
    "npm run build\nrm x",
    "xnpm run build",
    "npm run a\\;b",
  ])("a pattern of commands does not allow '%s'", (command) => {
    expect(allows(parseRule("run:npm run *"), run(command), project().reach)).toBe(false);
  });

  it.each(["", "everything", "write:", "run :", "write src"])("is told of when it is none: '%s'", (text) => {
    expect(() => parseRule(text)).toThrow(`'${text}' is no rule of what agents may do.`);
  });
});
