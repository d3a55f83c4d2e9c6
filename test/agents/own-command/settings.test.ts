import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentVM } from "../../../src/index.js";
import { start } from "../../cli/harness.js";
import { house } from "../sandbox/support.js";

const SERVE = ["serve", "--port", "0", "--workspace", "my game", "--settings", "agents.yaml"];

const SCRIPT = `
import json, os, sys
task = json.loads(sys.stdin.readline())
print(json.dumps({"question": {"kind": "choice", "text": "Which?", "options": ["red", "blue"]}}), flush=True)
answer = json.loads(sys.stdin.readline())["answer"]["choice"]
before = os.environ.get("AGENTVM_SESSION", "none")
if task["prompt"] == "Nothing": sys.exit(0)
open("color.txt", "a").write(answer + " after " + before + "\\n")
print(json.dumps({"session": answer}))
print(json.dumps({"progress": 1, "message": "It is " + answer}))
`;

/** A server with an agent that is a script in the person's home, and a game on it. */
async function played(more: string) {
  const { home, env } = house();
  mkdirSync(join(home, "agents"));
  writeFileSync(join(home, "agents", "color.py"), SCRIPT);
  const command = "agents:\n  color: { command: [python3, ~/agents/color.py], input: json }\n";
  writeFileSync(join(home, "agents.yaml"), command + more);
  const running = start([...SERVE, "--agent", "color", "--json"], { env, cwd: home });
  const told = await running.waitFor(/"url":"[^"]+"/);
  const endpoint = /"url":"([^"]+)"/.exec(told)?.[1] ?? "";
  const agentvm = new AgentVM({ endpoint, apiKey: "development-key" });
  onTestFinished(async () => {
    await agentvm.close();
    running.stop();
    await running.finished;
  });
  await agentvm.connect({ game_name: "Desk" });
  const { id: agent_id } = await agentvm.agents.create({ agent_type: "custom", name: "Ada" });
  return {
    told,
    /** Gives a task, and answers its question. */
    async task(prompt: string, choice: string, continues?: string) {
      const given = { agent_id, prompt, ...(continues !== undefined && { continues }) };
      const task = await agentvm.tasks.assign(given);
      for await (const _ of task.questions()) await task.answer({ choice });
      return { task, result: await task.result() };
    },
  };
}

describe("an agent of the settings that is a command", () => {
  it("asks, works, and goes on with its conversation, in a sandbox without a network too", async () => {
    const { task, told } = await played("sandbox: { network: false }\n");
    expect(told).toContain('"sandbox":{"kind":"bubblewrap","network":false}');
    expect(told).toContain('"types":["custom"]');
    const first = await task("Choose", "red");
    expect(first.result).toMatchObject({
      output: "It is red\n",
      changes: { files: [{ path: "color.txt" }] },
    });
    const second = await task("Another one", "blue", first.task.id);
    expect(await second.task.diff()).toContain("+red after none\n+blue after red\n");
  }, 30_000);

  it("that ends well without a word or a change has not done its task", async () => {
    const { task } = await played("");
    const { result } = await task("Nothing", "red");
    expect(result).toMatchObject({ success: false, error: { code: "nothing_done" } });
  }, 30_000);

  it.each([
    ["no word", "{ command: [] }", 3, "command: must be a list of words"],
    ["an empty word", '{ command: [""] }', 3, "command.0:"],
    [
      "a text in the place of words",
      '{ command: "python3 agent.py" }',
      3,
      "command: must be a list of words",
    ],
    [
      "a program beside it",
      "{ command: [sh], program: /bin/sh }",
      3,
      "program: is said by the command already",
    ],
    [
      "an input without a command",
      "{ adapter: claude, input: json }",
      3,
      "input: is for an agent with a command alone",
    ],
    ["an input that is none", "{ command: [sh], input: xml }", 3, "input:"],
    ["a program that is not there", "{ command: [no-such-agent] }", 1, "There is no program no-such-agent"],
    ["a script that the repository has not", "{ command: [./gone.sh] }", 1, "so it has to be committed"],
  ])("is told of before any task where its command has %s", async (_, settings, code, words) => {
    const { home, env } = house();
    writeFileSync(join(home, "agents.yaml"), `agents:\n  mine: ${settings}\n`);
    const ended = await start([...SERVE, "--agent", "mine"], { env, cwd: home }).finished;
    expect(ended.err).toContain(words);
    expect(ended.code).toBe(code);
  });
});
