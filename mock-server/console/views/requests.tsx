import { useState } from "preact/hooks";
import { routes } from "../../../src/contract/routes.js";
import type { LoggedCall } from "../controls/call-log.js";
import { useConsole } from "./console-context.js";
import { Empty, Field, Panel } from "./parts.js";
import { milliseconds, timeOf } from "./texts.js";

const SHOWN_MAX = 200;

/** The calls that the backend answered, newest first, with what was wrong with those that it refused. */
export function RequestsView() {
  const { calls, report, clearCalls } = useConsole();
  const [onlyErrors, setOnlyErrors] = useState(false);
  const [words, setWords] = useState("");
  const shown = calls.value
    .filter((call) => {
      if (onlyErrors && call.status < 400) return false;
      return `${addressOf(call)} ${call.status} ${call.caller}`.toLowerCase().includes(words.toLowerCase());
    })
    .reverse();
  const status = report.value?.status;
  return (
    <Panel
      title="Requests"
      actions={
        <button type="button" onClick={clearCalls}>
          Clear
        </button>
      }
    >
      {status === undefined ? null : (
        <p class="hint">
          {`${status.requests} requests, ${(status.error_rate * 100).toFixed(1)} % of them failed; half were answered within ${milliseconds(status.response_time_ms.p50)}, 95 of 100 within ${milliseconds(status.response_time_ms.p95)}.`}
        </p>
      )}
      <div class="inline-form">
        <label class="check">
          <input
            type="checkbox"
            checked={onlyErrors}
            onChange={({ currentTarget }) => setOnlyErrors(currentTarget.checked)}
          />
          errors alone
        </label>
        <Field label="Find" class="grow">
          <input
            type="search"
            value={words}
            placeholder="a path, a status, a caller"
            onInput={({ currentTarget }) => setWords(currentTarget.value)}
          />
        </Field>
      </div>
      {shown.length === 0 ? (
        <Empty>
          {calls.value.length === 0
            ? "No request was answered since the console was opened."
            : "No request is like that."}
        </Empty>
      ) : (
        <ol class="log log-calls">
          {shown.slice(0, SHOWN_MAX).map((call) => (
            <CallRow key={call.number} call={call} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function CallRow({ call }: { readonly call: LoggedCall }) {
  const isError = call.status >= 400 || call.fault !== null;
  const head = (
    <>
      <time dateTime={call.at}>{timeOf(call.at)}</time>
      <span class={isError ? "log-status log-status-bad" : "log-status"}>
        {call.status === 0 ? "none" : call.status}
      </span>
      <span class="log-text">{addressOf(call)}</span>
      <span class="soft">
        {call.via === "stream" ? "on the stream, " : ""}
        {call.caller}, {milliseconds(call.ms)}
        {call.fault === null ? "" : `, broken by ${call.fault}`}
      </span>
    </>
  );
  if (call.error === null) return <li class="log-line">{head}</li>;
  return (
    <li>
      <details>
        <summary>{head}</summary>
        <pre tabIndex={0}>{indented(call.error)}</pre>
      </details>
    </li>
  );
}

/** The method and path of a call, with what its path named. */
function addressOf({ route, params }: LoggedCall): string {
  if (route === null) return "a path that the contract does not have";
  const { method, path } = routes[route];
  return `${method} ${path.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole)}`;
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
