import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hooksOf } from "./hooks-speaker.js";
import { gameRoom, person } from "./support.js";

const SECRET = "sk-ant-api03-7f3a9c2e5b8d7f3a9c2e5b8d";

it("keeps no secret of the sessions that the next watcher is to know, and the next one knows them all the same", async () => {
  const { server, heard, agentvm } = await gameRoom();
  const desk = person();
  const watch = () => desk.watch("--endpoint", server.url, "--yes", "--json");
  const first = watch();
  await first.waitFor("watching");
  const { say } = hooksOf(desk.env.HOME, desk.repository);
  // The session's process is one that is there: the test's own.
  const { pid } = process;
  const bash = { tool_name: "Bash", tool_input: { command: `deploy --token ${SECRET}` } };
  await say({ hook_event_name: "UserPromptSubmit", prompt: `Deploy with ${SECRET}` }, { pid });
  await say({ hook_event_name: "PreToolUse", tool_use_id: "t1", ...bash }, { pid });
  await say({ hook_event_name: "PermissionRequest", ...bash }, { pid });
  await heard(({ type }) => type === "task.question");
  const [agent] = await agentvm.agents.list();
  const file = join(desk.env.HOME, ".local", "state", "agentvm", "watch", "sessions.json");
  expect(readFileSync(file, "utf8")).toContain("Deploy with [redacted]");
  expect(readFileSync(file, "utf8")).not.toContain(SECRET);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  first.stop();
  await first.finished;

  const second = watch();
  await second.waitFor("watching");
  await heard(({ type }) => type === "task.question", 2);
  expect(await agentvm.agents.list()).toMatchObject([{ name: agent?.name, state: "waiting" }]);
  await say({ hook_event_name: "PostToolUse", tool_use_id: "t1", ...bash }, { pid });
  const answered = await heard(({ type }) => type === "task.answered");
  expect(answered.data).toMatchObject({ by: "worker" });
  second.stop();
  await second.finished;
});
