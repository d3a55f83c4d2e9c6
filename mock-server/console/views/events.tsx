import { useState } from "preact/hooks";
import { filterEvents, groupOf } from "../state/event-log.js";
import type { LoggedEvent } from "../state/event-log.js";
import { useConsole } from "./console-context.js";
import { Empty, Field, Panel } from "./parts.js";
import { eventInWords, fieldsOf } from "./event-words.js";
import { nameOf, timeOf } from "./texts.js";

const GROUPS = ["agent", "task", "team", "scene", "session", "worker", "gap"] as const;

const SHOWN_MAX = 200;

/** What happened, newest first, with filters. It can be stopped, to be read. */
export function EventsView() {
  const { events, clearEvents } = useConsole();
  const [groups, setGroups] = useState<ReadonlySet<string>>(new Set());
  const [words, setWords] = useState("");
  const [frozen, setFrozen] = useState<readonly LoggedEvent[] | null>(null);
  const all = frozen ?? events.value;
  const shown = filterEvents(all, { groups, words });
  const toggle = (group: string): void => {
    const next = new Set(groups);
    if (!next.delete(group)) next.add(group);
    setGroups(next);
  };
  return (
    <Panel
      title="Events"
      actions={
        <>
          <button
            type="button"
            aria-pressed={frozen !== null}
            onClick={() => setFrozen(frozen === null ? all : null)}
          >
            {frozen === null ? "Hold the list" : "Go on"}
          </button>
          <button
            type="button"
            onClick={() => {
              setFrozen(null);
              clearEvents();
            }}
          >
            Clear
          </button>
        </>
      }
    >
      <div class="inline-form">
        <div class="filters" role="group" aria-label="Show events of">
          {GROUPS.map((group) => (
            <button
              key={group}
              type="button"
              class="filter"
              aria-pressed={groups.has(group)}
              onClick={() => toggle(group)}
            >
              {group}
            </button>
          ))}
        </div>
        <Field label="Find" class="grow">
          <input
            type="search"
            value={words}
            placeholder="an id, a state, a word of a prompt"
            onInput={({ currentTarget }) => setWords(currentTarget.value)}
          />
        </Field>
      </div>
      <p class="hint" role="status">
        {`${shown.length} of ${all.length} events${shown.length > SHOWN_MAX ? `, the newest ${SHOWN_MAX} shown` : ""}`}
      </p>
      {shown.length === 0 ? (
        <Empty>
          {all.length === 0 ? "Nothing has happened since the console was opened." : "No event is like that."}
        </Empty>
      ) : (
        <ol class="log log-events">
          {shown.slice(0, SHOWN_MAX).map((event) => (
            <EventRow key={event.number} event={event} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function EventRow({ event }: { readonly event: LoggedEvent }) {
  const { agents } = useConsole();
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <time dateTime={event.timestamp}>{timeOf(event.timestamp)}</time>
          <span class={`log-type log-${groupOf(event.type)}`}>{event.type}</span>
          <span class="log-text">{eventInWords(event, (id) => nameOf(agents.value, id))}</span>
        </summary>
        {isOpen ? (
          <pre tabIndex={0}>
            {JSON.stringify({ seq: event.seq, game_id: event.gameId, ...fieldsOf(event.data) }, null, 2)}
          </pre>
        ) : null}
      </details>
    </li>
  );
}
