import { isObject } from "../../src/contract/is-object.js";

/** What stands in an answer that is kept where a session's token was. */
const NO_TOKEN = "";

/**
 * An answer as it may be kept: what it tells of a session stays, the session's token does not. In a batch's that goes for each of
 * its answers.
 */
export function withoutTokens(answer: unknown): unknown {
  return replaced(answer, () => NO_TOKEN);
}

/** A kept answer as it is given: with a token of the session in the place where one was. */
export function withTokens(answer: unknown, tokenOf: (sessionId: string) => string): unknown {
  return replaced(answer, (sessionId, told) => (told === NO_TOKEN ? tokenOf(sessionId) : told));
}

function replaced(answer: unknown, token: (sessionId: string, told: unknown) => unknown): unknown {
  if (!isObject(answer)) return answer;
  const { session_token: told, session_id: sessionId, responses } = answer;
  if (typeof told === "string" && typeof sessionId === "string") {
    return { ...answer, session_token: token(sessionId, told) };
  }
  if (!Array.isArray(responses)) return answer;
  const items: unknown[] = responses;
  return {
    ...answer,
    responses: items.map((item) =>
      isObject(item) ? { ...item, body: replaced(item["body"], token) } : item,
    ),
  };
}
