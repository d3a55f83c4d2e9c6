import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { entriesOf, readManifest } from "../../scripts/lib/manifest.js";
import { root } from "../../scripts/lib/workspace.js";
import { PACKAGE_VERSION } from "../../src/contract/index.js";
import { entry } from "../../scripts/modules/entry.js";

const manifest = readManifest();
const entries = entriesOf(manifest);

describe("the exports map", () => {
  it("has the public modules and no other", () => {
    expect(entries.map((one) => one.specifier)).toEqual([
      "oligarchy-agentvm",
      "oligarchy-agentvm/slim",
      "oligarchy-agentvm/mock",
      "oligarchy-agentvm/mock/node",
      "oligarchy-agentvm/mock/msw",
      "oligarchy-agentvm/mock/console",
      "oligarchy-agentvm/testing",
      "oligarchy-agentvm/worker",
      "oligarchy-agentvm/react",
      "oligarchy-agentvm/config",
      "oligarchy-agentvm/contract",
    ]);
  });

  it("names files that the build makes", () => {
    const built = Object.keys(entry).map((name) => ({
      import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
      require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
    }));
    expect(entries.map((one) => ({ import: one.import, require: one.require }))).toEqual(built);
  });

  it.each(Object.entries(entry))("builds %s from a file that exists", (_name, source) => {
    expect(existsSync(join(root, source))).toBe(true);
  });

  it("puts types before code, since the first match wins", () => {
    for (const one of entries) {
      expect(Object.keys(one.import)).toEqual(["types", "default"]);
      expect(Object.keys(one.require)).toEqual(["types", "default"]);
    }
  });

  it("gives a page without a bundler one classic script, and a Godot export's page others", () => {
    expect(manifest.exports["./dist/agentvm.global.js"]).toBe("./dist/agentvm.global.js");
    // Those of Godot are in the addon, and are packed once.
    for (const name of ["agentvm-godot", "agentvm-godot-backend", "agentvm-godot-scripts"])
      expect(manifest.exports[`./dist/${name}.js`]).toBe(`./addons/agentvm/web/${name}.js`);
    expect(manifest["unpkg"]).toBe("./dist/agentvm.global.js");
    expect(manifest["jsdelivr"]).toBe("./dist/agentvm.global.js");
  });
});

describe("the manifest", () => {
  it("has the version that the code tells", () => {
    expect(PACKAGE_VERSION).toBe(manifest.version);
  });

  it("runs nothing while it is installed", () => {
    const scripts = Object.keys(Object(manifest["scripts"]));
    expect(scripts).toContain("build");
    for (const name of ["preinstall", "install", "postinstall", "prepare"])
      expect(scripts).not.toContain(name);
  });

  it("tells bundlers that an import alone does nothing", () => {
    expect(manifest["sideEffects"]).toBe(false);
  });

  it("packs the Godot addon", () => {
    expect(manifest["files"]).toContain("addons");
  });

  it("has a changelog that knows the version or what comes next", () => {
    expect(readFileSync(join(root, "CHANGELOG.md"), "utf8")).toMatch(/^## \[(Unreleased|\d+\.\d+\.\d+)\]/m);
  });
});
