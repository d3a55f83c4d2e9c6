import { resolve } from "node:path";
import { ConfigError } from "../../../src/index.js";
import { loadRecording } from "../../node.js";
import type { Recording, UnknownCall } from "../../node.js";
import type { Terminal } from "../terminal.js";
import { count } from "../text.js";
import { UsageError } from "../usage-error.js";

/** Unknown calls that people are told one by one. */
const TOLD_MAX = 10;

/** The options that say who works, of which none goes with a recording, by their names on the command line. */
interface OtherWork {
  readonly scripts?: string;
  readonly workspace?: string;
  readonly work: string;
}

/**
 * Reads the recording that a server is to answer from.
 *
 * @param file As it was given; relative to `cwd`.
 * @throws UsageError beside another option that says who works; ConfigError for a file that is none, or cannot be read.
 */
export async function recordingFor(file: string, cwd: string, other: OtherWork): Promise<Recording> {
  const { scripts, workspace, work } = other;
  const beside =
    scripts !== undefined
      ? "--scripts"
      : workspace !== undefined
        ? "--workspace"
        : work === "workers"
          ? "--work workers"
          : null;
  if (beside !== null)
    throw new UsageError(
      `A recording answers by itself: nothing of ${beside} would be asked.`,
      `Give --replay or ${beside}, and not both.`,
    );
  try {
    return await loadRecording(resolve(cwd, file));
  } catch (error) {
    if (error instanceof TypeError)
      throw unusable(error.message, "Name a file that agentvm record has written to its end.");
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw unusable(`${file}: it cannot be read (${code})`, "Name a file of agentvm record with --replay.");
  }
}

/** What is told of a recording that a server answers from. */
export interface ToldRecording {
  readonly file: string;
  readonly calls: number;
  readonly endpoint: string;
  readonly recorded_at: string;
  /** Whether it ends before what was recorded did. */
  readonly full: boolean;
}

export function recordingTold(file: string, recording: Recording): ToldRecording {
  const { lines, endpoint, recordedAt: recorded_at, full } = recording;
  return { file, calls: lines.filter(({ type }) => type === "call").length, endpoint, recorded_at, full };
}

function unusable(why: string, remediation: string): ConfigError {
  return new ConfigError(`The recording cannot be used: ${why}`, {
    code: "recording",
    outcome: "not_sent",
    remediation,
  });
}

/** Tells at the end what was asked that the recording does not know. */
export function tellUnknown(unknown: readonly UnknownCall[], terminal: Terminal, json = false): void {
  if (json) {
    for (const { call, why } of unknown) terminal.json({ type: "not_recorded", call, why });
    return;
  }
  if (unknown.length === 0) return;
  terminal.line(`The recording does not know ${count(unknown.length, "call")} that came:`);
  for (const { call, why } of unknown.slice(0, TOLD_MAX)) terminal.line(`  ${call}: ${why}`);
  if (unknown.length > TOLD_MAX) terminal.line(`  and ${unknown.length - TOLD_MAX} more`);
}
