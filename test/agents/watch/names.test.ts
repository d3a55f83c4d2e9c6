import { expect, it } from "vitest";
import { prompt, watchedProject } from "./hooks-speaker.js";

it("tells sessions of one folder apart, and gives the name of one that is gone to the next", async () => {
  const { say, heard, agentvm } = await watchedProject();
  const begins = async (session_id: string, times: number, cwd?: string): Promise<void> => {
    await say(prompt(session_id, { session_id, ...(cwd !== undefined && { cwd }) }));
    await heard(({ type }) => type === "task.assigned", times);
  };
  const names = async () => (await agentvm.agents.list()).map(({ name }) => name);
  await begins("s1", 1);
  await begins("s2", 2);
  await begins("s3", 3, "/elsewhere/my game");
  expect(await names()).toEqual(["my game", "my game 2", "my game 3"]);
  await say({ hook_event_name: "SessionEnd", session_id: "s2" });
  await heard(({ type }) => type === "agent.removed");
  await begins("s4", 4);
  expect(await names()).toEqual(["my game", "my game 3", "my game 2"]);
});
