import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT } from "../../mock-server/cli/exit-codes.js";
import { loadConfig } from "../../src/config/index.js";
import { settings } from "../../src/config/settings.js";
import { errorCodes } from "../../src/contract/index.js";
import { errorFromAnswer } from "../../src/errors/from-answer.js";
import { guides, root } from "./samples.js";

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The cells of every table row that begins with a code, by that code. */
function rowsOf(text: string): Map<string, string[]> {
  const rows = [...text.matchAll(/^\| `([^`]+)` *\|(.*)\|$/gm)];
  return new Map(rows.map(([, code = "", rest = ""]) => [code, rest.split("|").map((cell) => cell.trim())]));
}

describe("the error guide", () => {
  const rows = rowsOf(read("docs/errors.md"));

  it.each(Object.entries(errorCodes))("tells status, class and remedy of %s", (code, info) => {
    const { name } = errorFromAnswer({
      where: "",
      status: info.status,
      text: "",
      header: () => null,
      now: 0,
      doubt: false,
    });
    expect(rows.get(code)).toEqual([
      String(info.status),
      `\`${name}\``,
      info.retryable ? "yes" : "no",
      info.remediation,
    ]);
  });

  it("knows every code that the client makes itself", () => {
    const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
    const source = files
      // The codes of the Godot addon are told where the addon is.
      .filter((name) => name.endsWith(".ts") && !/^(contract|godot)/.test(name))
      .map((name) => read(`src/${name}`))
      .join("\n");
    const made = [
      ...source.matchAll(/\bcode: "([a-z_]+)"/g),
      ...source.matchAll(/misfit\(answered, "([a-z_]+)"/g),
      ...source.matchAll(/\[\w+Error, "([a-z_]+)"/g),
    ].map((match) => match[1]);
    expect(made.length).toBeGreaterThan(15);
    expect([...new Set(made)].filter((code) => code !== undefined && !rows.has(code))).toEqual([]);
  });
});

describe("the environments guide", () => {
  const guide = read("docs/environments.md");

  it.each(Object.values(settings))("has $key with what overrides it", ({ key, variable }) => {
    const row = rowsOf(guide).get(key);
    expect(row?.[0]).toBe(variable === null ? "" : `\`${variable}\``);
  });

  it.each(["AGENT_ENV", "LOG_LEVEL", "DEBUG"])("has %s", (name) => {
    expect(guide).toMatch(new RegExp(`^\\| +\\| \`${name}\``, "m"));
  });
});

describe("the example profiles", () => {
  it.each(["development", "staging", "production"] as const)("hold a right %s", (environment) => {
    const config = loadConfig({
      environment,
      directory: "examples/configs",
      cwd: root,
      env: { STAGING_AGENTVM_KEY: "s", PRODUCTION_AGENTVM_KEY: "p" },
    });
    expect(config).toMatchObject({ environment, file: `examples/configs/${environment}.yaml` });
  });
});

describe("the command guide", () => {
  it("has every exit code", () => {
    const codes = [...read("docs/command.md").matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });
});

describe("links", () => {
  it.each(guides)("of %s lead somewhere", (guide) => {
    const links = [...read(guide).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = ""]) => link);
    const local = links.filter((link) => !link.includes("://"));
    expect(local.filter((link) => !existsSync(join(root, dirname(guide), link)))).toEqual([]);
  });
});

describe("the README", () => {
  it("has the two lines and working code in its first screen", () => {
    const screen = read("README.md").split("\n").slice(0, 40).join("\n");
    expect(screen).toContain("npm ci && npm run demo");
    expect(screen).toContain("npm ci && npm test");
    expect(screen).toMatch(/```ts run\n(.+\n){2}\n(.+\n){8}```/);
  });
});
