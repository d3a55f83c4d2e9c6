import fc from "fast-check";
import { rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import type { Workspace } from "../../../server/src/workspace/workspace.js";
import { smallRepository, taskOf, writeIn } from "./support.js";
import type { PersonsRepository } from "./support.js";

/** Some names lie within one another, so that files are in the way of folders. */
const PATHS = [
  "player.ts",
  "readme.md",
  "art",
  "art/tree.txt",
  "art/oak.txt",
  "new.txt",
  "player.ts/jump.ts",
] as const;

interface Edit {
  readonly path: (typeof PATHS)[number];
  /** Null deletes it. */
  readonly text: string | null;
}

const edits = fc.array(
  fc.record({
    path: fc.constantFrom(...PATHS),
    text: fc.option(fc.constantFrom("a\n", "b\n", "a tree\nb\n"), { nil: null }),
  }),
  { minLength: 1, maxLength: 4 },
);

function apply(folder: string, all: readonly Edit[]): void {
  for (const { path, text } of all) {
    const above = dirname(join(folder, path));
    const isInFile = isFile(above);
    if (isInFile && text === null) continue;
    if (isInFile) rmSync(above);
    rmSync(join(folder, path), { recursive: true, force: true });
    if (text !== null) writeIn(folder, path, text);
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What the person has, and could lose: files that are not as committed, the index, and all commits of the base. */
function picture(repository: PersonsRepository): Readonly<Record<string, unknown>> {
  const status = repository.git("status", "--porcelain", "--untracked-files=all", "--no-renames");
  const paths = status === "" ? [] : status.split("\n").map((line) => line.slice(3).replaceAll('"', ""));
  return {
    main: repository.at("main"),
    index: repository.git("ls-files", "--stage"),
    status,
    texts: paths.map((path) => (isFile(join(repository.folder, path)) ? repository.read(path) : null)),
  };
}

const steps = fc.record({
  tasks: fc.tuple(edits, edits),
  /** What the person does meanwhile: commits, adds, or only writes. */
  person: fc.option(fc.record({ edits, how: fc.constantFrom("commit", "add", "write") }), { nil: null }),
  reviews: fc.array(
    fc.record({
      task: fc.constantFrom(0, 1),
      verdict: fc.constantFrom("accept" as const, "discard" as const),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

it("loses nothing of the person's, whatever two tasks and the person change and whatever is accepted", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async ({ tasks, person, reviews }) => {
      const repository = smallRepository();
      const workspace = await repository.open();
      const commits = await workOn(workspace, tasks);
      if (person !== null) {
        apply(repository.folder, person.edits);
        if (person.how === "commit") repository.commit();
        if (person.how === "add") repository.git("add", "--all");
      }
      const accepted = new Set<string>();
      for (const { task, verdict } of reviews) {
        const commit = commits[task];
        if (commit === undefined || commit === null) continue;
        const before = picture(repository);
        const said = await workspace.review(taskOf(`task_${task}`), verdict, null).catch((error: unknown) => {
          expect(error).toMatchObject({ code: "already_reviewed" });
          return null;
        });
        if (said === null || verdict === "discard" || said.length > 0)
          expect(picture(repository)).toEqual(before);
        else accepted.add(commit);
        expect(repository.git("merge-base", String(before["main"]), "main")).toBe(before["main"]);
        // What the person had not committed is as it was, and nothing else is uncommitted.
        expect(picture(repository)).toMatchObject({ status: before["status"], texts: before["texts"] });
      }
      for (const commit of accepted) expect(repository.git("merge-base", commit, "main")).toBe(commit);
    }),
    { numRuns: Number(process.env["AGENTVM_PROPERTY_RUNS"] ?? 15) },
  );
}, 120_000);

async function workOn(workspace: Workspace, tasks: readonly (readonly Edit[])[]): Promise<(string | null)[]> {
  return Promise.all(
    tasks.map(async (all, task) => {
      const place = await workspace.open(taskOf(`task_${task}`));
      apply(place.directory, all);
      return (await place.commit(`Do task ${task}`, "Ada"))?.commit ?? null;
    }),
  );
}
