import type { AgentRun } from "../adapter.js";
import type { CommandAsking } from "./asking.js";
import { readReportLine } from "./report-line.js";
import type { ReportLine } from "./report-line.js";

/** Characters of a command's output that are told; a task keeps less of it. */
const OUTPUT_MAX = 1_048_576;

/** Reports that are wrong of which one is told. */
const WRONG_MAX = 10;

type Report = Extract<ReportLine, { readonly kind: "report" }>["report"];

/** Tells what a command says: its reports as what they are, anything else as output. */
export class CommandStory {
  readonly #run: AgentRun;
  readonly #asking: CommandAsking;
  #told = 0;
  #wrong = 0;
  #hasUnknown = false;
  #lastMessage = "";

  constructor(run: AgentRun, asking: CommandAsking) {
    this.#run = run;
    this.#asking = asking;
    run.tell({ kind: "state", state: "coding", of: null });
  }

  /** What it said last of how far it is. */
  get lastMessage(): string {
    return this.#lastMessage;
  }

  /** Takes a line of its standard output. */
  line(text: string): void {
    const line = readReportLine(text);
    switch (line.kind) {
      case "text":
        return this.output("stdout", text);
      case "unknown":
        this.output("stdout", text);
        if (!this.#hasUnknown)
          this.#note(
            "A line of JSON is no report that is known, and is taken for output, as are others like it.",
          );
        this.#hasUnknown = true;
        return;
      case "wrong":
        this.#wrong += 1;
        if (this.#wrong <= WRONG_MAX) this.#note(`A report is wrong, and left out: ${line.problem}`);
        if (this.#wrong === WRONG_MAX) this.#note("Of more wrong reports nothing is told.");
        return;
      case "session":
        return this.#run.tell({ kind: "session", session: line.session, model: this.#run.model });
      case "question":
        return this.#asking.take(line.id, line.question);
      case "report":
        return this.#report(line.report);
    }
  }

  /** Tells output, up to a bound. */
  output(stream: "stdout" | "stderr", text: string): void {
    if (this.#told > OUTPUT_MAX) return;
    this.#told += text.length + 1;
    if (this.#told <= OUTPUT_MAX)
      this.#run.tell({ kind: "output", stream, text, isSaid: stream === "stdout" });
    else this.#note(`It has said more than ${OUTPUT_MAX} characters: the rest is left out.`);
  }

  #report(report: Report): void {
    const run = this.#run;
    if ("state" in report) run.tell({ kind: "state", state: report.state, of: null });
    else if ("output" in report) this.output(report.output.stream, report.output.text.replace(/\n$/, ""));
    else if ("question_withdrawn" in report) this.#asking.cancel(report.question_withdrawn);
    else if ("usage" in report) run.tell({ kind: "usage", ...report.usage });
    else if ("agent" in report) this.#helper(report.agent);
    else {
      this.#lastMessage = report.message;
      run.tell({ kind: "progress", share: report.progress ?? null, message: report.message });
    }
  }

  #helper(agent: Extract<Report, { agent: unknown }>["agent"]): void {
    const run = this.#run;
    const { child } = agent;
    if ("gone" in agent) return run.tell({ kind: "helper_gone", helper: child });
    run.tell({ kind: "helper", helper: child, name: agent.name ?? child });
    run.tell({ kind: "state", state: agent.state, of: child });
  }

  #note(text: string): void {
    this.#run.tell({ kind: "output", stream: "stderr", text: `[${text}]` });
  }
}
