import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chromiumPath } from "../../godot/lib/page.js";
import type { OpenConsole, OpenHost } from "./console-host.js";
import { SCREENS, createAgent, giveTask, goTo, picture } from "./screens.js";
import { seriousFindings } from "./axe.js";
import { useBrowser } from "./use-browser.js";

/** CI has a browser, so there it is a failure to have none. */
export const hasNoBrowser = chromiumPath === null && process.env["CI"] !== "true";

/** Files that are no snapshot, with what the console has to say of each. */
const BAD_SNAPSHOTS: readonly (readonly [text: string, said: RegExp])[] = [
  ['{"format":"agentvm-snapshot","version":99}', /written by a newer oligarchy-agentvm/],
  ['{"format":"agentvm-snapshot","version":1,"epo', /was cut short/],
  ['{"format":"agentvm-snapshot","version":1}', /it is damaged/],
  ['{"hello":"world"}', /not what snapshot\(\) gave/],
  ["\u0089PNG\r\n", /is no snapshot/],
  ["", /is no snapshot/],
];

/** Scripts that cannot be added, with what is said of each, and what is selected in its text. */
const BAD_SCRIPTS: readonly (readonly [text: string, said: RegExp, place: string])[] = [
  ['{\n  "takes": 3,\n}', /^Line 3: it is no JSON/, "}"],
  ['{\n  "times": 1,\n  "takes": "3"\n}', /^Line 3: takes must be a number/, '"takes"'],
  ['{ "takess": 3 }', /^Line 1: takess /, '"takess"'],
  ['{ "fails": {\n  "code": "x y",\n  "message": "No." } }', /^Line 2: fails\.code /, '"code"'],
  ['{ "prompt": "/(a+)+/" }', /^Line 1: prompt is a pattern that some text could keep busy/, '"prompt"'],
  ['{ "prompt": "/(/" }', /^Line 1: prompt is written as a pattern/, '"prompt"'],
  ["[]", /^Line 1: The script must be an object/, ""],
];

/** Milliseconds for one test: a browser on a busy machine is slow. */
const TIMEOUT_MS = 60_000;

/** Everything that a person does at the console, in a real browser, whatever it stands over. */
export function describeConsole(name: string, open: OpenHost): void {
  describe.skipIf(hasNoBrowser)(`${name} lets a person`, { timeout: TIMEOUT_MS }, () => {
    const keep = useBrowser();
    const start = async (...options: Parameters<OpenHost> extends [unknown, ...infer R] ? R : never) =>
      keep((browser) => open(browser, ...options));

    it("create an agent, and see it live", async () => {
      const { page, agents } = await start();
      await createAgent(page, "Ada", "claude");
      expect(await agents()).toMatchObject([{ name: "Ada", type: "claude", state: "idle" }]);
      await page.getByRole("button", { name: /^Ada claude/ }).waitFor();
    });

    it("move an agent by dragging it on the map", async () => {
      const { page, agents } = await start();
      await createAgent(page, "Ada");
      const marker = page.getByRole("button", { name: /^Ada, idle, at/ });
      const box = await marker.boundingBox();
      if (box === null) throw new Error("The agent is not on the map.");
      const [x, y] = [box.x + box.width / 2, box.y + 20];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 60, y + 30, { steps: 4 });
      await page.mouse.up();
      await expect.poll(async () => (await agents())[0]?.position.x).toBeGreaterThan(0.5);
      const [agent] = await agents();
      await page
        .getByRole("button", { name: `Ada, idle, at ${agent?.position.x}, ${agent?.position.z}` })
        .waitFor();
    });

    it("move an agent with the arrow keys", async () => {
      const { page, agents } = await start();
      await createAgent(page, "Ada");
      await page.getByRole("button", { name: "Ada, idle, at 0, 0" }).focus();
      await page.keyboard.press("ArrowRight");
      await page.getByRole("button", { name: "Ada, idle, at 1, 0" }).waitFor();
      await page.keyboard.press("Shift+ArrowDown");
      await page.getByRole("button", { name: "Ada, idle, at 1, 10" }).waitFor();
      expect((await agents())[0]?.position).toEqual({ x: 1, y: 0, z: 10 });
    });

    it("move an agent to a place by its numbers", async () => {
      const { page, agents } = await start();
      await createAgent(page, "Ada");
      const form = page.getByRole("form", { name: "Move Ada" });
      for (const [axis, value] of Object.entries({ x: "3", y: "2", z: "-4.5" })) {
        await form.getByLabel(axis, { exact: true }).fill(value);
      }
      await form.getByRole("button", { name: "Move" }).click();
      await page.getByText("Ada was moved.").waitFor();
      expect((await agents())[0]?.position).toEqual({ x: 3, y: 2, z: -4.5 });
    });

    it("remove an agent, after being asked once more", async () => {
      const { page, agents } = await start();
      await createAgent(page, "Ada");
      await page.getByRole("button", { name: "Remove" }).click();
      expect(await agents()).toHaveLength(1);
      await page.getByRole("button", { name: "Really remove Ada?" }).click();
      await page.getByText("Ada was removed.").waitFor();
      await page.getByText("There is no agent yet.").waitFor();
      expect(await agents()).toEqual([]);
    });

    it("give an agent a task, and read what it writes as it writes it", async () => {
      const { page, tasks } = await start();
      await createAgent(page, "Ada");
      await page.getByRole("button", { name: "Pause time" }).click();
      await page.getByRole("button", { name: "Let time go on" }).waitFor();
      const form = page.getByRole("form", { name: "Give Ada a task" });
      await form.getByLabel("Task").fill("Fix the jump");
      await form.getByLabel("Kind").fill("debugging");
      await form.getByLabel("Priority").fill("7");
      await form.getByRole("button", { name: "Give" }).click();
      await page.getByRole("button", { name: "Fix the jump", exact: true }).click();
      expect(await tasks()).toMatchObject([{ prompt: "Fix the jump", task_type: "debugging", priority: 7 }]);

      await page.getByText("simulated", { exact: true }).waitFor();
      const output = page.getByRole("log", { name: "Output of the task" });
      const step = page.getByRole("button", { name: "Step 1 second" });
      await expect
        .poll(async () => {
          await step.click();
          return (await output.innerText()).split("\n").length;
        })
        .toBeGreaterThan(2);
      const early = await output.innerText();
      expect(early).not.toContain("Finished");
      await goTo(page, "Backend");
      await page.getByRole("button", { name: "Step 1 minute" }).click();
      await page.getByText("1 minute passed.").waitFor();
      await goTo(page, "Tasks");
      await page.getByText("is complete").waitFor();
      expect((await output.innerText()).startsWith(early)).toBe(true);
      expect((await tasks())[0]?.completed_at).not.toBeNull();
    });

    it("cancel a task", async () => {
      const { page, tasks } = await start();
      await giveTask(page, "Wait for an agent");
      await page.getByRole("button", { name: "Cancel the task" }).click();
      await page.getByText("The task was cancelled.").waitFor();
      expect(await tasks()).toMatchObject([{ status: "cancelled" }]);
      await page.getByRole("button", { name: "open", exact: true }).click();
      await page.getByText("No task is like that.").waitFor();
      await page.getByRole("button", { name: "cancelled", exact: true }).click();
      await page.getByRole("button", { name: /^Wait for an agent/ }).waitFor();
    });

    it("give a team work, and is told why where there is no team", async () => {
      const { page, tasks } = await start();
      const form = page.getByRole("form", { name: "Give a task" });
      const askForTeam = async (members: string) => {
        await goTo(page, "Tasks");
        await form.getByLabel("Task").fill("Add multiplayer");
        await form.getByLabel("Who").selectOption("team");
        await form.getByLabel("Members").fill(members);
        await form.getByRole("button", { name: "Give" }).click();
      };
      await page.getByRole("button", { name: "Pause time" }).click();
      await createAgent(page, "Ada");
      await giveTask(page, "Draw the map");
      // With Ada at work, for as long as time stands still, there is no room for ten others.
      await askForTeam("10");
      await page.getByRole("alert").getByText("Wait for agents to finish, ask for a smaller team").waitFor();
      expect(await tasks()).toHaveLength(1);
      await page.getByRole("button", { name: "Close this message" }).click();

      await askForTeam("2");
      await page.getByText("A team has the work.").waitFor();
      const given = (await tasks()).flatMap(({ team_id }) => team_id ?? []);
      expect(given).toHaveLength(2);
      expect(new Set(given).size).toBe(1);
    });

    it("find what happened among the events", async () => {
      const { page } = await start();
      await createAgent(page, "Ada");
      await createAgent(page, "Bertha");
      await giveTask(page, "Draw the map");
      await goTo(page, "Events");
      const lines = page.getByRole("listitem");
      await page.getByText("task.assigned").waitFor();
      await page
        .getByRole("group", { name: "Show events of" })
        .getByRole("button", { name: "agent" })
        .click();
      await expect
        .poll(async () => (await lines.allInnerTexts()).every((text) => text.includes("agent.")))
        .toBe(true);
      await page.getByLabel("Find").fill("bertha created");
      await expect.poll(() => lines.count()).toBe(1);
      await lines.first().locator("summary").click();
      expect(JSON.parse(await lines.locator("pre").innerText())).toMatchObject({ agent: { name: "Bertha" } });
      await page.getByRole("button", { name: "Clear" }).click();
      await page.getByText("Nothing has happened since").waitFor();
    });

    it("hold the list of events, to read it", async () => {
      const { page, createOutside } = await start();
      await goTo(page, "Events");
      await createOutside("Ada");
      const created = page.getByText("agent.created");
      await created.waitFor();
      await page.getByRole("button", { name: "Hold the list" }).click();
      await createOutside("Bo");
      await goTo(page, "Agents");
      await page.getByRole("button", { name: /^Bo / }).waitFor();
      await goTo(page, "Events");
      await expect.poll(() => created.count()).toBe(2);
      await page.getByRole("button", { name: "Hold the list" }).click();
      await createOutside("Cy");
      await page.getByText("2 of 2 events").waitFor();
      await page.getByRole("button", { name: "Go on" }).click();
      await expect.poll(() => created.count()).toBe(3);
    });

    it("see the requests, and what was wrong with those that were refused", async () => {
      const { page, askForNobody } = await start();
      await askForNobody();
      await goTo(page, "Requests");
      await page.getByText("GET /agents/nobody").waitFor();
      await page.getByLabel("errors alone").check();
      const lines = page.getByRole("listitem");
      await expect.poll(() => lines.count()).toBe(1);
      await lines.locator("summary").click();
      expect(JSON.parse(await lines.locator("pre").innerText())).toMatchObject({ code: "agent_not_found" });
    });

    it("let calls fail, see how often they did, and take that back", async () => {
      const { page, askForNobody } = await start();
      await goTo(page, "Faults");
      const form = page.getByRole("form", { name: "Add a fault of calls" });
      await form.getByLabel("Which calls").selectOption("agentGet");
      await form.getByLabel("What they get").selectOption("storage_full");
      await form.getByLabel("Times").fill("2");
      await form.getByRole("button", { name: "Add" }).click();
      const there = page.getByRole("region", { name: "Faults that are there" });
      await there.getByText("struck 0 times, 2 left").waitFor();
      await askForNobody();
      await there.getByText("struck 1 times, 1 left").waitFor();
      await there.getByRole("button", { name: "Take away fault_1" }).click();
      await there.getByText("Nothing goes wrong on purpose.").waitFor();
    });

    it("let a task go by a script, see that it was used up, and by which one the task went", async () => {
      const { page, tasks } = await start();
      await goTo(page, "Scripts");
      const form = page.getByRole("form", { name: "Add a script" });
      await form
        .getByLabel("Script, as JSON")
        .fill('{ "name": "the jump", "prompt": "/JUMP/i", "times": 1, "output": "patched" }');
      await form.getByRole("button", { name: "Add", exact: true }).click();
      const there = page.getByRole("region", { name: "Scripts", exact: true });
      await there.getByText("not used yet, 1 left").waitFor();
      await createAgent(page, "Ada");
      await giveTask(page, "Fix the jump");
      await page.getByText("scripted by the jump").waitFor();
      expect((await tasks())[0]?.result?.output).toBe("patched");
      await giveTask(page, "Draw the door");
      await page.getByText("Not the jump. The prompt has nothing of /JUMP/i in it.").waitFor();
      await page
        .getByRole("button", { name: /^Fix the jump/ })
        .first()
        .click();
      await page.getByRole("button", { name: "the jump", exact: true }).click();
      await there.getByText("used once, and used up").waitFor();
      await there.getByText("It was for Fix the jump").waitFor();
      await there.getByRole("button", { name: "Take away the jump" }).click();
      await there.getByText("No task goes by a script.").waitFor();
    });

    it("write a script that is wrong, and learn at which place", async () => {
      const { page } = await start();
      await goTo(page, "Scripts");
      const form = page.getByRole("form", { name: "Add a script" });
      const field = form.getByLabel("Script, as JSON");
      const selected = () =>
        field.evaluate((area) =>
          area instanceof HTMLTextAreaElement ? area.value.slice(area.selectionStart, area.selectionEnd) : "",
        );
      for (const [text, said, place] of BAD_SCRIPTS) {
        await field.fill(text);
        await form.getByRole("button", { name: "Add", exact: true }).click();
        await form.getByRole("alert").getByText(said).waitFor();
        expect({
          text,
          selected: await selected(),
          invalid: await field.getAttribute("aria-invalid"),
        }).toEqual({
          text,
          selected: place,
          invalid: "true",
        });
      }
      await page.getByText("No task goes by a script.").waitFor();
    });

    it("break the stream by a switch, and mend it again", async () => {
      const { page } = await start();
      await goTo(page, "Faults");
      const down = page.getByRole("switch", { name: /^The stream is down/ });
      await down.check();
      await page.getByText("away", { exact: true }).waitFor();
      await down.uncheck();
      await page.getByText("live", { exact: true }).waitFor();
    });

    it("add a fault of the stream with an event and a code", async () => {
      const { page } = await start();
      await goTo(page, "Faults");
      const form = page.getByRole("form", { name: "Add a fault of the stream" });
      await form.getByLabel("With which event").selectOption("task.progress");
      await form.getByLabel("What happens").selectOption("the server closes");
      await form.getByLabel("Close code").fill("1013");
      await form.getByRole("button", { name: "Add" }).click();
      await page.getByText('{"stream":"close","event":"task.progress","closeCode":1013}').waitFor();
    });

    it("see how it goes over time", async () => {
      const { page } = await start();
      await createAgent(page, "Ada");
      for (const prompt of ["Fix the jump", "Fix the fall"]) await giveTask(page, prompt);
      await goTo(page, "Backend");
      await page.getByRole("button", { name: "Step 10 minutes" }).click();
      await page.getByText("10 minutes passed.").waitFor();
      await goTo(page, "Charts");
      await page.getByRole("img", { name: /^Task success\. of the last 10: 2 points/ }).waitFor();
      await page.getByRole("img", { name: /^Task duration\./ }).waitFor();
      await page.getByRole("img", { name: /^Queue length\. waiting: \d+ points? from 0 to/ }).waitFor();
      await page.getByRole("img", { name: /^Response time\. median: \d+ points/ }).waitFor();
    });

    it("stop time, let it pass in steps, and change its speed", async () => {
      const { page } = await start();
      const time = page.getByRole("group", { name: "Clock of the backend" }).getByRole("time");
      await page.getByRole("button", { name: "Pause time" }).click();
      await page.getByText("Time stands still.").waitFor();
      const stood = Date.parse((await time.getAttribute("datetime")) ?? "");
      await page.getByRole("button", { name: "Step 1 second" }).click();
      await expect
        .poll(async () => Date.parse((await time.getAttribute("datetime")) ?? "") - stood)
        .toBe(1_000);
      await page.getByLabel("Speed", { exact: true }).selectOption("20");
      await page.getByText("Time goes 20 times as fast.").waitFor();
      await goTo(page, "Backend");
      await page.getByText("20 seconds pass in one", { exact: true }).waitFor();
      const speed = page.getByRole("form", { name: "Set the speed" });
      await speed.getByLabel("Seconds that pass in one").fill("2.5");
      await speed.getByRole("button", { name: "Set" }).click();
      await page.getByText("2.5 seconds pass in one", { exact: true }).waitFor();
    });

    it("begin anew from another seed, and from the same", async () => {
      const { page, agents } = await start();
      await createAgent(page, "Ada");
      await goTo(page, "Backend");
      await page.getByText("Chance and ids began at 7").waitFor();
      await page.getByLabel("Another seed", { exact: true }).fill("42");
      await page.getByRole("button", { name: "Begin anew from it" }).click();
      await page.getByText("Chance and ids began at 42").waitFor();
      expect(await agents()).toEqual([]);
      await page.getByText("live", { exact: true }).waitFor();
      await createAgent(page, "Bo");
      await goTo(page, "Backend");
      await page.getByRole("button", { name: "Begin anew from the same seed" }).click();
      await page.getByRole("button", { name: "Really let all agents and tasks go?" }).click();
      await expect.poll(agents).toEqual([]);
      await goTo(page, "Agents");
      await page.getByText("There is no agent yet.").waitFor();
    });

    it("save a snapshot, and go back to it", async () => {
      const { page, agents } = await start();
      await createAgent(page, "Ada");
      await goTo(page, "Backend");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save a snapshot" }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^agentvm-\d{17}\.json$/);
      const file = await download.path();
      expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ format: "agentvm-snapshot" });
      await createAgent(page, "Bo");
      await goTo(page, "Backend");
      await page.getByLabel("Go back to a saved snapshot").setInputFiles(file);
      await page.getByText("The backend is as it was in").waitFor();
      expect(await agents()).toMatchObject([{ name: "Ada" }]);
      await goTo(page, "Agents");
      await expect.poll(() => page.getByRole("button", { name: /^Bo / }).count()).toBe(0);
      await page.getByRole("button", { name: /^Ada / }).waitFor();
    });

    it("choose a file that is no whole snapshot, and learns why, and keeps all that was there", async () => {
      const { page, agents } = await start();
      await createAgent(page, "Ada");
      await goTo(page, "Backend");
      for (const [text, said] of BAD_SNAPSHOTS) {
        await page
          .getByLabel("Go back to a saved snapshot")
          .setInputFiles({ name: "saved.json", mimeType: "application/json", buffer: Buffer.from(text) });
        await page.getByRole("alert").getByText(said).waitFor();
        await page.getByRole("button", { name: "Close this message" }).click();
        expect({ text, agents: await agents() }).toMatchObject({ text, agents: [{ name: "Ada" }] });
      }
      await page.getByText("live", { exact: true }).waitFor();
    });

    it("make a type of agent, and an agent of it", async () => {
      const { page, agents } = await start();
      await goTo(page, "Types");
      await page.getByRole("button", { name: "Copy Claude into a new type" }).click();
      const form = page.getByRole("form", { name: "Create a type of agent" });
      await form.getByLabel("Name", { exact: true }).fill("Tester");
      await form.getByLabel("Name in calls").fill("tester");
      await form.getByLabel("Colour").fill("#aa1155");
      await form.getByLabel("Capabilities").fill("playtesting, bug_hunting");
      await form.getByLabel("creativity").fill("0.25");
      await form.getByRole("button", { name: "Create the type" }).click();
      await page.getByText("Agents can be created as Tester.").waitFor();
      await createAgent(page, "Tess", "tester");
      expect(await agents()).toMatchObject([
        {
          name: "Tess",
          type: "tester",
          color: "#aa1155",
          description: "Conversational coding assistant",
          capabilities: ["playtesting", "bug_hunting"],
          personality: { creativity: 0.25, friendliness: 0.95 },
        },
      ]);
    });

    it("name a type that there is, and learns that it is taken", async () => {
      const { page } = await start();
      await goTo(page, "Types");
      const form = page.getByRole("form", { name: "Create a type of agent" });
      await form.getByLabel("Name", { exact: true }).fill("Another Aider");
      await form.getByLabel("Name in calls").fill("aider");
      await form.getByRole("button", { name: "Create the type" }).click();
      await page.getByRole("alert").getByText("There is a type 'aider' already.").waitFor();
      expect(await form.getByLabel("Name in calls").inputValue()).toBe("aider");
    });

    it("use every screen in light and in dark without a serious barrier", async () => {
      const opened = await start({ viewport: { width: 1280, height: 860 }, reducedMotion: "reduce" });
      const { page } = opened;
      await fill(opened);
      for (const screen of SCREENS) {
        await goTo(page, screen);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          const found = await seriousFindings(page);
          expect({ screen, colorScheme, found }).toEqual({ screen, colorScheme, found: [] });
          await picture(page, pictureName(colorScheme, screen));
        }
      }
    });

    it("use every screen on a phone, with nothing wider than it", async () => {
      const opened = await start({
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        isMobile: true,
        reducedMotion: "reduce",
      });
      const { page } = opened;
      await fill(opened);
      for (const screen of SCREENS) {
        await goTo(page, screen);
        const wide = await page
          .getByRole("main")
          .last()
          .evaluate((main) => main.scrollWidth - main.clientWidth);
        expect({ screen, wide }).toEqual({ screen, wide: 0 });
        expect({ screen, found: await seriousFindings(page) }).toEqual({ screen, found: [] });
        await picture(page, pictureName("phone", screen));
      }
    });

    const pictureName = (how: string, screen: string): string =>
      `${name}-${how}-${screen}`.replace(/\W+/g, "-").toLowerCase();

    /** Something for every screen to show. */
    async function fill({ page, askForNobody }: OpenConsole): Promise<void> {
      await createAgent(page, "Ada");
      await createAgent(page, "Clara Long", "claude");
      await createAgent(page, "Otto", "opencode");
      for (const prompt of [
        "Fix the jump at the edge of a platform",
        "Explain the save format",
        "Add a second player",
        "Wait for somebody",
      ]) {
        await giveTask(page, prompt);
      }
      await goTo(page, "Backend");
      await page.getByRole("button", { name: "Step 10 seconds" }).click();
      await page.getByText("10 seconds passed.").waitFor();
      await askForNobody();
      await goTo(page, "Scripts");
      const form = page.getByRole("form", { name: "Add a script" });
      await form.getByRole("button", { name: "asks" }).click();
      await form.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByText("The script was added.").waitFor();
      await goTo(page, "Agents");
      await page.getByRole("button", { name: /^Ada aider/ }).click();
    }
  });
}
