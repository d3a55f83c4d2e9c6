/** Tasks of one game that may wait at the same time; past it a new one is refused as `storage_full`. */
export const WAITING_TASKS_MAX = 10_000;

/** Tasks of one game that are over and still kept, however long they may be; past it the one that ended first is forgotten. */
export const ENDED_TASKS_MAX = 20_000;

/** Answers to questions of one task that are remembered, to tell who answers again; past it the oldest is forgotten. */
export const TASK_ANSWERS_MAX = 8;

/** Milliseconds that whoever carries out a review has for it; past it the changes stay open, and who waits is told so. */
export const REVIEW_MS = 60_000;

/** Bytes that all games together may hold unless an engine is told otherwise (256 MiB). */
export const TOTAL_BYTES = 268_435_456;

/** The most that they may be told to hold (384 MiB): a snapshot of all is one text, and texts have a limit of their own. */
export const TOTAL_BYTES_MAX = 402_653_184;

/** Game sessions at the same time; past it a new one is refused as `unavailable`. */
export const SESSIONS_MAX = 10_000;

/** Tokens of one session: another is made where the first answer to a connect is asked for again and its token is known no more. */
export const SESSION_TOKENS_KEPT = 4;

/** Games that are known; past it the oldest one without session, agents and tasks is forgotten, with its scenes. */
export const GAMES_MAX = 1_000;

/** Scenes of one game; past it a new one is refused as `invalid_request`. */
export const SCENES_PER_GAME_MAX = 500;

/** Listeners of the log, of one task's output, and of the schedule, each; past it a new one is refused as `unavailable`. */
export const LISTENERS_MAX = 10_000;

/** Seconds before a session's end at which `session.expiring` tells of it; half the session's life when that is shorter. */
export const SESSION_WARNING_SECONDS = 120;
