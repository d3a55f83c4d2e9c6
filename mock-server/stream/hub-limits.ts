import {
  FRAME_MAX_BYTES,
  FRAMES_PER_SECOND_MAX,
  HEARTBEAT_MS,
  HELLO_TIMEOUT_MS,
  SEND_BUFFER_MAX_BYTES,
} from "../../src/contract/frames.js";

/** The bounds of the event stream. All but the first three are the contract's, and are there to be changed in tests. */
export interface HubLimits {
  /**
   * Connections that have said hello at the same time. One more of the game that has most of them is closed with 1013; for one of a game that has
   * fewer, the newest of the game that has most is.
   */
  readonly connectionsMax: number;
  /** Connections that have not said hello; for one more, the oldest of the address that has most of them is closed with 1013. */
  readonly waitingMax: number;
  /** Bytes in a socket from which on the hub holds back what follows, so that it can still be superseded. */
  readonly socketBytesMax: number;
  /** Milliseconds that a connection has for its hello. */
  readonly helloTimeoutMs: number;
  /** Milliseconds between pings; two that are missed mean a dead peer. */
  readonly heartbeatMs: number;
  /** Bytes held for one client, in the socket and in the hub together; past it the connection is closed with 4413. */
  readonly sendBufferMaxBytes: number;
  /** Bytes of one frame from a client. */
  readonly frameMaxBytes: number;
  /** Frames a second from a client, averaged over ten seconds. */
  readonly framesPerSecondMax: number;
}

export const DEFAULT_HUB_LIMITS: HubLimits = {
  connectionsMax: 2_000,
  waitingMax: 1_000,
  socketBytesMax: 65_536,
  helloTimeoutMs: HELLO_TIMEOUT_MS,
  heartbeatMs: HEARTBEAT_MS,
  sendBufferMaxBytes: SEND_BUFFER_MAX_BYTES,
  frameMaxBytes: FRAME_MAX_BYTES,
  framesPerSecondMax: FRAMES_PER_SECOND_MAX,
};
