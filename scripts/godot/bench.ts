/**
 * Measures, in a real web export in Chromium, what the border between a Godot game and its page costs, and prints a
 * table. With `--write` the table in docs/godot-bridge.md becomes this one. Exits with 1 where it costs too much.
 * What else the machine does shows in each run, so there are several, and a row is that of the run in the middle.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import * as z from "zod/mini";
import { copyProject, runEngine, skipReason } from "../../test/godot/lib/engine.js";
import { openGame, serveFolder, startBrowser } from "../../test/godot/lib/page.js";
import { root } from "../lib/workspace.js";

const rowSchema = z.object({
  agents: z.number(),
  load: z.literal(["idle", "moving"]),
  seconds: z.number(),
  frames: z.number(),
  events: z.number(),
  /** Milliseconds in the game, all frames together. */
  taking_ms: z.number(),
  submitting_ms: z.number(),
  queueing_ms: z.number(),
  /** The page's part: crossings, characters and milliseconds in the game's callback. */
  in: z.number(),
  out: z.number(),
  in_characters: z.number(),
  out_characters: z.number(),
  callback_ms: z.number(),
  /** Crossings in the frame that had most of them. */
  most_in: z.number(),
  most_out: z.number(),
});
type Row = z.infer<typeof rowSchema>;

/** Puts a clock around the facade, in the page. */
const timer = join(root, "scripts/godot/time-the-facade.js");

/** Runs of the whole measurement, each in a page of its own. */
const RUNS = 5;

const BEGIN = "<!-- measured: npm run bench:godot -- --write -->";
const END = "<!-- end of what is measured -->";

/** The same measurement of each run, from the cheapest to the dearest. */
type Runs = readonly [Row, ...Row[]];

function middleOf(runs: Runs): Row {
  return runs[Math.floor(runs.length / 2)] ?? runs[0];
}

function tableOf(measured: readonly Runs[]): string {
  const head = [
    "agents",
    "each of them",
    "frames a second",
    "events a second",
    "crossings a second, in and out",
    "most in one frame, in and out",
    "kB a second, in and out",
    "ms a frame in crossings",
    "ms a frame in the whole addon (all runs)",
  ];
  const lines = measured.map((runs) => {
    const row = middleOf(runs);
    const all = runs.map((one) => (addonMs(one) / one.frames).toFixed(2));
    const each = (number: number): string => (number / row.seconds).toFixed(number === 0 ? 0 : 1);
    const frame = (ms: number): string => (ms / row.frames).toFixed(3);
    return [
      row.agents.toLocaleString("en"),
      row.load === "idle" ? "rests" : "moves 10 times a second",
      each(row.frames),
      (row.events / row.seconds).toFixed(0),
      `${each(row.in)} and ${each(row.out)}`,
      `${row.most_in} and ${row.most_out}`,
      `${each(row.in_characters / 1000)} and ${each(row.out_characters / 1000)}`,
      frame(crossingMs(row)),
      `${frame(addonMs(row))} (${all[0] ?? ""} to ${all.at(-1) ?? ""})`,
    ];
  });
  const cells = [head, head.map(() => "---:"), ...lines];
  return cells.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** What the game waits for: its own call into the page with all that the page does meanwhile, and the page's into it. */
function crossingMs(row: Row): number {
  return row.submitting_ms + row.callback_ms;
}

/** Beside the crossings, the reading of JSON, the signals, and the writing of what goes out. */
function addonMs(row: Row): number {
  return crossingMs(row) + row.taking_ms + row.queueing_ms;
}

function problemsOf(row: Row): string[] {
  const problems: string[] = [];
  const who = `${row.agents} agents, ${row.load}`;
  if (row.load === "idle" && row.in + row.out > 0) problems.push(`${who}: ${row.in + row.out} crossings.`);
  if (row.most_in > 1 || row.most_out > 1)
    problems.push(`${who}: more than one crossing each way in a frame.`);
  if (row.agents <= 100 && addonMs(row) / row.frames >= 1) problems.push(`${who}: a millisecond or more.`);
  return problems;
}

async function measure(): Promise<readonly Runs[]> {
  const project = await copyProject("test/godot/bridge");
  try {
    mkdirSync(join(project.folder, "build"));
    const runs = [
      await runEngine(project.folder, ["--import"]),
      await runEngine(project.folder, ["--export-release", "Web", "build/index.html"]),
    ];
    const errors = runs.flatMap((run) => run.errors);
    if (errors.length > 0) throw new Error(`The export failed:\n${errors.join("\n")}`);
    // Without these a page's clock shows tenths of a millisecond.
    const site = await serveFolder(join(project.folder, "build"), {
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    const browser = await startBrowser();
    try {
      const rows: Row[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        const game = await openGame(browser, `${site.url}/index.html`, { path: timer });
        await game.line("the run is over", 300_000);
        const wrong = game.lines.filter((line) => /ERROR|page error|row of errors/.test(line));
        if (wrong.length > 0) throw new Error(wrong.join("\n"));
        for (const line of game.lines) {
          if (line.startsWith("row ")) rows.push(rowSchema.parse(JSON.parse(line.slice(4))));
        }
        await game.close();
      }
      return byMeasurement(rows);
    } finally {
      await browser.close();
      await site.close();
    }
  } finally {
    project.remove();
  }
}

function byMeasurement(rows: readonly Row[]): Runs[] {
  const found = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const name = `${row.agents} ${row.load}`;
    const others = found.get(name);
    if (others === undefined) found.set(name, [row]);
    else others.push(row);
  }
  for (const runs of found.values())
    runs.sort((one, other) => addonMs(one) / one.frames - addonMs(other) / other.frames);
  return [...found.values()];
}

if (skipReason !== null) {
  console.error(`Nothing can be measured: ${skipReason}.`);
  process.exit(1);
}
const measured = await measure();
const rows = measured.map(middleOf);
const table = tableOf(measured);
console.log(table);
console.log("\nMilliseconds a frame, in parts:");
for (const { agents, load, frames, ...row } of rows) {
  const parts = [
    ["reading and signals", row.taking_ms],
    ["call into the page", row.submitting_ms],
    ["call from the page", row.callback_ms],
    ["writing", row.queueing_ms],
  ] as const;
  const told = parts.map(([what, ms]) => `${what} ${(ms / frames).toFixed(3)}`).join(", ");
  console.log(`${agents} agents, ${load}: ${told}`);
}
if (process.argv.includes("--write")) {
  const file = join(root, "docs/godot-bridge.md");
  const [before = "", rest = ""] = readFileSync(file, "utf8").split(BEGIN);
  const text = `${before}${BEGIN}\n\n${table}\n\n${END}${rest.split(END)[1] ?? ""}`;
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
const problems = rows.flatMap(problemsOf);
for (const problem of problems) console.error(`bridge: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
