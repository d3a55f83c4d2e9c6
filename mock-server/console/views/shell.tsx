import type { ComponentChildren } from "preact";
import type { ConnectionState } from "../../../src/slim.js";
import { VIEWS } from "../state/console-state.js";
import type { ViewName } from "../state/console-state.js";
import { AgentsView } from "./agents.js";
import { ClockBar } from "./clock-bar.js";
import { useConsole } from "./console-context.js";
import { Icon } from "./icons.js";
import { LaterScreen } from "./later-screen.js";
import { TasksView } from "./tasks.js";

const TITLES: Readonly<Record<ViewName, string>> = {
  agents: "Agents",
  tasks: "Tasks",
  events: "Events",
  requests: "Requests",
  charts: "Charts",
  types: "Types",
  workers: "Workers",
  scripts: "Scripts",
  faults: "Faults",
  backend: "Backend",
};

/** The screens that are looked at most; the others are loaded with the first of them. */
const AT_HAND: Partial<Readonly<Record<ViewName, () => ComponentChildren>>> = {
  agents: () => <AgentsView />,
  tasks: () => <TasksView />,
};

/** The whole console: its head, the way to its screens, one screen, and what it has to tell. `end` stands last in the head. */
export function Shell({ end }: { readonly end?: ComponentChildren }) {
  const { view } = useConsole();
  return (
    <div class="console">
      <header class="head">
        <h1 class="brand">
          <span class="brand-mark" aria-hidden="true" />
          <span class="brand-word">AgentVM</span>
        </h1>
        <ConnectionBadge />
        <ClockBar />
        <div class="head-end">{end}</div>
      </header>
      <nav class="tabs" aria-label="Screens">
        {VIEWS.map((name) => (
          <button
            key={name}
            type="button"
            class="tab"
            aria-current={view.value === name ? "page" : undefined}
            onClick={() => {
              view.value = name;
            }}
          >
            <Icon name={name} />
            <span>{TITLES[name]}</span>
          </button>
        ))}
      </nav>
      <main class="main" tabIndex={0}>
        <Trouble />
        {AT_HAND[view.value]?.() ?? <LaterScreen name={view.value} />}
      </main>
      <NoticeList />
    </div>
  );
}

function ConnectionBadge() {
  const { connection } = useConsole();
  const { status } = connection.value;
  return (
    <span class={`badge badge-${status}`} role="status">
      {CONNECTION_WORDS[status]}
    </span>
  );
}

const CONNECTION_WORDS: Readonly<Record<ConnectionState["status"], string>> = {
  idle: "connecting",
  connecting: "connecting",
  authenticating: "connecting",
  live: "live",
  recovering: "catching up",
  waiting: "away",
  stopped: "stopped",
  closed: "closed",
};

function Trouble() {
  const { trouble, connection } = useConsole();
  const { value: current } = connection;
  const stopped = current.status === "stopped" ? `Live events have stopped: ${current.reason}.` : null;
  const text = trouble.value ?? stopped;
  if (text === null) return null;
  return (
    <p class="banner" role="alert">
      {text} {stopped === null ? "What you see is from before; the console tries again by itself." : ""}
    </p>
  );
}

function NoticeList() {
  const { notices } = useConsole();
  const failures = notices.list.value.filter(({ kind }) => kind === "failed");
  const successes = notices.list.value.filter(({ kind }) => kind === "done");
  return (
    <div class="notices">
      <div role="alert">
        {failures.map(({ number, text }) => (
          <div key={number} class="notice notice-failed">
            <p>{text}</p>
            <button
              type="button"
              class="plain"
              aria-label="Close this message"
              onClick={() => notices.dismiss(number)}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
      <div role="status">
        {successes.map(({ number, text }) => (
          <div key={number} class="notice notice-done">
            <p>{text}</p>
          </div>
        ))}
      </div>
    </div>
  );
}
