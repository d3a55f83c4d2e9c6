import { route } from "../route.js";
import { healthAnswerSchema, systemStatusAnswerSchema } from "../system.js";

/** The calls about the server itself, by name. */
export const serverRoutes = {
  health: route({
    method: "GET",
    path: "/health",
    access: "open",
    answer: { kind: "json", schema: healthAnswerSchema },
  }),
  openapi: route({
    method: "GET",
    path: "/openapi.json",
    access: "open",
    answer: { kind: "text", mediaType: "application/json" },
  }),
  asyncapi: route({
    method: "GET",
    path: "/asyncapi.json",
    access: "open",
    answer: { kind: "text", mediaType: "application/json" },
  }),
  docs: route({
    method: "GET",
    path: "/docs",
    access: "open",
    answer: { kind: "text", mediaType: "text/html" },
  }),
  systemStatus: route({
    method: "GET",
    path: "/system/status",
    access: "caller",
    answer: { kind: "json", schema: systemStatusAnswerSchema },
  }),
  metrics: route({
    method: "GET",
    path: "/metrics",
    access: "caller",
    answer: { kind: "text", mediaType: "text/plain; version=0.0.4" },
  }),
} as const;
