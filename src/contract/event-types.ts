/** The names of all events: apart from their data, which a page without a stream does not load. */
export const EVENT_TYPES = [
  "agent.created",
  "agent.state_changed",
  "agent.moved",
  "agent.removed",
  "task.assigned",
  "task.started",
  "task.progress",
  "task.question",
  "task.answered",
  "task.completed",
  "task.failed",
  "task.cancelled",
  "task.reviewed",
  "team.completed",
  "scene.updated",
  "session.expiring",
  "worker.joined",
  "worker.left",
] as const;

/** The name of an event of this contract. */
export type EventType = (typeof EVENT_TYPES)[number];

const known: ReadonlySet<string> = /* @__PURE__ */ new Set<string>(EVENT_TYPES);

/** Whether `type` is one of this contract's events. A server may send others; they are delivered as they are. */
export function isEventType(type: string): type is EventType {
  return known.has(type);
}
