import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PACKAGE_VERSION } from "../../src/contract/index.js";
import { filesBelow } from "../../mock-server/cli/godot/addon-files.js";
import { folder, jsonLines, run } from "./harness.js";

const addon = fileURLToPath(new URL("../../addons/agentvm", import.meta.url));

const SETTINGS = 'config_version=5\n\n[application]\n\nconfig/name="Mine"\n';

/** A Godot project of somebody's, with an addon of another's in it. */
function project(): string {
  const path = folder();
  writeFileSync(join(path, "project.godot"), SETTINGS);
  mkdirSync(join(path, "addons/other"), { recursive: true });
  writeFileSync(join(path, "addons/other/plugin.cfg"), "theirs");
  return path;
}

const installedIn = (path: string): string => join(path, "addons/agentvm");

/** The files below a folder with what is in them. */
function contents(path: string): Map<string, string> {
  return new Map(filesBelow(path).map((name) => [name, readFileSync(join(path, name), "base64")]));
}

describe("agentvm godot install", () => {
  it("puts the whole addon into a project, with the page's script", async () => {
    const path = project();
    const { code, out, err } = await run(["godot", "install", path]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`AgentVM ${PACKAGE_VERSION} in ${installedIn(path)}`);
    expect(out).toContain("Project Settings > Plugins");
    expect(contents(installedIn(path))).toEqual(contents(addon));
    expect(existsSync(join(installedIn(path), "web/agentvm-godot.js"))).toBe(true);
  });

  it("takes the folder that it is called in where none is named", async () => {
    const path = project();
    expect((await run(["godot", "install"], { cwd: path })).code).toBe(0);
    expect(existsSync(join(installedIn(path), "plugin.cfg"))).toBe(true);
  });

  it("touches nothing else of the project", async () => {
    const path = project();
    await run(["godot", "install", path]);
    expect(readFileSync(join(path, "project.godot"), "utf8")).toBe(SETTINGS);
    expect(readFileSync(join(path, "addons/other/plugin.cfg"), "utf8")).toBe("theirs");
    expect(readdirSync(path).sort()).toEqual(["addons", "project.godot"]);
    expect(readdirSync(join(path, "addons")).sort()).toEqual(["agentvm", "other"]);
  });

  it("tells scripts what it did", async () => {
    const path = project();
    const { code, out } = await run(["godot", "install", path, "--json"]);
    expect(code).toBe(0);
    expect(jsonLines(out)).toEqual([
      {
        type: "installed",
        success: true,
        project: path,
        folder: installedIn(path),
        version: PACKAGE_VERSION,
        replaced: null,
        files: filesBelow(addon).length,
      },
    ]);
  });

  it("replaces an older copy and leaves nothing of it behind", async () => {
    const path = project();
    mkdirSync(join(installedIn(path), "old"), { recursive: true });
    writeFileSync(join(installedIn(path), "plugin.cfg"), '[plugin]\nversion="0.0.1"\n');
    writeFileSync(join(installedIn(path), "old/left.gd"), "extends Node");
    writeFileSync(join(installedIn(path), "old/left.gd.uid"), "uid://old");
    const { out } = await run(["godot", "install", path]);
    expect(out).toContain("in the place of 0.0.1");
    expect(contents(installedIn(path))).toEqual(contents(addon));
  });

  it("keeps the settings of the first plugin and what the editor wrote beside the addon's files", async () => {
    const path = project();
    await run(["godot", "install", path]);
    writeFileSync(join(installedIn(path), "config.ini"), "[agentvm]\napi_key=mine\n");
    writeFileSync(join(installedIn(path), "LICENSE.import"), "made by the editor");
    await run(["godot", "install", path]);
    expect(readFileSync(join(installedIn(path), "config.ini"), "utf8")).toContain("mine");
    expect(readFileSync(join(installedIn(path), "LICENSE.import"), "utf8")).toBe("made by the editor");
    expect((await run(["godot", "install", path, "--check"])).code).toBe(0);
  });

  it("brings back the copy that a killed install had put aside", async () => {
    const path = project();
    mkdirSync(join(path, "addons/.agentvm-old"));
    writeFileSync(join(path, "addons/.agentvm-old/config.ini"), "mine");
    mkdirSync(join(path, "addons/.agentvm-new"));
    await run(["godot", "install", path]);
    expect(readFileSync(join(installedIn(path), "config.ini"), "utf8")).toBe("mine");
    expect(readdirSync(join(path, "addons")).sort()).toEqual(["agentvm", "other"]);
  });

  it.each([
    [
      "a folder without a project.godot",
      (path: string) => rmSync(join(path, "project.godot")),
      "no project.godot",
    ],
    ["a folder that is not there", (path: string) => rmSync(path, { recursive: true }), "no such folder"],
  ])("refuses %s, and writes nothing", async (_, spoil, said) => {
    const path = project();
    spoil(path);
    const { code, out, err } = await run(["godot", "install", path]);
    if (!existsSync(path)) mkdirSync(path);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(said);
    expect(err).toContain("What to do: ");
    expect(existsSync(installedIn(path))).toBe(false);
  });

  it("leaves a link as it is, and what it leads to", async () => {
    const path = project();
    const elsewhere = folder();
    writeFileSync(join(elsewhere, "plugin.cfg"), "elsewhere");
    symlinkSync(elsewhere, installedIn(path), "dir");
    const { code, err } = await run(["godot", "install", path]);
    expect(code).toBe(1);
    expect(err).toContain("is a link");
    expect(readdirSync(elsewhere)).toEqual(["plugin.cfg"]);
  });

  it("says why where the system lets it not, and leaves what is there", async () => {
    const path = project();
    rmSync(join(path, "addons"), { recursive: true });
    writeFileSync(join(path, "addons"), "a file");
    const { code, err } = await run(["godot", "install", path]);
    expect(code).toBe(1);
    expect(err).toContain("could not be put into");
    expect(err).toContain("What to do: Close the Godot editor");
    expect(readFileSync(join(path, "addons"), "utf8")).toBe("a file");
  });

  it("asks for the rest when it is called by half", async () => {
    const { code, err } = await run(["godot"]);
    expect(code).toBe(2);
    expect(err).toContain("not whole");
    expect((await run(["godot", "dance"])).err).toContain("Unknown command 'dance'");
  });
});

describe("agentvm godot install --check", () => {
  it("says that a project's addon is current", async () => {
    const path = project();
    await run(["godot", "install", path]);
    const { code, out } = await run(["godot", "install", "--check", path]);
    expect(code).toBe(0);
    expect(out).toBe(`Current: AgentVM ${PACKAGE_VERSION}.\n`);
  });

  it("says that a project has none, and installs none", async () => {
    const path = project();
    const { code, out } = await run(["godot", "install", "--check", path]);
    expect(code).toBe(1);
    expect(out).toContain("Not installed");
    expect(existsSync(installedIn(path))).toBe(false);
  });

  it("tells scripts which files are missing, changed and of another version", async () => {
    const path = project();
    await run(["godot", "install", path]);
    rmSync(join(installedIn(path), "plugin.gd"));
    writeFileSync(join(installedIn(path), "web/agentvm-godot.js"), "old");
    writeFileSync(join(installedIn(path), "left.gd"), "extends Node");
    const { code, out } = await run(["godot", "install", "--check", "--json", path]);
    expect(code).toBe(1);
    expect(jsonLines(out)).toEqual([
      {
        type: "checked",
        current: false,
        project: path,
        folder: installedIn(path),
        version: PACKAGE_VERSION,
        installed: PACKAGE_VERSION,
        missing: ["plugin.gd"],
        changed: ["web/agentvm-godot.js"],
        stale: ["left.gd"],
      },
    ]);
    const words = (await run(["godot", "install", "--check", path])).out;
    expect(words).toContain("1 file missing (plugin.gd), 1 file changed (web/agentvm-godot.js)");
  });

  it("lets the editor import an image its own way", async () => {
    const path = project();
    await run(["godot", "install", path]);
    writeFileSync(join(installedIn(path), "icon.svg.import"), "rewritten by the editor");
    expect((await run(["godot", "install", "--check", path])).code).toBe(0);
  });

  it("refuses a folder that is no project with the exit code of a wrong command line", async () => {
    const { code, out } = await run(["godot", "install", "--check", "--json", folder()]);
    expect(code).toBe(2);
    expect(jsonLines(out)).toEqual([expect.objectContaining({ type: "error", code: "usage", exit_code: 2 })]);
  });
});
