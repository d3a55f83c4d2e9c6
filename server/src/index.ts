export { AgentError } from "./agent-error.js";
export type {
  AgentEvent,
  AgentQuestion,
  AgentReply,
  PermissionAnswer,
  PermissionRequest,
  PlanEntry,
  ToolKind,
  ToolStatus,
} from "./agent-events.js";
export type { Adapter, AgentResult, AgentRun, Machine, Sighting } from "./adapters/adapter.js";
export { createProcesses, type ProcessesOptions, type TaskProcesses } from "./processes/create-processes.js";
export { allowedEnvironment, type Environment, type Variables } from "./processes/environment.js";
export { createRedactor, type RedactedText, type Redactor } from "./processes/redact/redactor.js";
export type { AgentProcess, Exit, Processes, StartOptions } from "./processes/processes.js";
export type { Place, PlaceChanges, Workspace } from "./workspace/workspace.js";
export { openWorkspace, type WorkspaceOptions } from "./workspace/open-workspace.js";
export {
  parseScenarios,
  readScenarios,
  scenariosSchema,
  startScriptedModel,
} from "./scripted-model/index.js";
export type {
  ModelRequest,
  ParsedScenarios,
  Scenario,
  ScenariosInput,
  ScriptedModel,
  ScriptedModelOptions,
} from "./scripted-model/index.js";
export { aider, createAider } from "./adapters/aider.js";
export type { AiderOptions } from "./adapters/aider.js";
export { claude, createClaude } from "./adapters/claude.js";
export type { ClaudeOptions } from "./adapters/claude.js";
export { codex, createCodex } from "./adapters/codex.js";
export type { CodexOptions } from "./adapters/codex.js";
export { createCommand, type CommandOptions } from "./adapters/command.js";
export {
  addCommands,
  addWatchOptions,
  addWorkspaceOptions,
  startWatching,
  startWorkspace,
} from "./commands/index.js";
