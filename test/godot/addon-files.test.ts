import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  PACKAGE_VERSION,
  PROTOCOL_VERSION,
  TEAM_SIZE_MAX,
  TEAM_SIZE_MIN,
  closeCodes,
  routes,
} from "../../src/contract/index.js";
import { root } from "../../scripts/lib/workspace.js";
import { workerRoutes } from "../../src/contract/routes/workers.js";

const addon = join(root, "addons/agentvm");
const read = (name: string): string => readFileSync(join(addon, name), "utf8");

function scripts(folder = ""): string[] {
  return readdirSync(join(addon, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = join(folder, entry.name);
    if (entry.isDirectory()) return scripts(name);
    return entry.name.endsWith(".gd") ? [name] : [];
  });
}

/** Calls for whoever runs the server, not for a game. */
const ADMINISTRATION = ["agentTypeCreate", "analyticsEvents", "analyticsSummary"];

describe("the addon's files", () => {
  it("carry the package's version", () => {
    expect(/^version="(.+)"$/m.exec(read("plugin.cfg"))?.[1]).toBe(PACKAGE_VERSION);
    expect(/^const VERSION: String = "(.+)"$/m.exec(read("agentvm_manager.gd"))?.[1]).toBe(PACKAGE_VERSION);
  });

  it("have the licence of the package, a README and an icon", () => {
    expect(read("LICENSE")).toBe(readFileSync(join(root, "LICENSE"), "utf8"));
    expect(read("README.md")).toContain("connect_to_api");
    expect(read("icon.svg")).toContain("<svg");
  });

  it("have a uid for each script, so that a project's references outlive a move", () => {
    const without = scripts().filter((name) => !existsSync(join(addon, `${name}.uid`)));
    expect(without).toEqual([]);
  });

  it("name the calls of the contract with its methods and paths", () => {
    const rows = [...read("core/routes.gd").matchAll(/^\t"(\w+)": \["(\w+)", "(.+)"\],$/gm)];
    const ours = Object.fromEntries(rows.map(([, name = "", method, path]) => [name, { method, path }]));
    expect(Object.keys(ours).length).toBeGreaterThan(15);
    const theirs = Object.fromEntries(
      Object.entries(routes)
        .filter(([name]) => name in ours)
        .map(([name, { method, path }]) => [name, { method, path }]),
    );
    expect(ours).toEqual(theirs);
  });

  it("make every call of the contract but those for people at a browser, workers, types, analytics and batches", () => {
    const source = read("core/routes.gd");
    const unused = Object.keys(routes).filter((name) => !source.includes(`"${name}":`));
    const others = [...ADMINISTRATION, ...Object.keys(workerRoutes), "batch"];
    expect(new Set(unused)).toEqual(new Set(["openapi", "asyncapi", "docs", "metrics", ...others]));
  });

  it("know the contract's numbers and close codes", () => {
    const manager = read("agentvm_manager.gd");
    expect(manager).toContain(`const TEAM_SIZE_MIN: int = ${TEAM_SIZE_MIN}\n`);
    expect(manager).toContain(`const TEAM_SIZE_MAX: int = ${TEAM_SIZE_MAX}\n`);
    const stream = read("native/event_stream.gd");
    expect(stream).toContain(`const PROTOCOL: int = ${PROTOCOL_VERSION}\n`);
    for (const [code, { client }] of Object.entries(closeCodes)) {
      if (client !== "reconnect") expect(stream).toContain(code);
    }
  });

  it("document every public name for the editor's help", () => {
    // What overrides a transport's function is told where that is declared.
    const overriding = /^(native|web)\/\w+_transport\.gd: /;
    const bare = scripts()
      .filter((name) => !name.startsWith("editor"))
      .flatMap((name) => {
        const lines = read(name).split("\n");
        return lines.flatMap((line, index) => {
          const found = /^(?:static )?(?:func|signal|var) ([a-z]\w*)/.exec(line)?.[1];
          if (found === undefined) return [];
          let above = index - 1;
          while (lines[above]?.startsWith("@") === true) above -= 1;
          return lines[above]?.startsWith("##") === true ? [] : [`${name}: ${found}`];
        });
      });
    expect(bare.filter((name) => !overriding.test(name))).toEqual([]);
  });
});
