import type { AnyEvent } from "../../src/contract/index.js";

/** What the hub needs of a socket. A host adapts its own kind to this and decides nothing. */
export interface Connection {
  /** Bytes that were sent and that the socket still holds. A host in the page may count characters. */
  readonly bufferedBytes: number;
  /** The address of the other end; left out where there is no network in between. */
  readonly remote?: string;
  /**
   * Whether what was sent waits for this process's own event loop rather than for a network. Silence means nothing
   * then: a clock that is moved by an hour in one step leaves the other side no chance to answer a ping.
   */
  readonly waitsForPage?: boolean;
  /** Sends one text message. */
  send(text: string): void;
  /**
   * Hands over events as they are, in order with what is sent: one of the stream with the `prev` of its frame, or those of a
   * `latest` frame with null. False where the other end takes text alone; a host that has no such end leaves it out.
   */
  hand?(events: readonly AnyEvent[], prev: number | null): boolean;
  /**
   * Calls back in a later turn of the event loop, once what the other end did meanwhile was told. A host that has no other turns than
   * those in which its messages come leaves it out.
   */
  later?(work: () => void): void;
  /** Starts the closing handshake, behind whatever was sent. The host gives a peer that never answers a limited time. */
  close(code: number, reason: string): void;
  /** Cuts the connection at once, without a handshake. */
  terminate(): void;
}

/** What a client in the same page hands over in the place of a `positions` frame; nobody has looked at it. */
export interface HandedPositions {
  readonly id?: unknown;
  readonly client_id?: unknown;
  readonly updates: readonly unknown[];
}

/** A client's message: its text, or by a client in the same page positions as they are. */
export type ClientMessage = string | HandedPositions;

/** Bytes that an update counts for which was never text; that is about what it is as one. */
export const UPDATE_BYTES = 128;

/** What a host tells the hub of a socket. Calls after `closed` are ignored. */
export interface ConnectionEvents {
  /** Who is at the other end, in the words in which callers are counted; null or left out where nobody has said so. */
  readonly owner?: string | null;
  /** A message came. Of a binary one the host says `BINARY`, which is no frame of any kind. */
  message(data: ClientMessage): void;
  /** The connection is over, whoever ended it. */
  closed(): void;
  /** What was sent has left the buffer, wholly or for the most part. More calls than needed do no harm. */
  drained(): void;
}

/** What a host hands over in place of a binary message. */
export const BINARY = "binary";
