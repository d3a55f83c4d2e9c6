/** What a running opencode may do and cannot be brought to do by its model: a stand-in serves in its place, and says what opencode would. */
import { describe, expect, it, onTestFinished } from "vitest";
import { createBackendClock } from "../../../mock-server/domain/index.js";
import { OpencodeWatch } from "../../../server/src/watch/opencode-watch.js";
import { WatchedSessions } from "../../../server/src/watch/sessions.js";
import { systemClock } from "../../../src/contract/clock.js";
import { startObserver } from "../../../src/worker/start-observer.js";
import { eventually } from "./eventually.js";
import { OpencodeStandIn } from "./opencode-stand-in.js";
import { gameRoom, KEY, person } from "./support.js";

/** A game in which the sessions of a stand-in are seen, which is tried again when `again` is called. */
async function watched(opencode: OpencodeStandIn, password: string | null = null) {
  const room = await gameRoom();
  const observer = await startObserver({ endpoint: room.server.url, apiKey: KEY, name: "watch" });
  onTestFinished(() => observer.stop());
  const problems: string[] = [];
  const watchers = new Set<() => void>();
  const clock = createBackendClock("manual");
  const watch = new OpencodeWatch(
    { url: opencode.url, password, username: "opencode" },
    {
      sessions: new WatchedSessions(observer, systemClock(), (text) =>
        text.replaceAll("sk-planted", "[redacted]"),
      ),
      clock,
      warn: (text) => {
        problems.push(text);
        for (const watcher of watchers) watcher();
      },
    },
  );
  void watch.run();
  onTestFinished(() => watch.close());
  return {
    ...room,
    problems,
    /** Waits for so many problems, and gives the last of them. */
    problem: (times = 1) => eventually(watchers, () => problems[times - 1]),
    advance: (ms: number) => clock.advance(ms),
    again: () => clock.advance(2_000),
    /** Waits for the question that is asked so many times, and gives it. */
    async question(times = 1) {
      await room.heard(({ type }) => type === "task.question", times);
      const task = (await room.agentvm.tasks.list()).find(({ question }) => question !== null);
      if (task === undefined || task.question === null) throw new Error("Nothing is asked.");
      const { question } = task;
      const answer = (said: { readonly choice: string } | { readonly text: string }) =>
        room.agentvm.tasks.answer(task.id, { question_id: question.question_id, ...said });
      return { ...question, answer };
    },
  };
}

const COLOURS = {
  question: "Which colour, sk-planted?",
  options: [
    { label: "Deep red", description: "As the sunset" },
    { label: "Blue", description: "" },
  ],
};

describe("agentvm watch --opencode, at a stand-in", () => {
  it("asks the player what opencode wants to know, one after the other, and tells it all answers", async () => {
    const opencode = await OpencodeStandIn.open();
    const { question, heard } = await watched(opencode);
    await opencode.connected();
    opencode.prompt("s1", "Paint it");
    opencode.tell("question.asked", {
      id: "q1",
      sessionID: "s1",
      questions: [COLOURS, { question: "What is it called?", options: [] }],
    });

    const first = await question();
    expect(first).toMatchObject({ kind: "choice", text: "Which colour, [redacted]?" });
    expect(first.options).toEqual([
      { id: "1", label: "Deep red", hint: "As the sunset" },
      { id: "2", label: "Blue" },
    ]);
    await first.answer({ choice: "1" });
    const second = await question(2);
    expect(second).toMatchObject({ kind: "text", text: "What is it called?", options: [] });
    await second.answer({ text: "Dawn" });
    expect(await opencode.hears("/question/q1/reply")).toEqual({ answers: [["Deep red"], ["Dawn"]] });

    opencode.tell("question.replied", { sessionID: "s1", requestID: "q1" });
    opencode.say("s1", "It is red.");
    opencode.tell("session.idle", { sessionID: "s1" });
    const done = await heard(({ type }) => type === "task.completed");
    expect(done.data).toMatchObject({ result: { output: "It is red.\n" } });
  });

  it.each([
    ["answered in the terminal", "question.replied"],
    ["turned down there", "question.rejected"],
  ])("withdraws a question that was %s, also where that is told in the same breath", async (_what, type) => {
    const opencode = await OpencodeStandIn.open();
    const { question, heard, agentvm } = await watched(opencode);
    await opencode.connected();
    opencode.prompt("s1", "Paint it");
    opencode.tell("question.asked", { id: "q1", sessionID: "s1", questions: [COLOURS] });
    await question();
    opencode.tell(type, { sessionID: "s1", requestID: "q1" });
    const answered = await heard((event) => event.type === "task.answered");
    expect(answered.data).toMatchObject({ by: "worker" });

    const asked = { id: "q2", sessionID: "s1", questions: [COLOURS] };
    const over = { sessionID: "s1", requestID: "q2" };
    opencode.write(
      `data: ${JSON.stringify({ type: "question.asked", properties: asked })}\n\n` +
        `data: ${JSON.stringify({ type, properties: over })}\n\n`,
    );
    opencode.tell("session.idle", { sessionID: "s1" });
    await heard((event) => event.type === "task.completed");
    expect((await agentvm.tasks.list()).map((task) => task.question)).toEqual([null]);
    expect(opencode.told).toEqual([]);
  });

  it("asks again where opencode does not take an answer, and no more where it was answered elsewhere", async () => {
    const opencode = await OpencodeStandIn.open();
    opencode.refuses["/permission/p1/reply"] = 500;
    const { question, problem, heard } = await watched(opencode);
    await opencode.connected();
    opencode.prompt("s1", "Run it");
    const asked = { id: "p1", sessionID: "s1", permission: "bash", metadata: { command: "ls" } };
    opencode.tell("permission.asked", asked);
    await (await question()).answer({ choice: "once" });
    expect(await problem()).toContain("it answers with 500");
    opencode.refuses["/permission/p1/reply"] = 404;
    await (await question(2)).answer({ choice: "reject" });
    expect(await opencode.hears("/permission/p1/reply", 2)).toEqual({ reply: "reject" });
    opencode.tell("session.idle", { sessionID: "s1" });
    await heard(({ type }) => type === "task.completed");
  });

  it("shows helpers when they come and no more when they go, also helpers of helpers", async () => {
    const opencode = await OpencodeStandIn.open();
    const { made, heard, agentvm } = await watched(opencode);
    await opencode.connected();
    const child = (id: string, parentID: string, title: string) =>
      opencode.tell("session.created", { info: { id, parentID, title } });
    opencode.tell("session.created", { info: { id: "s1", title: "The jump" } });
    opencode.prompt("s1", "Fix the jump");
    child("c1", "s1", "Look around (@explore subagent)");
    opencode.prompt("c1", "You are a helper: look around");
    child("c2", "c1", "Count");
    await heard(({ type }) => type === "agent.created", 3);
    opencode.say("c1", "A helper says this.");
    opencode.tell("session.idle", { sessionID: "c2" });
    opencode.tell("session.idle", { sessionID: "c1" });
    await heard(({ type }) => type === "agent.removed", 2);
    opencode.say("s1", "It is higher.");
    opencode.tell("session.idle", { sessionID: "s1" });
    const done = await heard(({ type }) => type === "task.completed");

    expect(done.data).toMatchObject({ result: { output: "It is higher.\n" } });
    const [root] = made;
    expect(made).toMatchObject([
      { name: "The jump", type: "opencode", parent_agent_id: null },
      { name: "Look around", parent_agent_id: root?.id },
      { name: "Count", parent_agent_id: root?.id },
    ]);
    expect(await agentvm.agents.list()).toMatchObject([{ id: root?.id, state: "idle" }]);
    expect(await agentvm.tasks.list()).toMatchObject([{ prompt: "Fix the jump" }]);
  });

  it("tells apart what has failed from what was interrupted, and has a session leave that is deleted", async () => {
    const opencode = await OpencodeStandIn.open();
    const { heard } = await watched(opencode);
    await opencode.connected();
    const fails = (name: string, message: string) =>
      opencode.tell("session.error", { sessionID: "s1", error: { name, data: { message } } });
    opencode.prompt("s1", "One", "m1");
    fails("MessageAbortedError", "Aborted");
    opencode.prompt("s1", "Two", "m2");
    fails("ApiError", "No such model");
    const [one, two] = [
      await heard(({ type }) => type === "task.failed"),
      await heard(({ type }) => type === "task.failed", 2),
    ];
    expect(one.data).toMatchObject({ error: { code: "interrupted" } });
    expect(two.data).toMatchObject({ error: { code: "agent_failed", message: "No such model" } });
    opencode.say("s1", "Said behind the end.");
    opencode.tell("session.deleted", { info: { id: "s1", title: "One" } });
    await heard(({ type }) => type === "agent.removed");
  });

  it("shows each session once after the server was gone, and withdraws what waited in it", async () => {
    const opencode = await OpencodeStandIn.open();
    const { question, heard, agentvm, problem, problems, again } = await watched(opencode);
    await opencode.connected();
    opencode.tell("session.created", { info: { id: "s1", title: "The jump" } });
    opencode.prompt("s1", "Fix the jump");
    const asked = { id: "p1", sessionID: "s1", permission: "bash", metadata: { command: "ls" } };
    opencode.tell("permission.asked", asked);
    await question();
    await opencode.close();
    await heard(({ type }) => type === "agent.removed");
    expect(await problem()).toContain("cannot be watched");
    expect((await agentvm.tasks.list()).map((task) => [task.status, task.question])).toEqual([
      ["cancelled", null],
    ]);

    opencode.answers["/session/status"] = { s1: { type: "busy" }, c1: { type: "busy" } };
    opencode.answers["/session/s1"] = { id: "s1", title: "The jump" };
    opencode.answers["/session/c1"] = { id: "c1", parentID: "s1", title: "Scout" };
    opencode.answers["/permission"] = [asked, "no permission"];
    opencode.answers["/question"] = [];
    await opencode.listen();
    again();
    await opencode.connected(2);
    await (await question(2)).answer({ choice: "always" });
    expect(await opencode.hears("/permission/p1/reply")).toEqual({ reply: "always" });
    opencode.tell("permission.replied", { sessionID: "s1", requestID: "p1" });
    const seen = await agentvm.agents.list();
    expect(seen.map(({ name }) => name).sort()).toEqual(["Scout", "The jump"]);
    opencode.tell("session.idle", { sessionID: "c1" });
    opencode.tell("session.idle", { sessionID: "s1" });
    await heard(({ type }) => type === "task.completed");
    expect(problems).toHaveLength(1);
  });

  it("takes a session that it has not seen begin for what it is: a helper of another, or one of its own", async () => {
    const opencode = await OpencodeStandIn.open();
    opencode.answers["/session/c1"] = { id: "c1", parentID: "s1", title: "Scout" };
    opencode.answers["/session/s1"] = {
      id: "s1",
      title: "New session - 2026",
      directory: "/home/me/my game",
    };
    // Two that are each other's parent, as no opencode has them.
    opencode.answers["/session/a"] = { id: "a", parentID: "b", title: "A" };
    opencode.answers["/session/b"] = { id: "b", parentID: "a", title: "B" };
    const { heard, agentvm } = await watched(opencode);
    await opencode.connected();
    const tool = (sessionID: string) =>
      opencode.tell("message.part.updated", {
        part: {
          type: "tool",
          id: `t-${sessionID}`,
          sessionID,
          messageID: "m",
          tool: "read",
          state: { status: "running" },
        },
      });
    tool("c1");
    tool("a");
    tool("unheard-of");
    await heard(({ type }) => type === "agent.created", 3);
    expect((await agentvm.agents.list()).map(({ name }) => name).sort()).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:/),
      expect.stringMatching(/^[AB]$/),
      "my game",
    ]);
  });

  it("skips events that it does not know, those that lack what they should have, and what is no JSON", async () => {
    const opencode = await OpencodeStandIn.open();
    const { heard, problems } = await watched(opencode);
    await opencode.connected();
    opencode.tell("session.tomorrow", {});
    opencode.tell("question.asked", { id: 7 });
    opencode.tell("permission.replied", { sessionID: "nobody", requestID: "nothing" });
    opencode.write(": a comment\n\ndata: {half\n\ndata: 7\n\n");
    opencode.tell("question.asked", { id: "q0", sessionID: "s1", questions: [] });
    opencode.prompt("s1", "Fix it");
    opencode.tell("session.idle", { sessionID: "s1" });
    await heard(({ type }) => type === "task.completed");
    expect(problems).toEqual([]);
  });

  it("says once that the password is wrong, and goes on when it is right", async () => {
    const opencode = await OpencodeStandIn.open();
    opencode.password = "another one";
    const { problem, problems, again, heard } = await watched(opencode, "secret-of-opencode");
    expect(await problem()).toMatch(
      /wants a password\. Set OPENCODE_SERVER_PASSWORD .*\. It is tried again\.$/,
    );
    expect(problems.join()).not.toContain("secret-of-opencode");
    opencode.password = "secret-of-opencode";
    again();
    await opencode.connected();
    opencode.prompt("s1", "Fix it");
    await heard(({ type }) => type === "task.assigned");
    expect(problems).toHaveLength(1);
  });

  it("says that a server is none of opencode's, and takes the one that comes in its place", async () => {
    const opencode = await OpencodeStandIn.open();
    opencode.page = "<html>data: {}</html>";
    const { problem, problems, again, heard } = await watched(opencode);
    expect(await problem()).toContain("it is no opencode serve, since it answers with text/html.");
    opencode.page = null;
    again();
    await opencode.connected(2);
    opencode.prompt("s1", "Fix it");
    await heard(({ type }) => type === "task.assigned");
    expect(problems).toHaveLength(1);
  });

  it("says that nobody listens there", async () => {
    const gone = await OpencodeStandIn.open();
    await gone.close();
    expect(await (await watched(gone)).problem()).toContain("ECONNREFUSED");
  });

  it("gives up a server that takes its call and never answers, and tries it again", async () => {
    const opencode = await OpencodeStandIn.open();
    opencode.isSilent = true;
    const { problem, advance, again, heard } = await watched(opencode);
    await opencode.connected();
    advance(10_000);
    expect(await problem()).toContain("it does not answer.");
    opencode.isSilent = false;
    again();
    await opencode.connected(2);
    opencode.prompt("s1", "Fix it");
    await heard(({ type }) => type === "task.assigned");
  });

  it.each(["nonsense", "ftp://127.0.0.1:4096", "127.0.0.1:4096"])(
    "takes %s for no URL of a server",
    async (url) => {
      const { code, err } = await person().watch("--no-hooks", "--opencode", url).finished;
      expect(code).toBe(2);
      expect(err).toContain("The value of --opencode is not the URL of a server.");
      expect(err).toContain("What to do:");
    },
  );
});
