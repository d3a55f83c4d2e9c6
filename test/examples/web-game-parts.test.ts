import { describe, expect, it } from "vitest";
import { readAddress } from "../../examples/web-game/src/backend/address.js";
import { readGame, writeGame } from "../../examples/web-game/src/backend/save.js";
import { tasksThatAsk } from "../../examples/web-game/src/backend/tasks-that-ask.js";
import { readOptions } from "../../examples/web-game/src/options.js";
import { DIFF_LINES_MAX, readDiff } from "../../examples/web-game/src/play/diff.js";
import { DAY_SECONDS, Sprint } from "../../examples/web-game/src/play/sprint.js";
import { dealTickets } from "../../examples/web-game/src/play/tickets.js";
import { seededChance } from "../../examples/web-game/src/world/random.js";

const done = {
  success: true,
  output: "",
  error: null,
  execution_time: 1,
  completed_at: "2026-01-01T00:00:00.000Z",
  changes: null,
  usage: null,
};
const endedBy = (code: string) => ({ ...done, success: false, error: { code, message: "…" } });

function newSprint(seed = 7): Sprint {
  return Sprint.of(dealTickets(seededChance(seed)));
}

describe("a server's address in the menu", () => {
  it.each([
    ["http://localhost:8000", "http://localhost:8000"],
    ["  https://agents.example.com/ ", "https://agents.example.com"],
    ["https://example.com/agents/", "https://example.com/agents"],
    ["http://localhost:8000/docs", "http://localhost:8000"],
    ["http://localhost:8000/console/", "http://localhost:8000"],
  ])("takes %j as %s", (typed, endpoint) => {
    expect(readAddress(typed, "http:")).toEqual({ ok: true, endpoint });
  });

  it.each([
    ["", "http://localhost:8000"],
    ["localhost:8000", "http://localhost:8000"],
    ["htp://localhost:8000", "not with htp://"],
    ["ws://localhost:8000/ws", "http://localhost:8000"],
    ["wss://agents.example.com", "https://agents.example.com"],
    ["http://local host", "space"],
    ["http://user:secret@host", "name and password"],
    ["http://host/?key=1", "no ? and no #"],
    ["http://:80", "not an address"],
    ["ftp://host", "http:// or https://"],
  ])("says what to do about %j", (typed, words) => {
    const address = readAddress(typed, "http:");
    expect(address.ok ? "" : address.problem).toContain(words);
  });

  it("does not repeat a password that was typed into it", () => {
    const address = readAddress("http://user:secret@host", "http:");
    expect(address.ok ? "" : address.problem).not.toContain("secret");
  });

  it("says that a page from https cannot call http, save on this machine", () => {
    expect(readAddress("http://agents.example.com", "https:").ok).toBe(false);
    expect(readAddress("http://localhost:8000", "https:").ok).toBe(true);
  });
});

describe("the options of the page's address", () => {
  it("reads seed and speed", () => {
    expect(readOptions("?seed=7&speed=4", () => 0)).toMatchObject({ seed: 7, speed: 4, complaints: [] });
  });

  it.each(["?seed=x", "?seed=-1", "?speed=0", "?speed=fast", "?speed="])(
    "tells that %s was left out",
    (search) => {
      const options = readOptions(search, () => 5);
      expect(options).toMatchObject({ seed: 5, speed: 1 });
      expect(options.complaints).toHaveLength(1);
    },
  );
});

describe("a saved game", () => {
  const game = { seed: 7, gameId: "game_1", sprint: newSprint().save(), snapshot: { version: 1 } };

  it("is read as it was written", () => {
    expect(readGame(writeGame(game))).toEqual({ kind: "game", game: expect.objectContaining(game) });
  });

  it.each([
    ["cut short", writeGame(game).slice(0, 200), "cut short"],
    ["of a newer version", JSON.stringify({ ...game, version: 99 }), "newer version"],
    ["no saved game at all", JSON.stringify(["hello"]), "not one of this game"],
    ["without its tickets", JSON.stringify({ ...game, version: 1, sprint: {} }), "a part of it is missing"],
  ])("that is %s is told of, and nothing is thrown", (_name, text, words) => {
    const reading = readGame(text);
    expect(reading.kind === "broken" ? reading.problem : "").toContain(words);
  });
});

describe("the tickets that ask", () => {
  const asking = (seed: number) => tasksThatAsk(dealTickets(seededChance(seed)), seededChance(seed + 3));

  it("are a third of those for one, the same for the same seed", () => {
    expect(asking(7)).toEqual(asking(7));
    expect(asking(7)).not.toEqual(asking(8));
    expect(asking(7)).toHaveLength(3);
  });

  it("ask for leave, let choose, and want words", () => {
    const kinds = asking(7).map(({ asks }) => (asks !== undefined && "kind" in asks ? asks.kind : null));
    expect(kinds).toEqual(["permission", "choice", "text"]);
  });
});

describe("a diff in the game", () => {
  it("is read line by line, with signs where something came or went", () => {
    const diff =
      "diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n\\ No newline at end of file\n";
    expect(readDiff(diff).map(({ kind, sign, text }) => [kind, sign, text])).toEqual([
      ["file", "", "a.ts"],
      ["place", "", "line 1"],
      ["same", "", "same"],
      ["removed", "−", "old"],
      ["added", "+", "new"],
      ["note", "", "\\ No newline at end of file"],
    ]);
  });

  it("takes a line of a change for no head, whatever it looks like", () => {
    expect(readDiff("@@ -1 +1 @@\n--- gone\n+++ come\n").map(({ kind }) => kind)).toEqual([
      "place",
      "removed",
      "added",
    ]);
  });

  it("that is none, or too long, is shown as far as it goes", () => {
    expect(readDiff("hello").map(({ text }) => text)).toEqual(["hello"]);
    expect(readDiff("x\n".repeat(DIFF_LINES_MAX + 5)).at(-1)?.text).toBe("5 more lines are not shown.");
  });
});

describe("the sprint", () => {
  it("deals the same tickets for the same seed, and others for another", () => {
    expect(newSprint(7).tickets).toEqual(newSprint(7).tickets);
    expect(newSprint(7).tickets).not.toEqual(newSprint(8).tickets);
  });

  it("puts a ticket back on the board when its work was cancelled, and counts no failure", () => {
    const sprint = newSprint();
    sprint.begin("solo-1", ["task_1"], ["Ada"], true);
    expect(sprint.end("solo-1", [endedBy("cancelled")])).toBe("cancelled");
    expect(sprint.tickets[0]).toMatchObject({ state: { status: "open" }, failures: 0 });
  });

  it("takes points for a failure, and never goes below none", () => {
    const sprint = newSprint();
    sprint.begin("solo-1", ["task_1"], ["Ada"], true);
    expect(sprint.end("solo-1", [endedBy("tests_failed")])).toBe("failed");
    expect(sprint.points).toBe(0);
    sprint.begin("solo-1", ["task_2"], ["Ada"], true);
    sprint.end("solo-1", [done]);
    expect(sprint.points).toBe(120);
  });

  it("has a team's ticket done only when every part of it is", () => {
    const sprint = newSprint();
    sprint.begin("team-1", ["a", "b", "c"], ["Ada", "Otto", "Cleo"], false);
    expect(sprint.end("team-1", [done, done, endedBy("tests_failed")])).toBe("failed");
  });

  it("has a ticket done whose work was changed only when all of that was accepted", () => {
    const sprint = newSprint();
    sprint.begin("team-1", ["a", "b"], ["Ada", "Otto"], false);
    expect(sprint.end("team-1", [done, done], ["a", "b"])).toBe("review");
    expect(sprint).toMatchObject({ done: 0, points: 0 });
    expect([sprint.reviewed("a", true), sprint.done]).toEqual([true, 0]);
    expect([sprint.reviewed("b", true), sprint.done]).toEqual([true, 1]);
  });

  it("puts a ticket back on the board whose changes are discarded, and counts no failure", () => {
    const sprint = newSprint();
    sprint.begin("solo-1", ["a"], ["Ada"], true);
    sprint.end("solo-1", [done], ["a"]);
    expect(sprint.reviewed("a", false)).toBe(true);
    expect(sprint.tickets[0]).toMatchObject({ state: { status: "open" }, failures: 0 });
    expect(sprint.reviewed("a", false)).toBe(false);
  });

  it("is read again with work that waits for a look", () => {
    const sprint = newSprint();
    sprint.begin("solo-1", ["a"], ["Ada"], true);
    sprint.end("solo-1", [done], ["a"]);
    const saved = { seed: 7, gameId: "game_1", sprint: sprint.save(), snapshot: {} };
    expect(readGame(writeGame(saved))).toMatchObject({ kind: "game", game: { sprint: sprint.save() } });
  });

  it("is shipped when all tickets are done, with three stars for good work", () => {
    const sprint = newSprint();
    for (const { id } of sprint.tickets) {
      sprint.begin(id, [id], ["Ada"], true);
      sprint.end(id, [done]);
    }
    expect(sprint).toMatchObject({ ending: "shipped", stars: 3 });
  });

  it("ends at six o’clock, once", () => {
    const sprint = newSprint();
    expect(sprint.pass(DAY_SECONDS / 2)).toBe(false);
    expect(sprint.clock).toBe("13:30");
    expect(sprint.pass(DAY_SECONDS)).toBe(true);
    expect(sprint.pass(1)).toBe(false);
    expect(sprint).toMatchObject({ ending: "late", clock: "18:00", stars: 0 });
  });
});
