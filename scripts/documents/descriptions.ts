import { METADATA_MAX_BYTES, METADATA_MAX_VALUES } from "../../src/contract/metadata.js";

const sequence =
  "Grows with each move of an agent by one client: a move that comes in behind a newer one of the same client is not applied. Those " +
  "of different clients are never compared, and a move without one is always applied.";

const client_id =
  "The client that numbers, by a name that it makes up: another one whenever it begins to count anew, as a page does that is loaded " +
  "again. Left out, the session is the client, or the API key.";

const task = {
  agent_id: "The agent that has it; null while nobody is free.",
  team_id: "The team that it was given to; null for a task of one agent.",
  priority: "A higher number goes first.",
  timeout: "Seconds that it may run.",
  work: "Who does the work. It is told in answers, not by `task.assigned`, and not by a server that was made before there was a choice.",
  progress: "From 0 to 1.",
  result: "Null until it is over.",
  metadata: "What the caller gave at assignment.",
  attempt: "How often the work was begun, this time included.",
  question: "What its agent waits to be told; null while it asks nothing.",
  changes: "What it has changed; null where nothing was.",
  usage: "What a model has used for it; null where nobody has counted.",
  continues: "The task whose conversation this one goes on with.",
};

/**
 * Words for the documents: `$` is about the schema, every other key about the field of that name.
 * They stand here and not at the schemas because a bundle would carry them. A name that the schema
 * does not have stops the generation of the documents.
 */
export const descriptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Id: { $: "An opaque id." },
  Timestamp: { $: "A point in time: ISO 8601, UTC, with milliseconds." },
  Keyword: { $: "A word that names a kind of thing: an agent type, a task type, a capability." },
  Position: { $: "A place in the game's world, in the game's own units." },
  Place: { $: "A position as the server tells it." },
  Metadata: {
    $: `Free data of the game's own: an object of at most ${METADATA_MAX_BYTES} bytes, written as JSON in UTF-8, and ${METADATA_MAX_VALUES} values, each field and each item of a list counted.`,
  },
  Cursor: {
    $: "A place in the event log.",
    epoch: "One life of the log.",
    seq: "Counts the events of the epoch, from 1.",
  },
  Personality: { $: "How an agent behaves, each trait between 0 and 1." },
  AgentState: { $: "What an agent can be seen doing. Only an idle agent takes a new task at once." },
  ToldAgentState: {
    $: "A state as it is told: one of those known today, or one that a later server knows. Show what is not known as it is.",
  },
  AgentType: { $: "A kind of agent that can be created.", color: "Colour to show it in." },
  Agent: {
    $: "An agent as it is now.",
    scene_id: "The scene that it is in.",
    game_id: "The game that it belongs to; null when it belongs to none.",
    current_task_id: "The task that it works on.",
    metadata: "Free data of the game's own.",
  },
  PositionUpdate: { sequence },
  TaskStatus: {
    $: "Where a task stands. completed, failed and cancelled are endings: a task has exactly one.",
  },
  ToldTaskStatus: {
    $: "A status as it is told: one of those known today, or one that a later server knows. What is not known is no ending.",
  },
  ToldWorkKind: {
    $:
      "Who does the work on a task, as it is told: it is simulated, or goes by a script; a function does it in the server's own process, " +
      "a worker in another one; or somebody else began it and the server only looks on. A later server may know others.",
  },
  TaskResult: { $: "What a task came to.", execution_time: "Seconds from start to end." },
  Task: { $: "A task as it is now.", ...task },
  TaskGetAnswer: task,
  TaskOutputLine: { $: "A piece of a task's output, or, as the last line, its end." },
  Workspace: { $: "A desk, or any other place where an agent works." },
  Limits: {
    $: "What the server is configured with.",
    max_agents:
      "Agents that one game may have at the same time; those of no game are counted as if they were one's.",
    min_idle_agents: "Agents that are kept ready where auto_spawn is on.",
    auto_spawn:
      "Whether the server keeps spare agents ready by itself; a team's missing members are made either way.",
    prompt_max_characters: "Characters of a prompt at the most.",
    completed_task_ttl_seconds: "Seconds for which a task that is over can still be read.",
    session_ttl_seconds:
      "Seconds for which a session lives after its last call; it lives on while its event stream is open.",
    leave_grace_seconds:
      "Seconds for which a game stays whose last session has ended; then its open tasks are cancelled and its agents removed.",
    rate_limit_per_minute:
      "Requests a minute that one caller may make; a call with a large body counts as several.",
    event_buffer:
      "Events of each game that the log keeps for clients that resume; fewer where they are long.",
    game_bytes:
      "Bytes that one game may hold in agents, tasks, outputs, scenes and answers that are kept to give again. Tasks that are over are forgotten when room is needed.",
  },
  SystemStatus: {
    $: "How the server is doing.",
    total_agents: "Agents of all games and of no game.",
    max_agents: "Agents that one game may have; the server may have more of them in all.",
    task_completion_rate: "Share of the tasks that are over which were completed.",
    error_rate: "Share of the requests that were answered with a status of 500 or more.",
    response_time_ms: "Milliseconds that the last requests took.",
    resources: "What the process uses; null where the host cannot tell.",
  },
  Fault: { $: "A code to test for and a sentence to show." },
  ErrorDetail: {
    $: "One thing wrong with a request.",
    loc: "Where: body, query or path, then the way to the value.",
  },
  Error: {
    $: "The body of every answer that is not a success.",
    error: "What happened, for a person.",
    detail: "More about it; for 422 the list of what is wrong.",
    request_id: "The X-Request-Id of the answer.",
    remediation: "What to do next.",
  },
  AgentCreateBody: {
    agent_type: "One of the types that GET /agents/types lists.",
    name: "Shown to the player; the type's name when left out.",
    metadata: "Free data of the game's own.",
  },
  AgentMoveBody: { sequence, client_id },
  AgentMoveAnswer: {
    position: "Where the agent is now.",
    applied: "False when a newer move of the same client was there before.",
  },
  AgentMoveManyBody: { client_id },
  AgentMoveManyAnswer: {
    applied: "Agents that were moved.",
    outdated: "Agents that a newer move of the same client had moved before, and where they are.",
    failed: "Agents that were not, and why.",
  },
  TaskAssignBody: {
    prompt: "What to do; not blank, at most prompt_max_characters characters.",
    agent_id: "The agent to do it; left out, the best idle one for that kind of work.",
    preferred_type: "The type of agent to choose where one is idle.",
    priority: "A higher number goes first.",
    timeout: "Seconds that it may run.",
  },
  TaskAssignAnswer: { agent_id: "Null while nobody is free." },
  TeamAssignBody: {
    prompt: "What to do; not blank, at most prompt_max_characters characters.",
    preferred_types: "Types of agent to choose where they are idle.",
    priority: "A higher number goes first.",
    timeout: "Seconds that each member may run.",
  },
  TeamAssignAnswer: { task_ids: "One task a member, in the order of agent_ids." },
  GameConnectBody: {
    game_id:
      "An id that the game chose itself, or was given by an earlier connect; without it the server makes one.",
    keep: "Whether the game stays when its last session has ended; left out, as the game said before, else false.",
  },
  GameConnectAnswer: {
    session_token: "Secret. It goes into Authorization: Bearer and into the first frame of the event stream.",
    heartbeat_seconds: "Seconds between the heartbeats that the server asks for.",
    websocket_url:
      "Where the event stream is, as far as the server knows. A client takes no more than a path of it, below its own endpoint.",
  },
  SceneUpdateAnswer: { revision: "Grows by one with each update of the scene." },
  GameAgentsAnswer: { cursor: "Where in the event stream the agents were as they are here." },
};
