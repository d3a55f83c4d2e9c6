import type { Clock } from "oligarchy-agentvm";
import type { WorkChild, WorkJob, WorkState } from "oligarchy-agentvm/worker";
import type { AgentEvent, ToolKind } from "../agent-events.js";
import { Pose } from "./pose.js";

/** Takes secrets out of what is told. */
export type Redact = (text: string) => string;

interface Helper {
  readonly child: WorkChild;
  readonly pose: Pose;
}

type ToolEvent = Extract<AgentEvent, { kind: "tool" }>;

/** Makes a character of what an agent does: what it is seen doing, how far it is, what it says, and who helps it. */
export class Character {
  readonly #job: WorkJob;
  readonly #clock: Clock;
  readonly #redact: Redact;
  readonly #pose: Pose;
  readonly #helpers = new Map<string, Helper>();
  /** Tools that have been told of, by their id, so that each begins and fails once. */
  readonly #tools = new Map<string, "begun" | "failed">();
  #hasSpoken = false;

  constructor(job: WorkJob, clock: Clock, redact: Redact) {
    this.#job = job;
    this.#clock = clock;
    this.#redact = redact;
    this.#pose = new Pose(clock, (state) => void job.state(state));
  }

  /** Whether it has said or done anything that one could see. */
  get hasActed(): boolean {
    return this.#hasSpoken || this.#tools.size > 0;
  }

  /** Tells one thing that the agent does. */
  tell(event: AgentEvent): void {
    switch (event.kind) {
      case "session":
        return;
      case "message":
        this.#hasSpoken ||= event.of === null;
        this.#poseOf(event.of)?.take("speaking");
        if (event.of === null) this.#write(event.text, "stdout");
        return;
      case "thought":
        this.#poseOf(event.of)?.take("thinking");
        return;
      case "tool":
        return this.#tool(event);
      case "state":
        this.#poseOf(event.of)?.take(event.state);
        return;
      case "progress":
        this.#job.progress(event.share, this.#redact(event.message));
        return;
      case "plan":
        return this.#plan(event.entries);
      case "helper":
        return this.#comes(event.helper, event.name);
      case "helper_gone":
        return this.#goes(event.helper);
      case "usage": {
        const { kind: _kind, ...usage } = event;
        this.#job.usage(usage);
        return;
      }
      case "retry":
        this.#pose.take("thinking");
        this.#job.progress(null, this.#redact(event.message));
        return;
      case "output":
        this.#hasSpoken ||= event.isSaid === true && event.text.trim() !== "";
        return this.#write(event.text, event.stream);
    }
  }

  /** The work is over: nothing of it is shown from now on. */
  close(): void {
    this.#pose.close();
    for (const { pose } of this.#helpers.values()) pose.close();
    this.#helpers.clear();
  }

  #poseOf(helper: string | null): Pose | undefined {
    return helper === null ? this.#pose : this.#helpers.get(helper)?.pose;
  }

  #tool({ tool_id, tool, title, status, of }: ToolEvent): void {
    if (status === "pending") return;
    const told = this.#tools.get(tool_id);
    if (told === undefined) {
      this.#tools.set(tool_id, "begun");
      if (of === null) {
        this.#job.progress(null, this.#redact(title));
        this.#write(`> ${title}`, "stderr");
      }
    }
    if (status === "running") this.#poseOf(of)?.take(stateFor(tool));
    if (status === "failed" && told !== "failed") {
      this.#tools.set(tool_id, "failed");
      if (of === null) this.#write(`> ${title}: it failed`, "stderr");
    }
    // What comes after a tool is the model's, until it says something else.
    if (status === "done" || status === "failed") this.#poseOf(of)?.take("thinking");
  }

  #plan(entries: Extract<AgentEvent, { kind: "plan" }>["entries"]): void {
    if (entries.length === 0) return;
    const done = entries.filter(({ status }) => status === "done").length;
    const now =
      entries.find(({ status }) => status === "running") ?? entries.find(({ status }) => status !== "done");
    this.#job.progress(done / entries.length, this.#redact(now?.text ?? "All of the plan is done."));
  }

  #comes(helper: string, name: string): void {
    if (this.#helpers.has(helper)) return;
    const child = this.#job.child(this.#redact(name).trim() || "Helper");
    // There may be no more of them: it works all the same, and is not seen.
    if (child === null) return;
    this.#helpers.set(helper, { child, pose: new Pose(this.#clock, (state) => void child.state(state)) });
  }

  #goes(helper: string): void {
    const one = this.#helpers.get(helper);
    if (one === undefined) return;
    this.#helpers.delete(helper);
    one.pose.close();
    one.child.gone();
  }

  #write(text: string, stream: "stdout" | "stderr"): void {
    const told = this.#redact(text);
    if (told !== "") this.#job.write(told.endsWith("\n") ? told : `${told}\n`, stream);
  }
}

/** What a character is seen doing while it uses a tool. */
function stateFor(tool: ToolKind): WorkState {
  switch (tool) {
    case "edit":
    case "delete":
    case "move":
    case "execute":
      return "coding";
    case "read":
    case "search":
    case "fetch":
    case "think":
    case "other":
      return "thinking";
  }
}
