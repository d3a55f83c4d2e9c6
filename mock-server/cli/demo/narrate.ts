import type { Terminal } from "../terminal.js";
import type { Colors } from "../terminal.js";
import { bar, count, duration, padStart, percent, plain } from "../text.js";
import type { DemoEnding, DemoEvent, DemoTask, Tell } from "./events.js";
import { summaryOf } from "./summary.js";
import { nameCell, timeline, wordsOfState } from "./timeline.js";

/** How the narrator is set up. */
export interface NarratorOptions {
  readonly terminal: Terminal;
  /** The time in the story, in milliseconds. */
  readonly now: () => number;
  /** How many seconds of the story pass in one of the reader's. */
  readonly speed: number;
}

/** Tells the demo as a timeline that a person likes to read: when, who, what. */
export function createNarrator({ terminal, now, speed }: NarratorOptions): Tell {
  const { colors } = terminal;
  const names = new Map<string, string>();
  const begin = now();
  const paints = [colors.cyan, colors.green, colors.magenta, colors.yellow];

  const nameOf = (agentId: string | null): string =>
    agentId === null ? "nobody" : (names.get(agentId) ?? plain(agentId, 12));
  const painted = (agentId: string | null): string => {
    const paint = paints[[...names.keys()].indexOf(agentId ?? "") % paints.length] ?? colors.bold;
    return paint(nameCell(nameOf(agentId)));
  };
  const say = timeline(terminal, now);
  const game = colors.bold(nameCell("game"));

  return (event) => {
    switch (event.type) {
      case "started":
        for (const line of introduction(event, colors)) terminal.line(line);
        return;
      case "connected": {
        const server = `${plain(event.server.name, 40)} ${plain(event.server.version, 20)}`;
        return say(game, `"${event.game_name}" connects to ${server}`);
      }
      case "agent_created":
      case "agent_met": {
        const { agent } = event;
        names.set(agent.id, plain(agent.name, 12));
        const skills = agent.capabilities.map((skill) => skill.replaceAll("_", " ")).join(", ");
        return say(painted(agent.id), `joins as ${plain(agent.type)}: ${plain(skills, 80)}`);
      }
      case "agent_state":
        return say(painted(event.agent_id), colors.dim(wordsOfState(event.state)));
      case "events_away":
        return say(game, colors.yellow(`hears nothing any more: ${plain(event.reason, 80)}`));
      case "events_back":
        return say(
          game,
          event.missed ? "hears again, and has missed something" : "hears again, and has missed nothing",
        );
      case "task_assigned":
        return say(
          painted(event.task.agent_id),
          `${event.status === "assigned" ? "will next do" : "gets"} ${quoted(event.task)}`,
        );
      case "team_assigned": {
        const members = event.tasks.map(({ agent_id }) => nameOf(agent_id)).join(", ");
        return say(game, `calls ${members} together: "${plain(event.prompt, 80)}"`);
      }
      case "task_cancelled":
        return say(game, `${colors.yellow("cancels")} ${quoted(event.task)}: ${plain(event.reason, 80)}`);
      case "task_progress":
        return say(
          painted(event.agent_id),
          `${colors.blue(bar(event.progress))} ${padStart(percent(event.progress), 4)}  ${plain(event.message, 80)}`,
        );
      case "task_ended":
        return say(painted(event.task.agent_id), ending(event.task, colors));
      case "left_behind":
        return say(game, plain(event.message));
      case "finished":
        terminal.line();
        for (const line of summaryOf(event.tasks, nameOf, colors)) terminal.line(line);
        terminal.line();
        for (const problem of event.problems) terminal.line(colors.red(problem));
        terminal.line(closing(event.tasks, now() - begin, speed, colors));
    }
  };
}

function introduction(event: Extract<DemoEvent, { type: "started" }>, colors: Colors): string[] {
  const where =
    event.backend === "embedded"
      ? "on the backend inside this package: no server, no account, no network"
      : `on ${event.endpoint}`;
  const how =
    event.backend === "embedded"
      ? [
          `The agents are simulated: nobody writes real code here. Time runs ${String(event.speed)} times as fast,`,
          `and --seed ${String(event.seed)} plays the same story again.`,
        ]
      : ["Times are those of this machine. Whether the agents are simulated is for the server to say."];
  return [
    colors.bold(`A team of AI coding agents, ${where}.`),
    ...how.map((line) => colors.dim(line)),
    colors.dim("Ada debugs, so a fourth agent, Mika, makes a team of three possible meanwhile;"),
    colors.dim("a task that waits for Ada is cancelled before it begins."),
    "",
  ];
}

function quoted(task: DemoTask): string {
  return `"${plain(task.prompt, 80)}" (${task.task_type.replaceAll("_", " ")})`;
}

function ending(task: DemoEnding, colors: Colors): string {
  const took = duration(task.result.execution_time);
  switch (task.status) {
    case "completed":
      return `${colors.green("completes")} its ${nounOf(task)} after ${took}`;
    case "failed":
      return `${colors.red("fails")} at its ${nounOf(task)} after ${took}: ${plain(task.result.error?.message ?? "", 100)}`;
    case "cancelled":
      return `${colors.yellow("drops")} its ${nounOf(task)}, as it was told to`;
  }
}

function nounOf(task: DemoTask): string {
  if (task.part === "team") return "part of the team's work";
  return task.part === "debugging" ? "debugging" : task.task_type.replaceAll("_", " ");
}

function closing(tasks: readonly DemoEnding[], milliseconds: number, speed: number, colors: Colors): string {
  const number = (status: DemoEnding["status"]): number =>
    tasks.filter((task) => task.status === status).length;
  const seconds = milliseconds / 1_000;
  const time =
    speed === 1
      ? duration(seconds)
      : `${duration(seconds)} of their time, ${duration(seconds / speed)} of yours`;
  const endings = [
    colors.green(`${number("completed")} completed`),
    colors.red(`${number("failed")} failed`),
    colors.yellow(`${number("cancelled")} cancelled`),
  ];
  return `${colors.bold(`${count(tasks.length, "task")} in ${time}:`)} ${endings.join(", ")}.`;
}
