import {
  analyticsEventsAnswerSchema,
  analyticsEventsBodySchema,
  analyticsQuerySchema,
  analyticsSummaryAnswerSchema,
} from "../analytics.js";
import { route } from "../route.js";

/** The calls about what clients have measured, by name. */
export const analyticsRoutes = {
  analyticsEvents: route({
    method: "POST",
    path: "/analytics/events",
    access: "caller",
    body: analyticsEventsBodySchema,
    answer: { kind: "json", schema: analyticsEventsAnswerSchema },
  }),
  analyticsSummary: route({
    method: "GET",
    path: "/analytics/summary",
    access: "caller",
    query: analyticsQuerySchema,
    answer: { kind: "json", schema: analyticsSummaryAnswerSchema },
  }),
} as const;
