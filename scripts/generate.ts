import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "./lib/generated-files.js";
import { root } from "./lib/workspace.js";

// Writes the documents of the contract. A file that is right already is left alone, so that watchers stay calm.

const folder = join(root, "mock-server", "generated");
mkdirSync(folder, { recursive: true });
for (const [name, contents] of Object.entries(generatedFiles())) {
  const path = join(folder, name);
  if (read(path) !== contents) writeFileSync(path, contents);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
