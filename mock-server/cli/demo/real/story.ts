import { AgentVMError } from "../../../../src/index.js";
import type { AgentVM, TaskHandle } from "../../../../src/index.js";
import { isTaskEnding } from "../../../../src/contract/tasks.js";
import type { Question, TaskEnding } from "../../../../src/contract/index.js";
import type { Tell } from "./events.js";
import type { Player } from "./player.js";
import { PROMPT } from "./repository.js";
import type { DemoRepository } from "./repository.js";

/** Seconds that the agent may take; a real model thinks for a while. */
const TASK_TIMEOUT_SECONDS = 900;

/** What the story is played with. */
export interface RealStoryParts {
  readonly agentvm: AgentVM;
  readonly repository: DemoRepository;
  /** The type of the agent that works. */
  readonly agentType: string;
  /** Who answers its questions and looks at its work. */
  readonly player: Player;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/** Has a real agent mend a bug in the repository, and gives whether that came to what the player wanted. */
export async function playRealStory(parts: RealStoryParts): Promise<boolean> {
  const { agentvm, repository, agentType, player, tell, signal } = parts;
  tell({ type: "tests", ...repository.test() });
  await agentvm.connect({ game_name: "AgentVM demo with a real agent" }, { signal });
  const agent = await agentvm.agents.create({ agent_type: agentType, name: "Ada" }, { signal });
  tell({ type: "agent_created", agent });
  const unfollow = agentvm.on("agent.state_changed", ({ data }) => {
    if (data.agent_id === agent.id) tell({ type: "agent_state", state: data.state });
  });
  try {
    const task = await agentvm.tasks.assign(
      { agent_id: agent.id, prompt: PROMPT, task_type: "debugging", timeout: TASK_TIMEOUT_SECONDS },
      { signal },
    );
    tell({ type: "task_assigned", task_id: task.id, prompt: PROMPT });
    await Promise.all([listen(task, tell, signal), answerAll(task, player, tell, signal)]);
    return await finish(task, parts);
  } finally {
    unfollow();
  }
}

/** Tells what the agent writes until its task is over. */
async function listen(task: TaskHandle, tell: Tell, signal: AbortSignal): Promise<void> {
  for await (const { stream, text } of task.output(0, { signal }))
    for (const line of text.split("\n")) if (line.trim() !== "") tell({ type: "output", stream, text: line });
}

/** Answers what the agent asks until its task is over. */
async function answerAll(task: TaskHandle, player: Player, tell: Tell, signal: AbortSignal): Promise<void> {
  for await (const question of task.questions({ signal })) {
    tell({ type: "question", question });
    const answer = await player.answer(question, signal);
    // Before it is given: what the agent does upon it comes after.
    tell({ type: "answered", label: labelOf(question, answer), by: player.who });
    try {
      await task.answer({ question_id: question.question_id, ...answer }, { signal });
    } catch (error) {
      // Nobody wants to know any more: its time is over, or the agent goes on without.
      if (!(error instanceof AgentVMError && error.code === "no_such_question")) throw error;
    }
  }
}

function labelOf({ options }: Question, answer: Awaited<ReturnType<Player["answer"]>>): string {
  if ("text" in answer) return answer.text;
  return options.find(({ id }) => id === answer.choice)?.label ?? answer.choice;
}

/** Looks at the work, takes it in where it is wanted, and looks what it came to. */
async function finish(task: TaskHandle, parts: RealStoryParts): Promise<boolean> {
  const { agentvm, repository, player, tell, signal } = parts;
  const { changes, error, execution_time } = await task.result({ signal });
  const { status } = await agentvm.tasks.get(task.id, { signal });
  const ending: TaskEnding = isTaskEnding(status) ? status : "failed";
  tell({ type: "task_ended", status: ending, seconds: execution_time, error, changes });
  const problems: string[] = [];
  // Who has said no to what it wanted to do has wanted just that.
  if (ending !== "completed" && !player.hasDenied) problems.push("The agent could not do it.");
  let wanted = false;
  if (changes === null) {
    if (ending === "completed" && !player.hasDenied) problems.push("The agent has changed nothing.");
  } else {
    tell({ type: "diff", diff: await task.diff({ signal }) });
    wanted = await player.accepts(signal);
    await (wanted ? task.accept(undefined, { signal }) : task.discard(undefined, { signal }));
    tell({ type: "reviewed", verdict: wanted ? "accepted" : "discarded", by: player.who });
  }
  const tests = repository.test();
  tell({ type: "tests", ...tests });
  if (wanted && tests.failed > 0) problems.push("The tests still fail.");
  tell({ type: "log", commits: repository.log() });
  tell({ type: "finished", ok: problems.length === 0, problems });
  return problems.length === 0;
}
