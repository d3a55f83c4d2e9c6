import { spawn } from "node:child_process";
import { describe, expect, it, onTestFinished } from "vitest";
import { startScriptedModel } from "../../../server/src/scripted-model/index.js";
import { realCli } from "../support/clis.js";
import { scenariosOf } from "../support/scenarios.js";
import { gameRoom, person } from "./support.js";

const PASSWORD = "password-of-opencode";

const SCENARIOS = `
scenarios:
  - prompt: jump
    steps:
      - say: I look at the jump.
      - run: touch allowed.txt
      - say: The jump is higher now.
`;

/** A running server of the real opencode in a person's project, and how it is called. */
async function served({ repository, env }: ReturnType<typeof person>) {
  const model = await startScriptedModel(scenariosOf(SCENARIOS));
  onTestFinished(() => model.close());
  const provider = {
    npm: "@ai-sdk/openai-compatible",
    name: "Scripted",
    options: { baseURL: `${model.url}/v1`, apiKey: "scripted" },
    models: { scripted: { name: "Scripted", tool_call: true, limit: { context: 100_000, output: 8_000 } } },
  };
  const child = spawn(realCli("opencode"), ["serve", "--pure", "--hostname", "127.0.0.1", "--port", "0"], {
    cwd: repository,
    env: {
      PATH: env.PATH,
      HOME: env.HOME,
      OPENCODE_SERVER_PASSWORD: PASSWORD,
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        model: "scripted/scripted",
        small_model: "scripted/scripted",
        enabled_providers: ["scripted"],
        permission: { bash: "ask" },
        provider: { scripted: provider },
      }),
    },
  });
  const gone = new Promise((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await gone;
  });
  const url = await new Promise<string>((resolve) => {
    child.stdout.on("data", (piece: Buffer) => {
      const found = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(piece.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const headers = {
    authorization: `Basic ${Buffer.from(`opencode:${PASSWORD}`).toString("base64")}`,
    "content-type": "application/json",
  };
  return {
    url,
    call: async (path: string, body: object) =>
      (await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) })).json(),
    stop: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

describe("agentvm watch --opencode", () => {
  it(
    "shows what is done in a running opencode, and tells it what the player says to a permission",
    { timeout: 60_000 },
    async () => {
      const { server, agentvm, states, heard } = await gameRoom();
      const desk = person();
      const opencode = await served(desk);
      const args = ["--endpoint", server.url, "--no-hooks", "--opencode", opencode.url, "--json"];
      const watching = desk.watchWith({ OPENCODE_SERVER_PASSWORD: PASSWORD }, ...args);
      await watching.waitFor("watching");
      const { id } = await opencode.call("/session", { title: "The jump" });
      const message = { parts: [{ type: "text", text: "Fix the jump" }] };
      void opencode.call(`/session/${id}/message`, message).catch(() => undefined);

      await heard(({ type }) => type === "task.question");
      const [task] = await agentvm.tasks.list();
      expect(task).toMatchObject({ prompt: "Fix the jump", work: "observed" });
      expect(task?.question).toMatchObject({ kind: "permission", about: { command: "touch allowed.txt" } });
      expect(await agentvm.agents.list()).toMatchObject([
        { type: "opencode", name: "The jump", state: "waiting" },
      ]);
      await agentvm.tasks.answer(String(task?.id), {
        question_id: String(task?.question?.question_id),
        choice: "once",
      });
      const done = await heard(({ type }) => type === "task.completed");
      expect(done.data).toMatchObject({
        result: { output: "I look at the jump.\nThe jump is higher now.\n" },
      });
      expect(states).toContain("coding");

      await opencode.stop();
      await heard(({ type }) => type === "agent.removed");
      watching.stop();
      expect((await watching.finished).code).toBe(0);
    },
  );
});
