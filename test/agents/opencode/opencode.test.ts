import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { ScenariosInput } from "../../../server/src/scripted-model/index.js";
import { KEY, OpencodeBench } from "./support.js";

let bench: OpencodeBench | null = null;

async function open(scenarios: ScenariosInput): Promise<OpencodeBench> {
  bench = await OpencodeBench.open(scenarios);
  return bench;
}

afterEach(async () => {
  await bench?.close();
  bench = null;
});

const edits = { edit: { path: "player.txt", old: "jump: 1", new: "jump: 2" } };

/** Command lines of all that runs on this machine. */
function commandLines(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [readFileSync(`/proc/${name}/cmdline`, "utf8")];
      } catch {
        return [];
      }
    });
}

describe("the real opencode, against a scripted model", { timeout: 60_000 }, () => {
  it("edits a file once the player has allowed it, and says what it did", async () => {
    const { directory } = await open([{ steps: [edits, { say: "It jumps." }] }]);
    const done = await bench?.run({ prompt: "Fix the jump" });
    expect(done?.result).toEqual({ success: true, summary: "It jumps." });
    expect(readFileSync(join(directory, "player.txt"), "utf8")).toBe("jump: 2\n");
    expect(done?.requests).toMatchObject([
      { tool: "edit", title: "Edit player.txt", diff: expect.stringContaining("+jump: 2") },
    ]);
    expect(JSON.stringify([done?.requests[0]?.diff, done?.events])).not.toContain(directory);
    const tools = done?.events.filter(({ kind }) => kind === "tool");
    expect(tools?.at(-1)).toMatchObject({ tool: "edit", status: "done" });
  });

  it("leaves the file as it is when the player says no, goes on, and does not call that success", async () => {
    const { directory } = await open([{ steps: [{ ...edits, otherwise: [{ say: "Then not." }] }] }]);
    const done = await bench?.run({
      prompt: "Fix the jump",
      permit: () => Promise.resolve({ verdict: "no", reason: "Not this file." }),
    });
    expect(done?.result).toMatchObject({ success: false, code: "denied" });
    expect(done?.events).toContainEqual({ kind: "message", text: "Then not.", of: null });
    expect(readFileSync(join(directory, "player.txt"), "utf8")).toBe("jump: 1\n");
  });

  it("asks once for what is always allowed", async () => {
    await open([{ steps: [edits, { edit: { path: "player.txt", old: "2", new: "3" } }, { say: "Done." }] }]);
    const done = await bench?.run({
      prompt: "Fix the jump",
      permit: () => Promise.resolve({ verdict: "always", reason: null }),
    });
    expect(done?.result.success).toBe(true);
    expect(done?.requests).toHaveLength(1);
  });

  it("leaves no process behind when it is cancelled in the middle of a command", async () => {
    await open([{ steps: [{ run: "touch began; sleep 98765" }] }]);
    const cancel = new AbortController();
    const running = bench?.run({
      prompt: "Wait",
      signal: cancel.signal,
      permit: () => Promise.resolve({ verdict: "once", reason: null }),
      onEvent: (event) => {
        if (event.kind === "tool" && event.status === "running" && event.tool === "execute")
          setImmediate(() => cancel.abort(new Error("cancelled")));
      },
    });
    await expect(running).rejects.toThrow("cancelled");
    const left = commandLines().filter((line) => line.includes("98765"));
    expect(left).toEqual([]);
  });

  it("goes on with the conversation before", async () => {
    await open([
      { prompt: "again", after: "first", steps: [{ say: "I remember." }] },
      { steps: [{ say: "Hello." }] },
    ]);
    const first = await bench?.run({ prompt: "first" });
    expect(first?.result).toEqual({ success: true, summary: "Hello." });
    const session = first?.events.flatMap((event) => (event.kind === "session" ? [event.session] : []))[0];
    const second = await bench?.run({ prompt: "again", session: session ?? "" });
    expect(second?.result).toEqual({ success: true, summary: "I remember." });
  });

  it("shows a helper while it works", async () => {
    await open([
      {
        prompt: "Fix",
        steps: [
          { helper: { name: "Look", prompt: "Look around", steps: [{ say: "Seen." }] } },
          { say: "Done." },
        ],
      },
    ]);
    const done = await bench?.run({ prompt: "Fix the jump" });
    expect(done?.result).toEqual({ success: true, summary: "Done." });
    const helpers = done?.events.filter(({ kind }) => kind === "helper" || kind === "helper_gone");
    expect(helpers).toMatchObject([{ kind: "helper", name: "Look" }, { kind: "helper_gone" }]);
  });

  it("hands a question of the agent's to the player, and the answer back", async () => {
    await open([{ steps: [{ ask: { question: "Which?", options: ["Red", "Blue"] } }, { say: "Thanks." }] }]);
    const done = await bench?.run({ prompt: "Paint", ask: () => Promise.resolve({ choice: "Blue" }) });
    expect(done?.questions).toMatchObject([{ text: "Which?", options: [{ id: "Red" }, { id: "Blue" }] }]);
    expect(done?.result).toEqual({ success: true, summary: "Thanks." });
  });

  it("tells that it tries again when the model is overloaded, and ends well", async () => {
    await open([{ steps: [{ fail: { status: 529, times: 1, retry_after: 0.01 } }, { say: "Now." }] }]);
    const done = await bench?.run({ prompt: "Go" });
    expect(done?.events.some(({ kind }) => kind === "retry")).toBe(true);
    expect(done?.result).toEqual({ success: true, summary: "Now." });
  });

  it("says that the model is overloaded when it stays so", async () => {
    await open([{ steps: [{ fail: { status: 529, times: "always", retry_after: 0.01 } }] }]);
    const done = await bench?.run({ prompt: "Go" });
    expect(done?.result).toMatchObject({ success: false, code: "overloaded" });
  });

  it("lives with an answer that is cut off in the middle, and tells its plan", async () => {
    const plan = [{ text: "Look", status: "done" as const }, { text: "Mend" }];
    await open([{ steps: [{ plan }, { say: "Half" }, { cut: true }, { say: "Whole." }] }]);
    const done = await bench?.run({ prompt: "Go" });
    expect(done?.result).toMatchObject({ success: true });
    const plans = done?.events.flatMap((event) => (event.kind === "plan" ? [event.entries] : []));
    expect(plans?.at(-1)).toEqual([
      { text: "Look", status: "done" },
      { text: "Mend", status: "pending" },
    ]);
  });

  it("says that nobody is logged in when the key is refused", async () => {
    await open([{ steps: [{ fail: { status: 401, times: "always" } }] }]);
    const done = await bench?.run({ prompt: "Go" });
    expect(done?.result).toMatchObject({ success: false, code: "not_logged_in" });
  });

  it("takes any prompt as it is: quotes, flags, NUL, and 10,000 characters", async () => {
    await open([{ steps: [{ say: "Read." }] }]);
    const prompt = `--help "it's" $(touch pwned)\n\0${"ä".repeat(10_000)}`;
    const done = await bench?.run({ prompt });
    expect(done?.result).toEqual({ success: true, summary: "Read." });
    expect(bench?.model.requests.some(({ call }) => call?.prompts.at(-1) === prompt.replace("\0", ""))).toBe(
      true,
    );
    expect(existsSync(join(bench?.directory ?? "", "pwned"))).toBe(false);
  });

  it("shows its key nowhere, and reads an answer that comes in pieces of one byte", async () => {
    await open([{ steps: [{ trickle: 1 }, { say: "Slow: ä." }] }]);
    let seen = "";
    const done = await bench?.run({ prompt: "Go", onEvent: () => (seen += commandLines().join()) });
    expect(done?.result).toEqual({ success: true, summary: "Slow: ä." });
    expect(JSON.stringify(done) + seen).not.toContain(KEY);
  });
});
