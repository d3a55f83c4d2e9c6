// A worker in a process of its own, for tests that kill it: told by its arguments what to do, it says when it has done so, and stays.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openWorkspace } from "../../../server/src/workspace/open-workspace.js";
import { doTask, taskOf } from "./support-of-tasks.js";

const [folder = "", command = "", ...ids] = process.argv.slice(2);
const workspace = await openWorkspace(folder);

/** Says something to the test, on a line. */
function say(what: string): void {
  process.stdout.write(`${what}\n`);
}

if (command === "work") {
  for (const id of ids) {
    const place = await workspace.open(taskOf(id));
    writeFileSync(join(place.directory, "player.ts"), `half of ${id}\n`);
    say(place.directory);
  }
  say("working");
  setInterval(() => undefined, 60_000);
}
if (command === "tasks") {
  await Promise.all(ids.map((id) => doTask(workspace, id, { [`${id}.txt`]: `${id}\n` })));
  say("done");
}
if (command === "accept") {
  for (const id of ids) say(`${id} ${JSON.stringify(await workspace.review(taskOf(id), "accept", null))}`);
}
