import { createHash } from "node:crypto";
import * as z from "zod";
import type { OfferedTool } from "./call.js";

const schemaWithFields = z.looseObject({ properties: z.record(z.string(), z.unknown()) });

/** A tool that a call offers, with the names of its fields from its JSON schema. */
export function offeredTool(name: string, schema: unknown, namespace: string | null = null): OfferedTool {
  const read = schemaWithFields.safeParse(schema);
  const fields = new Set(read.success ? Object.keys(read.data.properties) : []);
  return { name, namespace, fields, schema: schema ?? null };
}

/** A name for a conversation: what the agent calls it, and how it began, since helpers go by the name of who called them. */
export function conversationOf(
  named: string | readonly string[] | undefined,
  system: string,
  prompts: readonly string[],
): string {
  const own = typeof named === "string" ? named : named === undefined ? system : named.join();
  return createHash("sha256")
    .update(JSON.stringify([own, prompts[0] ?? ""]))
    .digest("hex");
}

/** Whether a call is for a title or a summary: it offers no tools, and says so in what it tells the model. */
export function isTitleCall(system: string, tools: readonly OfferedTool[]): boolean {
  return tools.length === 0 && /\b(title|summar|topic)/i.test(system);
}
