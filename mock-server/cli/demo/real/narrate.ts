import type { Changes, Question } from "../../../../src/contract/index.js";
import { pairs } from "../../table.js";
import type { Terminal } from "../../terminal.js";
import { count, duration, plain } from "../../text.js";
import { nameCell, timeline, wordsOfState } from "../timeline.js";
import type { RealDemoEvent, Tell, Who } from "./events.js";

/** Lines of a diff that are shown. */
const DIFF_LINES_MAX = 60;

const INDENT = " ".repeat(4);

/** Tells the demo with a real agent as a timeline: when, who, what; questions and diffs stand below what they are of. */
export function createRealNarrator(terminal: Terminal, now: () => number): Tell {
  const { colors } = terminal;
  const say = timeline(terminal, now);
  const game = colors.bold(nameCell("game"));
  const you = colors.bold(nameCell("you"));
  let ada = colors.cyan(nameCell("Ada"));
  let hasMended = false;

  return (event) => {
    switch (event.type) {
      case "started":
        for (const line of introduction(event, terminal)) terminal.line(line);
        return;
      case "tests":
        return say(game, testsIn(event, terminal));
      case "agent_created":
        ada = colors.cyan(nameCell(plain(event.agent.name, 12)));
        return say(ada, `joins as ${plain(event.agent.type)}`);
      case "task_assigned":
        return say(ada, `gets "${plain(event.prompt, 120)}"`);
      case "agent_state":
        return say(ada, colors.dim(wordsOfState(event.state)));
      case "output": {
        const text = plain(event.text, 160);
        return say(ada, event.stream === "stdout" ? `says: ${text}` : colors.blue(text));
      }
      case "question":
        say(ada, `${colors.yellow("asks:")} ${plain(event.question.text, 160)}`);
        for (const line of aboutLines(event.question, terminal)) terminal.line(line);
        return;
      case "answered":
        return say(you, `${colors.green(`"${plain(event.label, 80)}"`)}${saidBy(event.by)}`);
      case "task_ended":
        return say(ada, ending(event, terminal));
      case "diff":
        for (const line of diffLines(event.diff, terminal)) terminal.line(line);
        return;
      case "reviewed":
        hasMended = event.verdict === "accepted";
        return say(
          you,
          hasMended
            ? `${colors.green("accept")} the work${saidBy(event.by)}`
            : `${colors.yellow("discard")} the work${saidBy(event.by)}`,
        );
      case "log":
        say(game, "git log");
        for (const commit of event.commits) terminal.line(`${INDENT}${plain(commit, 140)}`);
        return;
      case "finished":
        terminal.line();
        for (const problem of event.problems) terminal.line(colors.red(problem));
        if (event.problems.length === 0) terminal.line(colors.bold(closing(hasMended)));
        for (const line of HOW_ON) terminal.line(line);
    }
  };
}

const HOW_ON = ["On a repository of yours:", `${INDENT}npx agentvm serve --workspace .`];

function closing(hasMended: boolean): string {
  return hasMended
    ? "A real agent has mended it: on a branch of its own, asked before it wrote, and accepted by the player."
    : "The repository is as it was: nothing of an agent's goes into it that the player does not want.";
}

function introduction(event: Extract<RealDemoEvent, { type: "started" }>, { colors }: Terminal): string[] {
  const { name, version } = event.agent;
  return [
    colors.bold(
      `A real agent, ${plain(name, 40)}${version === null ? "" : ` ${plain(version, 40)}`}, at work on a small repository with a bug.`,
    ),
    ...(event.scripted
      ? [
          "The agent is the real one, and runs real commands; what it thinks is written down, and needs no account.",
        ]
      : ["It thinks with the model that it is logged in to, which costs what a short task costs."]
    ).map((line) => colors.dim(line)),
    ...pairs(
      [
        ["repository", event.repository],
        ["server", event.endpoint],
        ...(event.console_url === null ? [] : [["console", event.console_url] as const]),
      ],
      colors,
    ),
    "",
  ];
}

function testsIn(
  { passed, failed }: Extract<RealDemoEvent, { type: "tests" }>,
  { colors }: Terminal,
): string {
  const came =
    failed === 0
      ? colors.green(count(passed, "test passes", "tests pass"))
      : colors.red(`${count(failed, "test fails", "tests fail")}, ${passed} pass${passed === 1 ? "es" : ""}`);
  return `node --test: ${came}`;
}

/** Who has said it, where that was not the person. */
function saidBy(who: Who): string {
  return who === "person" ? "" : ", says the demo for you";
}

function aboutLines({ about }: Question, terminal: Terminal): string[] {
  if (about?.diff !== undefined) return diffLines(about.diff, terminal);
  // A question about a command names it already.
  return [];
}

/** A diff in colours; what is added and removed has a sign too. */
function diffLines(diff: string, { colors }: Terminal): string[] {
  const all = diff.trimEnd().split("\n");
  const shown = all.slice(0, DIFF_LINES_MAX).map((line) => {
    // Spaces at its beginning are a part of what is shown.
    const text = `${/^\s*/.exec(line)?.[0] ?? ""}${plain(line, 160)}`;
    if (/^(\+\+\+|---|diff |index )/.test(line)) return colors.dim(text);
    if (line.startsWith("+")) return colors.green(text);
    if (line.startsWith("-")) return colors.red(text);
    return line.startsWith("@@") ? colors.cyan(text) : text;
  });
  const left = all.length - shown.length;
  return [...shown, ...(left > 0 ? [colors.dim(`and ${count(left, "more line")}`)] : [])].map(
    (line) => `${INDENT}${line}`,
  );
}

function ending(event: Extract<RealDemoEvent, { type: "task_ended" }>, { colors }: Terminal): string {
  const took = duration(event.seconds);
  if (event.status !== "completed")
    return `${colors.red(event.status === "failed" ? "fails" : "drops its task")} after ${took}: ${plain(event.error?.message ?? "", 300)}`;
  return `${colors.green("is done")} after ${took}: ${changed(event.changes)}`;
}

function changed(changes: Changes | null): string {
  if (changes === null) return "nothing has changed";
  const { files, insertions, deletions, branch } = changes;
  const paths = files.map(({ path }) => plain(path, 80)).join(", ");
  return `${plain(paths, 160)} changed (+${insertions} -${deletions}), on the branch ${plain(branch, 80)}`;
}
