import { effect, untracked, useSignal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LoggedEvent } from "../state/event-log.js";
import { describeError } from "../state/notices.js";
import { useConsole } from "./console-context.js";

/** What was seen, and why it could not be seen the last time. */
export interface Looked<T> {
  /** Null until the first look. */
  readonly seen: ReadonlySignal<T | null>;
  readonly problem: ReadonlySignal<string>;
}

/** Looks at something of the backend each second, and when something happened to a task or a worker; one look at a time. */
export function useLooked<T>(look: (signal: AbortSignal) => Promise<T>): Looked<T> {
  const { report, events } = useConsole();
  const seen = useSignal<T | null>(null);
  const problem = useSignal("");

  useEffect(() => {
    const stop = new AbortController();
    const isOver = (): boolean => stop.signal.aborted;
    let isLooking = false;
    let isAsked = false;
    const lookOn = async (): Promise<void> => {
      isLooking = true;
      while (isAsked && !isOver()) {
        isAsked = false;
        try {
          const value = await look(stop.signal);
          if (isOver()) return;
          seen.value = value;
          problem.value = "";
        } catch (error) {
          if (!isOver()) problem.value = describeError(error);
        }
      }
      isLooking = false;
    };
    let before: number | undefined = -1;
    let reported: unknown;
    const undo = effect(() => {
      const last = lastOfWork(events.value);
      if (last === before && reported === report.value) return;
      before = last;
      reported = report.value;
      isAsked = true;
      if (!isLooking) untracked(() => void lookOn());
    });
    return () => {
      undo();
      stop.abort();
    };
  }, []);
  return { seen, problem };
}

/** The number of the last event of a task or a worker: agents that walk change nothing of these. */
function lastOfWork(events: readonly LoggedEvent[]): number | undefined {
  for (let place = events.length - 1; place >= 0; place -= 1) {
    const { type = "", number } = events[place] ?? {};
    if (/^(?:task|worker|gap)/.test(type)) return number;
  }
  return undefined;
}
