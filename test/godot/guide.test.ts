import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startControl } from "./lib/control.js";
import type { Control } from "./lib/control.js";
import { copyProject, root, runEngine, skipReason } from "./lib/engine.js";
import type { EngineRun } from "./lib/engine.js";

const read = (name: string): string => readFileSync(join(root, name), "utf8");

const guides = ["docs/godot.md", "docs/godot-bridge.md", "addons/agentvm/README.md"];

/** The GDScript of a guide, each piece a script of its own. */
function scriptsIn(guide: string): string[] {
  return [...read(guide).matchAll(/^```gdscript\n([\s\S]*?)^```$/gm)].map(([, text = ""]) =>
    text.startsWith("extends") ? text : `extends Node\n\n\n${text}`,
  );
}

/** What stands between backticks in a guide. */
function namesIn(guide: string): string[] {
  return [...read(guide).matchAll(/`([^`\n]+)`/g)].map(([, name = ""]) => name);
}

/** Every script of the addon in one text. */
function addonSource(folder = "addons/agentvm"): string {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .map((entry) => {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return addonSource(name);
      return entry.name.endsWith(".gd") ? read(name) : "";
    })
    .join("\n");
}

describe("the guide to the addon", () => {
  const source = addonSource();

  it.each(guides)("%s names settings that there are", (guide) => {
    const settings = namesIn(guide).flatMap((name) => /^agentvm\/\w+\/\w+/.exec(name) ?? []);
    if (guide === "docs/godot.md") expect(settings.length).toBeGreaterThan(8);
    expect(settings.filter((name) => !source.includes(`"${name}"`))).toEqual([]);
  });

  it.each(guides)("%s names calls and signals that there are", (guide) => {
    const called = namesIn(guide).flatMap((name) => /^(?:await )?([a-z_]+)\(/.exec(name)?.[1] ?? []);
    const known = (name: string): boolean =>
      new RegExp(`^(static )?(func|signal) ${name}\\(`, "m").test(source);
    expect(called.filter((name) => !known(name))).toEqual([]);
  });

  it("names the error codes that the addon has", () => {
    const codes = namesIn("docs/godot.md").filter(
      (name) => /_(error|endpoint|missing)$/.test(name) && !name.includes("/"),
    );
    expect(codes).toContain("network_error");
    expect(codes.filter((code) => !source.includes(code))).toEqual([]);
  });
});

describe.skipIf(skipReason !== null)(
  `the guide to the addon, in the engine${skipReason === null ? "" : ` (${skipReason})`}`,
  () => {
    let project: Awaited<ReturnType<typeof copyProject>>;
    let control: Control;
    let played: EngineRun;
    const scripts = guides.flatMap(scriptsIn);

    /** Plays with a server of its own: the guide's first game, or the script that is named. */
    const play = async (server: object, script = ""): Promise<EngineRun> => {
      const served = await fetch(`${control.url}/serve`, { method: "POST", body: JSON.stringify(server) });
      const url = /http:[^"]+/.exec(await served.text())?.[0] ?? "";
      const env = { AGENTVM_TEST_SERVER: url, AGENTVM_TEST_SCRIPT: script };
      return runEngine(project.folder, [], { timeoutMs: 60_000, env });
    };

    beforeAll(async () => {
      control = await startControl();
      project = await copyProject("test/godot/guide");
      scripts.forEach((text, index) => writeFileSync(join(project.folder, `guide_${index}.gd`), text));
      await runEngine(project.folder, ["--import"]);
      played = await play({ max_agents: 10 });
    }, 200_000);

    afterAll(async () => {
      project.remove();
      await control.close();
    });

    it("has GDScript that parses as it stands", () => {
      expect(scripts.length).toBeGreaterThan(1);
      expect(played.output).toContain(`parsed: ${scripts.length}\n`);
    });

    it("leads from nothing to an agent that is given a task at a click", () => {
      expect(played.errors).toEqual([]);
      expect(played.output).toContain("created: Ada");
      expect(played.output).toContain("shown: 1");
      expect(played.output).toContain("started: Fix the player movement bug");
    });

    it("answers what an agent asks, accepts what it has changed, and goes on, as its script for that says", async () => {
      const number = scripts.findIndex((text) => text.includes("task.go_on("));
      const asked = await play({ scripts: "examples/godot/scripts.json" }, `guide_${number}.gd`);
      expect(asked.errors).toEqual([]);
      expect(asked.output).toContain("stdout: Changed player/player.gd");
      expect(asked.output).toContain("+++ b/player/player.gd");
      expect(asked.output).toContain("answered: allow by player");
      expect(asked.output).toContain("reviewed: accepted");
      expect(asked.output.trimEnd().split("\n").at(-1)).toBe("true");
    }, 120_000);
  },
);
