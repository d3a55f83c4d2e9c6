import { remember } from "../remember.js";
import type { Call, Failure, Part, Reply, Usage } from "./call.js";
import type { Scenario, Step, Times, ToolStep } from "./scenario.js";
import { toolRounds } from "./tool-calls.js";

/** Places in conversations of which it is remembered how often they failed; past it the oldest is forgotten. */
const REMEMBERED_MAX = 10_000;

/** What an answer is said to cost where the scenario says nothing. */
const USUAL_USAGE: Usage = { input: 100, output: 20 };

/**
 * Plays scenarios: says what comes next in a conversation. Where that stands is seen in the call itself, by the rounds of tools that it has
 * in it, so that a call that is made again gets the same answer; only how often a fault has happened is remembered.
 */
export class Player {
  readonly #scenarios: readonly Scenario[];
  readonly #helpers: readonly Scenario[];
  readonly #faults = new Map<string, number>();

  constructor(scenarios: readonly Scenario[]) {
    this.#scenarios = scenarios;
    this.#helpers = scenarios.flatMap(({ name, steps }) => helpersOf(name, steps));
  }

  /** What the model gives for a call. */
  next(call: Call): Reply {
    if (call.aside !== null)
      return { kind: "answer", parts: [text(call.aside)], usage: USUAL_USAGE, scenario: null };
    const scenario = this.#fitting(call);
    if (scenario === undefined)
      return { kind: "answer", parts: [text(this.#unknown(call))], usage: USUAL_USAGE, scenario: null };
    return this.#play(scenario, call);
  }

  #fitting({ prompts }: Call): Scenario | undefined {
    const prompt = prompts.at(-1) ?? "";
    const earlier = prompts.slice(0, -1);
    return [...this.#helpers, ...this.#scenarios].find(
      (scenario) =>
        (scenario.prompt === null || scenario.prompt(prompt)) &&
        (scenario.after === null || earlier.some(scenario.after)),
    );
  }

  #unknown({ prompts }: Call): string {
    const prompt = JSON.stringify((prompts.at(-1) ?? "").slice(0, 200));
    const names = this.#scenarios
      .slice(0, 20)
      .map(({ name }) => name)
      .join(", ");
    return `This is a scripted model, and none of its scenarios fits the prompt ${prompt}. It has: ${names}.`;
  }

  #play(scenario: Scenario, call: Call): Reply {
    let steps = scenario.steps;
    let path = scenario.name;
    let round = 0;
    let parts: Part[] = [];
    let usage = USUAL_USAGE;
    for (let place = 0; place < steps.length; place += 1) {
      const step = steps[place];
      if (step === undefined) break;
      if (step.kind === "usage") usage = { input: step.input, output: step.output };
      else if (step.kind !== "tool") {
        // What stands before a tool that was called already was said then.
        const isPast = call.rounds.length > round && hasTool(steps, place, call);
        if (!isPast) parts.push(...this.#partsOf(step, `${path}/${place}`, call));
      } else {
        const rounds = toolRounds(step.tool, call);
        if (rounds === null) {
          if (step.tool.kind === "plan") continue;
          if (step.tool.kind === "ask") parts.push(text(step.tool.question));
          else return this.#cannot(step.tool, scenario, call);
          continue;
        }
        const past = call.rounds.slice(round, round + rounds.length);
        round += past.length;
        if (past.length > 0) {
          parts = [];
          usage = USUAL_USAGE;
        }
        const next = rounds[past.length];
        if (next !== undefined) {
          parts.push(...next.map((use): Part => ({ kind: "tool", use })));
          break;
        }
        if (past.some(({ failed }) => failed) && step.otherwise !== null) {
          steps = step.otherwise;
          path = `${path}/${place}/otherwise`;
          place = -1;
        }
      }
    }
    const [first] = parts;
    if (first?.kind === "error") return { kind: "refusal", failure: first.failure, scenario: scenario.name };
    return { kind: "answer", parts, usage, scenario: scenario.name };
  }

  #partsOf(step: Exclude<Step, { kind: "tool" | "usage" }>, path: string, call: Call): readonly Part[] {
    switch (step.kind) {
      case "say":
        return [{ kind: "text", text: step.text, piece: step.piece }];
      case "think":
        return [{ kind: "thinking", text: step.text }];
      case "fail":
        return this.#happens(step.times, path, call) ? [{ kind: "error", failure: failureOf(step) }] : [];
      case "hang":
      case "cut":
        return this.#happens(step.times, path, call) ? [{ kind: step.kind }] : [];
      case "flood":
      case "wait":
      case "pause":
      case "trickle":
        return [step];
    }
  }

  /** Whether a fault happens once more, and counts it. */
  #happens(times: Times, path: string, call: Call): boolean {
    if (times === "always") return true;
    const key = `${call.conversation} ${call.prompts.length} ${path}`;
    const count = this.#faults.get(key) ?? 0;
    if (count >= times) return false;
    remember(this.#faults, key, count + 1, REMEMBERED_MAX);
    return true;
  }

  #cannot(tool: ToolStep, scenario: Scenario, call: Call): Reply {
    const offered = call.tools.map(({ name }) => name).join(", ");
    return {
      kind: "refusal",
      scenario: scenario.name,
      failure: {
        status: 400,
        message: `The scenario ${scenario.name} has a step ${tool.kind}, and the agent offers no tool for it. It offers: ${offered === "" ? "none" : offered}.`,
        retryAfter: null,
      },
    };
  }
}

/** Whether a tool comes after this place that the agent can call. */
function hasTool(steps: readonly Step[], place: number, call: Call): boolean {
  return steps.slice(place + 1).some((step) => step.kind === "tool" && toolRounds(step.tool, call) !== null);
}

function text(said: string): Part {
  return { kind: "text", text: said, piece: Number.MAX_SAFE_INTEGER };
}

function failureOf({ status, message, retryAfter }: Extract<Step, { kind: "fail" }>): Failure {
  return { status, message: message ?? REASONS[status] ?? "The scenario fails here.", retryAfter };
}

/** What models say when they refuse. */
const REASONS: Readonly<Record<number, string>> = {
  400: "Invalid request",
  401: "invalid x-api-key",
  403: "Permission denied",
  404: "Not found",
  429: "Rate limited",
  500: "Internal server error",
  529: "Overloaded",
};

/** Helpers have conversations of their own, that begin with just what their helper was told. */
function helpersOf(name: string, steps: readonly Step[]): readonly Scenario[] {
  return steps.flatMap((step) => {
    if (step.kind !== "tool") return [];
    const otherwise = helpersOf(name, step.otherwise ?? []);
    if (step.tool.kind !== "helper") return otherwise;
    const { name: called, prompt, steps: own } = step.tool;
    const told = prompt.trim();
    return [
      {
        name: `${name}/${called}`,
        prompt: (given: string) => given.trim() === told,
        after: null,
        steps: own,
      },
      ...helpersOf(`${name}/${called}`, own),
      ...otherwise,
    ];
  });
}
