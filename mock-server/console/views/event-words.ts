import type { LoggedEvent } from "../state/event-log.js";
import { attemptInWords } from "./texts.js";

/** What an event says, in one line, with agents by their names. */
export function eventInWords({ type, data }: LoggedEvent, agentName: (id: string) => string): string {
  const fields = fieldsOf(data);
  const { agent_id, state, previous_state, progress, position } = fields;
  const who = typeof agent_id === "string" ? agentName(agent_id) : "";
  switch (type) {
    case "worker.joined": {
      const { name, agent_types, slots } = fieldsOf(fields["worker"]);
      const types = Array.isArray(agent_types) ? agent_types.join(", ") : "";
      return `${String(name)} joined, for ${types}, ${String(slots)} at a time`;
    }
    case "worker.left":
      return `${String(fields["name"])} ${fields["reason"] === "lost" ? "was lost" : "left"}`;
    case "task.assigned": {
      const { prompt, message, attempt } = fieldsOf(fields["task"]);
      return [prompt, attemptInWords(attempt), message].map(inShort).filter(Boolean).join(" \u00b7 ");
    }
    case "agent.state_changed":
      return `${who}: ${String(previous_state)} \u2192 ${String(state)}`;
    case "agent.moved": {
      const { x, y, z } = fieldsOf(position);
      return `${who} is at ${[x, y, z].map(inShort).join(", ")}`;
    }
    case "task.question":
      return `${who} asks: ${String(fieldsOf(fields["question"])["text"])}`;
    case "task.answered": {
      const { choice, text, by } = fields;
      if (by === "time") return `${who}: nobody answered in time`;
      if (by === "worker") return `${who} wants to know no more`;
      return `${who} was told: ${String(choice ?? text)}`;
    }
    case "task.reviewed": {
      const { review, insertions, deletions } = fieldsOf(fields["changes"]);
      return `${who}: +${String(insertions)} \u2212${String(deletions)} ${String(review)}`;
    }
    case "task.progress":
      return `${who}: ${Math.round(Number(progress) * 100)} %, ${String(fields["message"])}`;
    default: {
      const about = fieldsOf(fields["agent"] ?? fields["task"]);
      const { name, prompt, id } = about;
      const told =
        Object.keys(about).length > 0 ? [name, prompt, id] : Object.values({ ...fields, agent_id: who });
      return told.map(inShort).filter(Boolean).join(" \u00b7 ");
    }
  }
}

/** The fields of something that is an object; of anything else none. */
export function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null ? Object.fromEntries(Object.entries(data)) : {};
}

function inShort(value: unknown): string {
  if (typeof value === "number") return String(Math.round(value * 100) / 100);
  return typeof value === "string" ? value : "";
}
