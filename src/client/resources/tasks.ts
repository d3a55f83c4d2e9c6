import { onAbort } from "../../contract/on-abort.js";
import { taskRoutes } from "../../contract/routes/tasks.js";
import type { AnswerOf, BodyOf, Changes, QueryOf, Task } from "../../contract/index.js";
import type { Caller } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";
import { listing } from "../http/page.js";
import type { Listing } from "../http/page.js";
import type { Commander } from "./commander.js";
import { outputStream } from "./output-stream.js";
import { TaskHandle, TeamHandle } from "./task-handle.js";
import type { TaskHandleParts } from "./task-handle.js";
import type { TaskOutput, readOutput } from "./task-output.js";
import type { QuestionAnswer, TaskWorkParts, answerTask, diffOfTask, reviewTask } from "./task-work.js";

/** What {@link Tasks} does its work with. */
export interface TasksParts extends Pick<TaskHandleParts, "feed" | "clock"> {
  readonly caller: Caller;
  readonly commander: Commander;
  /** Gets the code of what few tasks need, when the first one does. */
  readonly load: () => Promise<{
    readonly readOutput: typeof readOutput;
    readonly answerTask: typeof answerTask;
    readonly diffOfTask: typeof diffOfTask;
    readonly reviewTask: typeof reviewTask;
  }>;
}

/** Work for agents: giving it out, looking at it, cancelling it. */
export class Tasks {
  readonly #caller: Caller;
  readonly #commander: Commander;
  readonly #load: TasksParts["load"];
  readonly #parts: TaskHandleParts;

  /** Made by the client. */
  constructor({ caller, commander, load, feed, clock }: TasksParts) {
    this.#caller = caller;
    this.#commander = commander;
    this.#load = load;
    this.#parts = {
      feed,
      clock,
      tasks: this,
    };
  }

  /**
   * Gives a task to the agent that is named, else to the best idle one for that kind of work; it waits as
   * `pending` while none is free.
   *
   * @example
   * const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump", task_type: "debugging" });
   * const { success, output } = await task.result();
   */
  async assign(task: BodyOf<"taskAssign">, options?: CallOptions): Promise<TaskHandle> {
    const input = { body: task };
    const { task_id } = await this.#commander.json("tasks.assign", taskRoutes.taskAssign, input, options);
    return this.handle(task_id);
  }

  /**
   * Gives one piece of work to a team of `team_size` agents (2 to 10) that fit together. Members that are missing are created
   * while there is room.
   *
   * @example
   * const team = await agentvm.tasks.assignTeam({ prompt: "Add multiplayer", team_size: 3 });
   * const results = await team.results();
   */
  async assignTeam(work: BodyOf<"teamAssign">, options?: CallOptions): Promise<TeamHandle> {
    const input = { body: work };
    const { team_id, task_ids } = await this.#commander.json(
      "tasks.assignTeam",
      taskRoutes.teamAssign,
      input,
      options,
    );
    return new TeamHandle(
      team_id,
      task_ids.map((id) => this.handle(id)),
    );
  }

  /** Tells how a task stands, and its result when it is over. */
  async get(taskId: string, options?: CallOptions): Promise<Task> {
    const input = { params: { task_id: taskId } };
    const {
      success: _success,
      task_id,
      ...rest
    } = await this.#caller.json(taskRoutes.taskGet, input, options);
    return { id: task_id, ...rest };
  }

  /**
   * Lists tasks, oldest first: await it for one page (100 unless `limit` says otherwise, `nextCursor` leads on),
   * or iterate it for all.
   */
  list(query: QueryOf<"taskList"> = {}, options?: CallOptions): Listing<Task> {
    return listing((cursor) =>
      this.#caller.page(
        taskRoutes.taskList,
        { query: cursor === undefined ? query : { ...query, cursor } },
        options,
      ),
    );
  }

  /** Cancels a task that is not over; a ConflictError says that it is. */
  cancel(taskId: string, reason?: string, options?: CallOptions): Promise<AnswerOf<"taskCancel">> {
    const input = { params: { task_id: taskId }, body: reason === undefined ? {} : { reason } };
    return this.#commander.json("tasks.cancel", taskRoutes.taskCancel, input, options);
  }

  /**
   * Gives the lines that a task writes, from the byte `offset` on, as they are written. After a cut it goes on
   * where it was. A wait of `timeoutMs` without a line asks anew.
   */
  output(taskId: string, offset = 0, options: CallOptions = {}): TaskOutput {
    return this.#output(this.#caller, taskId, offset, options);
  }

  /**
   * The same as a web stream of bytes, for `pipeTo`, `new Response` and their like. What was read counts on from `offset`: a reader
   * that stops can go on there later. It reads no further ahead than it is read itself.
   *
   * @example
   * const text = agentvm.tasks.outputStream(task.id).pipeThrough(new TextDecoderStream());
   */
  outputStream(
    taskId: string,
    offset = 0,
    { signal, ...options }: CallOptions = {},
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    if (signal?.aborted === true) stop();
    const output = this.output(taskId, offset, { ...options, signal: controller.signal });
    return outputStream(output, stop, onAbort(signal, stop));
  }

  /**
   * Answers a question of a task with one of its options or, where words are asked for, with words; without a `question_id` the one that is
   * open. A ConflictError `no_such_question` says that it is over: somebody else has answered it, or nobody did in time.
   *
   * @example
   * agentvm.on("task.question", ({ data }) => agentvm.tasks.answer(data.task_id, { choice: "allow" }));
   */
  async answer(
    taskId: string,
    answer: QuestionAnswer,
    options?: CallOptions,
  ): Promise<AnswerOf<"taskAnswer">> {
    return (await this.#load()).answerTask(this.#work, taskId, answer, options);
  }

  /** Reads what a task has changed, as a unified diff. A NotFoundError `no_changes` says that there is none. */
  async diff(taskId: string, options?: CallOptions): Promise<string> {
    return (await this.#load()).diffOfTask(this.#work, taskId, options);
  }

  /**
   * Accepts or discards what a task has changed, and gives the changes as they are then. A ConflictError `merge_conflict` names in `detail`
   * the files that stand against it, and nothing is changed then; `already_reviewed` says that another verdict was there first. Where a
   * worker carries it out the call waits for that, up to a minute: `review_failed` says why it could not be done, and a ServerError
   * `review_timeout` that nobody said what came of it.
   */
  async review(
    taskId: string,
    verdict: BodyOf<"taskReview">["verdict"],
    message?: string,
    options?: CallOptions,
  ): Promise<Changes> {
    const body = message === undefined ? { verdict } : { verdict, message };
    return (await this.#load()).reviewTask(this.#work, taskId, body, options);
  }

  /** A handle for a task whose id is known, from an earlier run or another client. Asks the server nothing. */
  handle(taskId: string): TaskHandle {
    return new TaskHandle(taskId, this.#parts);
  }

  get #work(): TaskWorkParts {
    return { caller: this.#caller, commander: this.#commander, get: (id, options) => this.get(id, options) };
  }

  async *#output(...asked: Parameters<typeof readOutput>): TaskOutput {
    const { readOutput } = await this.#load();
    return yield* readOutput(...asked);
  }
}
