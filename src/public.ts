// What both entry points give, beside the class that each binds to its own transport.
export type { GameSession } from "./client/client.js";
export type { AgentVMOptions, Environment } from "./options.js";
export type { WebSocketConstructor, WebSocketLike } from "./client/stream/ports.js";
export type { EventQueueOptions } from "./client/stream/event-queue.js";
export type { EventsOptions } from "./client/stream/event-stream.js";
export type { Listener, ListenOptions } from "./client/stream/listeners.js";
export type { LiveAgent, LiveTask } from "./client/stream/agents-model.js";
export type { AgentChanges, LiveAgents } from "./client/stream/live-agents.js";
export { isUnknownEvent } from "./client/stream/unknown-event.js";
export type {
  ConnectionChange,
  ConnectionState,
  GapEvent,
  GapReason,
  LogEvent,
  LossReason,
  StreamEvent,
  StreamEventMap,
  StreamEventName,
  UnknownEvent,
  UnknownEventType,
} from "./client/stream/stream-events.js";
export type { MovesOptions, MovesSummary } from "./moves/moves-options.js";
export type { AgentPool, PoolStats } from "./pool/agent-pool.js";
export type { PoolOptions } from "./pool/pool-options.js";
export type { PooledAgent, PoolTask } from "./pool/pooled-agent.js";
export type { CallOptions } from "./client/http/options.js";
export type { ClientMeasures, ClientMetrics, MeasuredAs, MeasuredType } from "./metrics/client-metrics.js";
export type { MetricsOptions } from "./metrics/metrics-options.js";
export type { Logger } from "./client/http/logger.js";
export type { Listing, Page } from "./client/http/page.js";
export type { Fetch } from "./client/http/transport.js";
export type { Agents } from "./client/resources/agents.js";
export type { Game } from "./client/resources/game.js";
export type { ConnectGame, ResumeStorage } from "./client/resources/resume-storage.js";
export type { System } from "./client/resources/system.js";
export type { Workers } from "./client/resources/workers.js";
export type { Tasks } from "./client/resources/tasks.js";
export { TaskHandle, TeamHandle } from "./client/resources/task-handle.js";
export type { TaskProgress, WaitOptions } from "./client/resources/task-handle.js";
export type { QuestionAnswer } from "./client/resources/task-work.js";
export type { TaskOutput, TaskOutputText } from "./client/resources/task-output.js";
export type { ClientStats } from "./stats.js";
export * from "./errors/index.js";
export type {
  Agent,
  AgentState,
  AnalyticsEvent,
  AnalyticsSummary,
  AgentType,
  AnswerOf,
  AnyEvent,
  BodyOf,
  CancelTimer,
  ChangedFile,
  Changes,
  ClaimedJob,
  Clock,
  Cursor,
  DetailBand,
  ErrorCode,
  ErrorDetail,
  EventData,
  EventOf,
  EventType,
  Fault,
  Limits,
  Metadata,
  Personality,
  Position,
  PositionUpdate,
  QueryOf,
  Question,
  QuestionAbout,
  QuestionKind,
  QuestionOption,
  Random,
  RouteName,
  Subscribe,
  SystemStatus,
  Task,
  TaskEnding,
  TaskResult,
  TaskStatus,
  ToldAgentState,
  ToldTaskStatus,
  ToldWorkKind,
  Usage,
  Worker,
  WorkKind,
} from "./contract/index.js";
export { PACKAGE_VERSION, systemClock } from "./contract/index.js";
