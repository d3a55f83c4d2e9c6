import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Changes, Task } from "../../../src/index.js";
import type { PlaceChanges, Workspace } from "../../../server/src/workspace/workspace.js";

/** Writes a file, and the folders that it lies in. */
export function writeIn(folder: string, path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A task as a server tells it. */
export function taskOf(
  id: string,
  { changes = null, continues = null }: { changes?: Changes | null; continues?: string | null } = {},
): Task {
  return {
    id,
    agent_id: "agent_1",
    team_id: null,
    game_id: null,
    prompt: "Fix the jump",
    task_type: "general",
    priority: 1,
    timeout: 600,
    status: "running",
    progress: 0,
    message: "",
    result: null,
    metadata: {},
    created_at: "2026-01-31T12:00:00.000Z",
    started_at: null,
    completed_at: null,
    attempt: 1,
    question: null,
    changes,
    usage: null,
    continues,
  };
}

/** Does a task that writes these files, and gives what it has changed. */
export async function doTask(
  workspace: Workspace,
  id: string,
  files: Readonly<Record<string, string>>,
  continues: string | null = null,
): Promise<PlaceChanges | null> {
  const place = await workspace.open(taskOf(id, { continues }));
  for (const [path, text] of Object.entries(files)) writeIn(place.directory, path, text);
  return place.commit(`Do ${id}`, "Ada");
}
