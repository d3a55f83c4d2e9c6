/** What the event of a closed socket tells. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** How an end that nobody announced is told. */
export const ABNORMAL: Closed = { code: 1006, reason: "", wasClean: false };

/** The event itself, of the platform's own class where it has one; Node has none before 23. */
export function createCloseEvent(closed: Closed): CloseEvent {
  return typeof CloseEvent === "undefined"
    ? new (plainCloseEvent())(closed)
    : new CloseEvent("close", { ...closed });
}

/** That of a runtime without one, made when it is wanted: importing reads no global. */
const plainCloseEvent = () =>
  class PlainCloseEvent extends Event implements CloseEvent {
    readonly code: number;
    readonly reason: string;
    readonly wasClean: boolean;

    constructor({ code, reason, wasClean }: Closed) {
      super("close");
      this.code = code;
      this.reason = reason;
      this.wasClean = wasClean;
    }

    get [Symbol.toStringTag](): string {
      return "CloseEvent";
    }
  };
