import { check, describeProblems, reportSchema } from "oligarchy-agentvm/contract";
import type { Report } from "oligarchy-agentvm/contract";
import * as z from "zod";

/** What a line of a command says. */
export type ReportLine =
  | {
      readonly kind: "report";
      readonly report: Exclude<Report, { position: unknown } | { question: unknown }>;
    }
  | { readonly kind: "question"; readonly id: string | null; readonly question: Question }
  /** By what name it goes on with the conversation. */
  | { readonly kind: "session"; readonly session: string }
  /** It is meant for one, and is none. */
  | { readonly kind: "wrong"; readonly problem: string }
  /** It is an object in JSON, and says nothing that is known. */
  | { readonly kind: "unknown" }
  /** It is a text, as most lines are. */
  | { readonly kind: "text" };

/** A question as the contract has it. */
export type Question = Extract<Report, { question: unknown }>["question"];

/** Words that reports are made of. */
const WORDS: readonly string[] = [
  "state",
  "progress",
  "message",
  "output",
  "question",
  "question_withdrawn",
  "usage",
  "agent",
  "session",
];

const objectSchema = z.record(z.string(), z.unknown());

const sessionSchema = z.strictObject({ session: z.string().min(1).max(1_000) });

const questionSchema = z.object({ question: z.looseObject({ id: z.string().min(1).max(64) }) });

/** Reads a line of a command. */
export function readReportLine(line: string): ReportLine {
  if (!/^\s*\{/.test(line)) return { kind: "text" };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: "text" };
  }
  const object = objectSchema.safeParse(value);
  if (!object.success) return { kind: "text" };
  // With a word that is none of ours it is somebody else's, such as a line of a log.
  const words = Object.keys(object.data);
  if (words.length === 0 || !words.every((word) => WORDS.includes(word))) return { kind: "unknown" };
  if (Object.hasOwn(object.data, "session")) {
    const read = sessionSchema.safeParse(value);
    return read.success
      ? { kind: "session", session: read.data.session }
      : { kind: "wrong", problem: "session: must be a text of 1 to 1000 characters, alone" };
  }
  return reportOf(value, words);
}

function reportOf(value: unknown, words: readonly string[]): ReportLine {
  const named = questionSchema.safeParse(value);
  const { id = null, ...question } = named.success ? named.data.question : {};
  const told = named.success ? { ...named.data, question } : value;
  const read = check(reportSchema, told, "report");
  if (!read.ok) return { kind: "wrong", problem: problemOf(told, words) ?? describeProblems(read.problems) };
  const report = read.value;
  if ("question" in report) return { kind: "question", id, question: report.question };
  return "position" in report ? { kind: "unknown" } : { kind: "report", report };
}

/** What is wrong with a report, of the form that it is nearest to: the one that has its first word. */
function problemOf(value: unknown, [word = ""]: readonly string[]): string | null {
  const form = reportSchema._zod.def.options.find(({ _zod }) => Object.hasOwn(_zod.def.shape, word));
  const read = form === undefined ? null : check(form, value, "report");
  return read === null || read.ok ? null : describeProblems(read.problems);
}
