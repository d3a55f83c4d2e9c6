// What a game's tests say of tasks, in jest.
const { AgentVM } = require("oligarchy-agentvm");
const { advanceUntil, createMockBackend, matchers } = require("oligarchy-agentvm/testing");

expect.extend(matchers);

test("a task has asked, and has failed with a message", async () => {
  const backend = createMockBackend({ seed: 7, clock: "manual" });
  const agentvm = new AgentVM({ ...backend.connection(), clock: backend.wallClock });
  await agentvm.agents.create("aider");
  backend.script({
    asks: { text: "Red or blue?", options: ["red", "blue"] },
    fails: { code: "tests_failed", message: "3 tests fail." },
  });
  const task = await agentvm.tasks.assign({ prompt: "Fix the jump" });
  expect(await agentvm.tasks.get(task.id)).toHaveAsked("Red or blue?");
  await task.answer({ choice: "red" });
  await advanceUntil(
    backend,
    task.result().catch(() => undefined),
  );
  expect(await agentvm.tasks.get(task.id)).toHaveFailedWith("3 tests fail.");
  const told = await agentvm.tasks.get(task.id);
  expect(() => expect(told).toHaveAsked("Red")).toThrow("it asks nothing: it is failed");
  await agentvm.close();
  backend.close();
});
