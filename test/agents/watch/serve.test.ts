import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentVM } from "../../../src/index.js";
import { run, start } from "../../cli/harness.js";
import { addressOf } from "../support/desk.js";
import { hooksOf } from "./hooks-speaker.js";
import { person } from "./support.js";

/** A game at a server that a person has started. */
async function gameAt(endpoint: string) {
  const agentvm = new AgentVM({ endpoint, apiKey: "development-key" });
  onTestFinished(() => agentvm.close());
  await agentvm.connect({ game_name: "Desk" });
  const heard = (type: "task.assigned" | "task.question" | "task.completed" | "agent.removed") =>
    new Promise<void>((resolve) => agentvm.on(type, () => resolve()));
  return { agentvm, heard };
}

describe("agentvm serve --watch", () => {
  it("names in its help what says how it watches", async () => {
    const { code, out } = await run(["serve", "--watch", ".", "--help"]);
    expect(code).toBe(0);
    const words = out.replaceAll(/\s+/g, " ");
    for (const option of ["--watch <folder>", "--game <id>", "--opencode <url>", "--yes", "--no-hooks"])
      expect(words).toContain(option);
    expect(words).toContain("show your own sessions of claude in this project as characters");
  });

  it.each([
    ["alone", []],
    ["beside real agents in the same project", ["--workspace", ".", "--agent", "claude"]],
  ])("shows a session in its own server, %s", async (_what, more) => {
    const desk = person();
    const { AGENTVM_API_KEY: _key, ...env } = desk.env;
    const args = ["serve", "--port", "0", "--watch", ".", ...more, "--yes", "--json"];
    const scripted = more.length === 0 ? [] : ["--scripted-model", join(desk.root, "fix.yaml")];
    const serving = start([...args, ...scripted], { env, cwd: desk.repository });
    const { agentvm, heard } = await gameAt(await addressOf(serving));
    expect(await serving.waitFor("listening")).toContain(
      `"watch":{"folder":${JSON.stringify(desk.repository)}}`,
    );
    const { say } = hooksOf(desk.env.HOME, desk.repository);
    const bash = { tool_name: "Bash", tool_input: { command: "npm test" } };
    const asked = heard("task.question");
    await say({ hook_event_name: "UserPromptSubmit", prompt: "Fix the jump" });
    await say({ hook_event_name: "PermissionRequest", ...bash });
    await asked;
    const seen = (await agentvm.agents.list()).filter(({ name }) => name === "my game");
    expect(seen).toMatchObject([{ type: "claude", state: "waiting" }]);
    const done = heard("task.completed");
    await say({ hook_event_name: "PostToolUse", tool_use_id: "t1", ...bash });
    await say({ hook_event_name: "Stop", last_assistant_message: "It is higher." });
    await done;
    expect(await agentvm.tasks.list()).toMatchObject([
      { work: "observed", prompt: "Fix the jump", result: { output: "It is higher.\n" }, question: null },
    ]);
    const gone = heard("agent.removed");
    await say({ hook_event_name: "SessionEnd" });
    await gone;
    serving.stop();
    expect((await serving.finished).code).toBe(0);
  });

  it("stops with words where somebody watches on the machine already, and serves nothing", async () => {
    const desk = person();
    const { AGENTVM_API_KEY: _key, ...env } = desk.env;
    const args = ["serve", "--port", "0", "--watch", ".", "--yes", "--json"];
    const first = start(args, { env, cwd: desk.repository });
    await addressOf(first);
    const second = await start(args.slice(0, -1), { env, cwd: desk.repository }).finished;
    expect(second.err).toContain("Somebody watches on this machine already.");
    expect(second.out).not.toContain("listening");
    first.stop();
    expect((await first.finished).code).toBe(0);
  });
});
