import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { entry } from "../../scripts/modules/entry.js";
import { root } from "../../scripts/lib/workspace.js";

const run = promisify(execFile);

/** Each as a user names it. */
const names = Object.keys(entry).map((name) => `oligarchy-agentvm${name === "index" ? "" : `/${name}`}`);

/** What a program in Node prints, which finds the built package by its own name. */
async function printed(kind: "module" | "commonjs", program: string): Promise<string> {
  const { stdout } = await run(process.execPath, [`--input-type=${kind}`, "--eval", program], { cwd: root });
  return stdout.trim();
}

describe("the built package in Node", () => {
  it.each(names)("has an entry %s that can be loaded by itself, as ESM and as CommonJS", async (name) => {
    expect(await printed("module", `await import("${name}"); console.log("loaded");`)).toBe("loaded");
    expect(await printed("commonjs", `require("${name}"); console.log("loaded");`)).toBe("loaded");
  });

  it.each(["oligarchy-agentvm/mock", "oligarchy-agentvm/testing"])(
    "says at once what is wrong with a script, and goes by one that is right: %s",
    async (name) => {
      const program = `const backend = createMockBackend({ clock: "manual", scripts: [{ output: "scripted" }] });
        try { backend.script({ takes: -1 }); } catch (error) { console.log(error.message); }
        backend.engine.agents.create({ kind: "all" }, { agent_type: "aider" });
        const body = { prompt: "Fix the jump", task_type: "general", priority: 1, timeout: 600 };
        console.log(backend.engine.tasks.assign({ kind: "all" }, body).result.output);
        backend.close();`;
      const said = "A script cannot be used: script 2.takes must be at least 0.\nscripted";
      expect(await printed("module", `import { createMockBackend } from "${name}"; ${program}`)).toBe(said);
      expect(await printed("commonjs", `const { createMockBackend } = require("${name}"); ${program}`)).toBe(
        said,
      );
    },
  );
});
