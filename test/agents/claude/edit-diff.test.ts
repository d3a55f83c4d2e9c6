import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { editDiff } from "../../../server/src/adapters/claude/edit-diff.js";
import { folder } from "../../cli/harness.js";

const TEN = Array.from({ length: 10 }, (_, place) => `const l${place + 1} = ${place + 1};\n`).join("");

/** A worktree with a file of ten lines, and one of what is asked in it. */
function worktree() {
  const directory = folder();
  const path = join(directory, "ten.ts");
  writeFileSync(path, TEN);
  const edit = (input: Readonly<Record<string, unknown>>) =>
    editDiff("Edit", { file_path: path, ...input }, directory);
  return { directory, path, edit };
}

describe("what claude would change, as the player sees it", () => {
  it("is shown as the lines of the file in which it is, with those around", async () => {
    const { edit } = worktree();
    expect(await edit({ old_string: "l5 = 5", new_string: "l5 = 50" })).toBe(
      [
        "--- a/ten.ts",
        "+++ b/ten.ts",
        "@@ -2,7 +2,7 @@",
        " const l2 = 2;",
        " const l3 = 3;",
        " const l4 = 4;",
        "-const l5 = 5;",
        "+const l5 = 50;",
        " const l6 = 6;",
        " const l7 = 7;",
        " const l8 = 8;",
        "",
      ].join("\n"),
    );
  });

  it("has every place where all are meant, and the first one where they are not", async () => {
    const { edit } = worktree();
    const change = { old_string: "const", new_string: "let" };
    expect((await edit({ ...change, replace_all: true }))?.match(/^\+let/gm)).toHaveLength(10);
    expect((await edit(change))?.match(/^\+let/gm)).toHaveLength(1);
  });

  it("takes the signs of the new text for no more than signs", async () => {
    const { edit } = worktree();
    expect(await edit({ old_string: "l1 = 1", new_string: "$& $1 $$" })).toContain("+const $& $1 $$;\n");
  });

  it("shows lines that go, and lines that come, at the end of a file", async () => {
    const { edit } = worktree();
    expect(await edit({ old_string: "const l10 = 10;\n", new_string: "" })).toContain(
      "@@ -7,4 +7,3 @@\n const l7 = 7;\n const l8 = 8;\n const l9 = 9;\n-const l10 = 10;\n",
    );
  });

  it("shows what a file that is written anew has lost", async () => {
    const { directory, path } = worktree();
    const input = { file_path: path, content: TEN.replace("const l3 = 3;\n", "") };
    expect(await editDiff("Write", input, directory)).toContain("\n-const l3 = 3;\n");
  });

  it("shows a new file as one that comes", async () => {
    const { directory } = worktree();
    const input = { file_path: join(directory, "new.ts"), content: "one\ntwo\n" };
    expect(await editDiff("Write", input, directory)).toBe(
      "--- /dev/null\n+++ b/new.ts\n@@ -0,0 +1,2 @@\n+one\n+two\n",
    );
  });

  it.each([
    ["is not in the file", { old_string: "nowhere", new_string: "here" }],
    ["is in a file that is not there", { file_path: "gone.ts", old_string: "nowhere", new_string: "here" }],
    ["is outside of the worktree", { file_path: "/etc/hostname", old_string: "nowhere", new_string: "here" }],
  ])("shows the pieces as they are told where the old one %s", async (_what, input) => {
    const { edit } = worktree();
    expect(await edit(input)).toContain("@@ -1,1 +1,1 @@\n-nowhere\n+here\n");
  });

  it("shows nothing of a file to which a link leads out of the worktree", async () => {
    const { directory, edit } = worktree();
    const outside = join(folder(), "secret.ts");
    writeFileSync(outside, "const secret = 1;\nconst more = 2;\n");
    symlinkSync(outside, join(directory, "link.ts"));
    const input = { file_path: join(directory, "link.ts"), old_string: "secret", new_string: "open" };
    expect(await edit(input)).not.toContain("more");
  });

  it("is nothing for a tool that edits no file", async () => {
    const { directory, path } = worktree();
    expect(await editDiff("Read", { file_path: path }, directory)).toBeNull();
  });
});
