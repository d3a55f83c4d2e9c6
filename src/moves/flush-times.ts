/**
 * Milliseconds between two times at which positions go out over the stream: less than a frame of a game, so that they go out with
 * each frame and all frames carry as much.
 */
export const STREAM_FLUSH_MS = 15;

/** The same where no frame comes with which they could go. */
export const STREAM_LATE_MS = 25;

/** The same by requests, which count in the server's rate limit. */
export const REQUEST_FLUSH_MS = 500;
