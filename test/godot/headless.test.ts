import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startControl } from "./lib/control.js";
import type { Control } from "./lib/control.js";
import { copyProject, root, runEngine, skipReason } from "./lib/engine.js";
import type { EngineRun } from "./lib/engine.js";

const suites = join(root, "test/godot/project/suites");

/** The tests of a suite by name, each with its comment, which says what a user sees. */
function testsIn(file: string): { name: string; says: string }[] {
  const source = readFileSync(join(suites, file), "utf8");
  return [...source.matchAll(/^## (.+)\nfunc (test_\w+)/gm)].map(([, says = "", name = ""]) => ({
    name,
    says,
  }));
}

const resultSchema = z.object({ suite: z.string(), test: z.string(), faults: z.array(z.string()) });

function resultsOf(output: string): Map<string, readonly string[]> {
  const results = new Map<string, readonly string[]>();
  for (const line of output.split("\n")) {
    if (!line.startsWith("result ")) continue;
    const { suite, test, faults } = resultSchema.parse(JSON.parse(line.slice(7)));
    results.set(`${suite}.${test}`, faults);
  }
  return results;
}

const only = process.env["AGENTVM_GODOT_SUITES"];
const files = readdirSync(suites).filter(
  (file) => file.endsWith(".gd") && (only === undefined || only.split(",").includes(file.slice(0, -3))),
);

describe.skipIf(skipReason !== null)(
  `the addon in a headless Godot${skipReason === null ? "" : ` (${skipReason})`}`,
  () => {
    let project: Awaited<ReturnType<typeof copyProject>>;
    let control: Control;
    let imported: EngineRun;
    let parsed: EngineRun;
    let tested: EngineRun;
    let results = new Map<string, readonly string[]>();

    beforeAll(async () => {
      control = await startControl();
      project = await copyProject("test/godot/project");
      imported = await runEngine(project.folder, ["--import"]);
      parsed = await runEngine(project.folder, ["--script", "res://parse.gd"]);
      tested = await runEngine(
        project.folder,
        ["--script", "res://run.gd", "--", ...files.map((file) => file.slice(0, -3))],
        { timeoutMs: 280_000, env: { AGENTVM_TEST_CONTROL: control.url } },
      );
      results = resultsOf(tested.output);
      const kept = join(root, "coverage/godot");
      mkdirSync(kept, { recursive: true });
      writeFileSync(join(kept, "headless.log"), imported.output + parsed.output + tested.output);
    }, 400_000);

    afterAll(async () => {
      project.remove();
      await control.close();
    });

    it("is imported without an error", () => {
      expect(imported.errors).toEqual([]);
    });

    it("parses in every script, with warnings as errors", () => {
      expect(parsed.errors).toEqual([]);
      expect(parsed.output).toContain("every script can be used");
    });

    it("prints no error in any test", () => {
      expect(tested.errors).toEqual([]);
      expect(tested.output).toContain("all suites have run");
    });

    for (const file of files) {
      describe(file.replace(/\.gd$/, "").replaceAll("_", " "), () => {
        for (const { name, says } of testsIn(file)) {
          it(says, () => {
            expect(results.get(`${file.slice(0, -3)}.${name}`)).toEqual([]);
          });
        }
      });
    }
  },
);
