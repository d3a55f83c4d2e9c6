// What both entry points give, beside the class that each binds to its own transport.
export type { GameSession } from "./client.js";
export type { AgentVMOptions, Environment } from "./options.js";
export type { WebSocketConstructor, WebSocketLike } from "./realtime/ports.js";
export type { EventQueueOptions } from "./realtime/event-queue.js";
export type { EventsOptions } from "./realtime/event-stream.js";
export type { Listener, ListenOptions } from "./realtime/listeners.js";
export type { LiveAgent, LiveTask } from "./realtime/agents-model.js";
export type { AgentChanges, LiveAgents } from "./realtime/live-agents.js";
export { isUnknownEvent } from "./realtime/unknown-event.js";
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
} from "./realtime/stream-events.js";
export type { MovesOptions, MovesSummary } from "./game/moves-options.js";
export type { AgentPool, PoolStats } from "./game/pool/agent-pool.js";
export type { PoolOptions } from "./game/pool/pool-options.js";
export type { PooledAgent, PoolTask } from "./game/pool/pooled-agent.js";
export type { CallOptions } from "./http/options.js";
export type { ClientMeasures, ClientMetrics, MeasuredAs, MeasuredType } from "./metrics/client-metrics.js";
export type { MetricsOptions } from "./metrics/metrics-options.js";
export type { Logger } from "./http/logger.js";
export type { Listing, Page } from "./http/page.js";
export type { Fetch } from "./http/transport.js";
export type { Agents } from "./resources/agents.js";
export type { Game } from "./resources/game.js";
export type { ConnectGame, ResumeStorage } from "./resources/resume-storage.js";
export type { System } from "./resources/system.js";
export type { Tasks } from "./resources/tasks.js";
export { TaskHandle, TeamHandle } from "./resources/task-handle.js";
export type { TaskProgress, WaitOptions } from "./resources/task-handle.js";
export type { TaskOutput, TaskOutputText } from "./resources/task-output.js";
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
  WorkKind,
} from "./contract/index.js";
export { PACKAGE_VERSION, systemClock } from "./contract/index.js";
