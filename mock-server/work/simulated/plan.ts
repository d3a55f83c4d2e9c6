import type { Agent, Fault, Position, Task } from "../../../src/contract/index.js";
import { capabilityMatch, deepFreeze, excerptOf } from "../../domain/index.js";
import type { WorkState } from "../../../src/contract/work-states.js";
import type { Chance } from "../work.js";
import type { Simulation } from "./simulation.js";
import { courseOf } from "./courses.js";
import {
  FAILURES,
  FILES,
  PHRASES,
  SIMULATION_CLOSING,
  SIMULATION_NOTICE,
  WARNINGS,
  type Phase,
} from "./texts.js";

/** A piece of output to write. */
export interface PlannedLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** What an agent does at one moment of its work. */
export interface WorkStep {
  /** Milliseconds after the step before. */
  readonly after: number;
  readonly state?: WorkState | undefined;
  readonly position?: Position | undefined;
  readonly progress?: { readonly share: number; readonly message: string } | undefined;
  readonly lines?: PlannedLine[] | undefined;
  /** The end of the work, and what went wrong if something did. */
  readonly end?: { readonly error: Fault | null } | undefined;
}

/** A whole piece of simulated work, decided when it starts. */
export interface WorkPlan {
  /** What the agent is seen doing from the start. */
  readonly state: WorkState;
  readonly opening: readonly PlannedLine[];
  readonly steps: WorkStep[];
}

const SECONDS_MIN = 6;
const SECONDS_MAX = 30;
/** Simulated seconds between two signs of life, more or less. */
const BEAT_SECONDS = 2;
/** How much oftener an agent fails at what it has no capability for. */
const UNFIT_FAILURE_FACTOR = 1.8;

interface Segment {
  readonly phase: Phase;
  readonly share: number;
}

/**
 * Plans the work of an agent on a task. An efficient agent is faster, one that lacks the capability fails oftener,
 * a talkative one speaks longer; chance decides the rest.
 *
 * @param desk Where the agent works, if its scene has a place for it: it walks there first.
 */
export function planWork(
  task: Task,
  agent: Agent,
  desk: Position | null,
  random: Chance,
  simulation: Simulation,
): WorkPlan {
  const [least, most, rate, style] = courseOf(task.task_type);
  const pace = 1.3 - 0.4 * agent.personality.efficiency;
  const [from, to] = simulation.seconds ?? [SECONDS_MIN, SECONDS_MAX];
  const chance = random.next();
  const seconds = simulation.seconds ? from + (to - from) * chance : (least + (most - least) * chance) * pace;
  const totalMs = Math.round(Math.min(to, Math.max(from, seconds)) * 1_000);
  const fitness = capabilityMatch(agent, task.task_type);
  const failureRate = simulation.failureRate ?? rate * (fitness > 0 ? 1 : UNFIT_FAILURE_FACTOR);
  const failsAt = random.next() < failureRate ? totalMs * (0.5 + 0.45 * random.next()) : Infinity;
  const inTeam = task.team_id !== null;
  const segments = inTeam ? TEAM_SEGMENTS : segmentsFor(agent, style, desk !== null);
  const subject = excerptOf(task.prompt, 48);
  const steps: WorkStep[] = [];
  let at = 0;
  let state: WorkState = segments[0]?.phase ?? "thinking";
  let segmentEnd = 0;
  for (const { phase, share } of segments) {
    const segmentMs = totalMs * share;
    segmentEnd += segmentMs;
    const beats = Math.max(1, Math.round(segmentMs / 1_000 / BEAT_SECONDS));
    const phrases = shuffled(PHRASES[phase], random);
    for (let beat = 0; beat < beats; beat += 1) {
      // A beat falls somewhere in the first part of its stretch, so the steps never change their order.
      const start = segmentEnd - segmentMs + (segmentMs * (beat + 0.1 + 0.6 * random.next())) / beats;
      const moment = Math.max(at + 1, Math.round(beat === 0 ? segmentEnd - segmentMs + 50 : start));
      if (moment >= failsAt) break;
      const message = fill(phrases[beat % phrases.length] ?? "Working", subject, random);
      const lines: PlannedLine[] = [{ stream: "stdout", text: `[${phase}] ${message}\n` }];
      if (random.next() < 0.12) {
        lines.push({ stream: "stderr", text: `${fill(pick(WARNINGS, random), subject, random)}\n` });
      }
      const done = Math.min(0.99, Math.max(0.01, Math.round((moment / totalMs) * 100) / 100));
      steps.push({
        after: moment - at,
        ...(phase !== state && { state: phase }),
        ...(state === "moving" && phase !== "moving" && desk !== null && { position: desk }),
        progress: { share: done, message },
        lines,
      });
      state = phase;
      at = moment;
    }
    if (segmentEnd >= failsAt) break;
  }
  steps.push(...(failsAt < Infinity ? failing(failsAt - at, inTeam, random) : [finished(totalMs - at)]));
  return deepFreeze({
    state: segments[0]?.phase ?? "thinking",
    opening: [
      { stream: "stdout", text: SIMULATION_NOTICE },
      { stream: "stdout", text: `[${agent.type}] ${agent.name} takes on: ${subject}\n` },
    ],
    steps,
  });
}

const TEAM_SEGMENTS: readonly Segment[] = [{ phase: "collaborating", share: 1 }];

function segmentsFor(agent: Agent, style: "code" | "talk", walks: boolean): readonly Segment[] {
  const walk = walks ? 0.1 : 0;
  const think = 0.25;
  const speak = 0.1 + 0.15 * agent.personality.talkativeness;
  const main = 1 - walk - think - speak;
  const segments: Segment[] = walks ? [{ phase: "moving", share: walk }] : [];
  segments.push({ phase: "thinking", share: think });
  if (style === "code") segments.push({ phase: "coding", share: main }, { phase: "speaking", share: speak });
  else
    segments.push({ phase: "coding", share: main * 0.25 }, { phase: "speaking", share: main * 0.75 + speak });
  return segments;
}

function finished(afterMs: number): WorkStep {
  return {
    after: Math.max(1, Math.round(afterMs)),
    lines: [{ stream: "stdout", text: SIMULATION_CLOSING }],
    end: { error: null },
  };
}

/** The agent is seen in trouble for a moment before it gives up; who works in a team stays `collaborating`. */
function failing(afterMs: number, inTeam: boolean, random: Chance): WorkStep[] {
  const error = pick(FAILURES, random);
  return [
    {
      after: Math.max(1, Math.round(afterMs)),
      ...(!inTeam && { state: "error" as const }),
      lines: [{ stream: "stderr", text: `error: ${error.message}\n` }],
    },
    { after: 300 + Math.round(random.next() * 600), end: { error } },
  ];
}

function fill(phrase: string, subject: string, random: Chance): string {
  // A function, as the subject is free text and `$&` in it would otherwise mean something.
  return phrase.replace("%s", () => subject).replace("%f", () => pick(FILES, random));
}

function pick<T>(list: readonly [T, ...T[]] | readonly T[], random: Chance): T {
  const item = list[Math.floor(random.next() * list.length)];
  if (item === undefined) throw new RangeError("Nothing can be picked from an empty list.");
  return item;
}

function shuffled<T>(list: readonly T[], random: Chance): T[] {
  const rest = [...list];
  const mixed: T[] = [];
  while (rest.length > 0) mixed.push(...rest.splice(Math.floor(random.next() * rest.length), 1));
  return mixed;
}
