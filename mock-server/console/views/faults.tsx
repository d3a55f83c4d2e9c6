import { useState } from "preact/hooks";
import { EVENT_TYPES } from "../../../src/contract/event-types.js";
import { ROUTE_NAMES } from "../../../src/contract/routes.js";
import type { ErrorCode } from "../../../src/contract/index.js";
import type { Fault, ListedFault } from "../../testing/faults/fault.js";
import { useConsole } from "./console-context.js";
import { Form } from "./form.js";
import { optionalNumber, optionalText } from "./form-values.js";
import { Empty, Field, Panel } from "./parts.js";

/** What is often wanted, each as one switch. */
const SWITCHES: readonly (readonly [name: string, hint: string, fault: Fault])[] = [
  ["Calls are slow", "each takes up to two seconds longer", { latency: 1_000, jitter: 1_000 }],
  ["Every third call fails", "with 503, by chance", { status: 503, chance: 0.33 }],
  ["Nothing answers", "calls hang", { answer: "timeout" }],
  ["The stream is down", "and does not come back", { stream: "cut" }],
  ["The stream is silent", "half open: nothing arrives, and nobody is told", { stream: "half_open" }],
  ["Events come late", "by two seconds, in their order", { stream: "latency", event: "*", latency: 2_000 }],
  ["Events come twice", "each of them", { stream: "duplicate" }],
];

/** Lets things go wrong on purpose, and tells how often they did. */
export function FaultsView() {
  const { report } = useConsole();
  const faults = report.value?.faults;
  if (faults === undefined) return null;
  if (faults === null) {
    return (
      <Panel title="Faults">
        <Empty>
          This backend cannot be told to fail. One of oligarchy-agentvm/testing, or behind a port, can.
        </Empty>
      </Panel>
    );
  }
  return (
    <div class="backend">
      <SwitchesPanel faults={faults} />
      <CallFaultPanel />
      <StreamFaultPanel />
      <FaultList faults={faults} />
    </div>
  );
}

function SwitchesPanel({ faults }: { readonly faults: readonly ListedFault[] }) {
  const { controls, act } = useConsole();
  return (
    <Panel title="Let it go wrong">
      {SWITCHES.map(([name, hint, fault]) => {
        const on = faults.find((one) => textOf(one.fault) === textOf(fault));
        return (
          <label key={name} class="check">
            <input
              type="checkbox"
              role="switch"
              checked={on !== undefined}
              onChange={() =>
                void (on === undefined
                  ? act(`${name}.`, () => controls.addFault(fault))
                  : act(`${name} no more.`, () => controls.removeFaults(on.id)))
              }
            />
            <span>
              {name} <span class="hint">{hint}</span>
            </span>
          </label>
        );
      })}
    </Panel>
  );
}

/** Fields that both kinds of fault have. */
function HowOften() {
  return (
    <>
      <Field label="Times" class="narrow">
        <input name="times" type="number" min={1} max={1_000_000} step={1} placeholder="no end" />
      </Field>
      <Field label="Chance in %" class="narrow">
        <input name="chance" type="number" min={1} max={100} step={1} placeholder="100" />
      </Field>
    </>
  );
}

function howOften(data: FormData): { times?: number | undefined; chance?: number | undefined } {
  const chance = optionalNumber(data, "chance");
  return { times: optionalNumber(data, "times"), chance: chance === undefined ? undefined : chance / 100 };
}

function CallFaultPanel() {
  const { controls, act } = useConsole();
  const [what, setWhat] = useState("503");
  return (
    <Panel title="A fault of calls">
      <Form
        class="inline-form"
        label="Add a fault of calls"
        onSend={(data) => {
          const route = ROUTE_NAMES.find((name) => name === optionalText(data, "route"));
          const latency = optionalNumber(data, "latency");
          const after = data.get("after") !== null || undefined;
          const fault = { route, latency, after, ...howOften(data), ...effectOf(what) };
          return act("Calls will go wrong.", () => controls.addFault(withoutEmpty(fault)));
        }}
      >
        <Field label="Which calls">
          <select name="route">
            <option value="">all</option>
            {ROUTE_NAMES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </Field>
        <Field label="What they get">
          <select value={what} onChange={({ currentTarget }) => setWhat(currentTarget.value)}>
            <option value="503">503, unavailable</option>
            <option value="500">500, an error within</option>
            <option value="502">502, of a gateway</option>
            <option value="late">their answer, late</option>
            <option value="timeout">no answer</option>
            <option value="reset_peer">a connection that is reset</option>
            <option value="limit_data">half an answer</option>
            <option value="html">a page in the place of JSON</option>
            <option value="empty">an empty answer</option>
            {CODES.map((code) => (
              <option key={code}>{code}</option>
            ))}
          </select>
        </Field>
        <Field label="Milliseconds later" class="narrow">
          <input name="latency" type="number" min={0} max={86_400_000} step={1} required={what === "late"} />
        </Field>
        <HowOften />
        <label class="check">
          <input name="after" type="checkbox" />
          after the work was done
        </label>
        <button type="submit">Add</button>
      </Form>
    </Panel>
  );
}

/** The contract's own errors that a game meets. */
const CODES: readonly ErrorCode[] = [
  "rate_limited",
  "storage_full",
  "agent_limit_reached",
  "session_expired",
];

const ANSWERS = ["timeout", "reset_peer", "limit_data", "html", "empty"] as const;

function effectOf(what: string): Fault {
  const answer = ANSWERS.find((one) => one === what);
  if (answer !== undefined) return { answer };
  const code = CODES.find((one) => one === what);
  if (code !== undefined) return { code };
  return what === "late" ? {} : { status: Number(what) };
}

const STREAM_KINDS = [
  ["cut", "the connection breaks"],
  ["half_open", "it goes silent"],
  ["latency", "it comes late"],
  ["duplicate", "it comes twice"],
  ["garbage", "nobody can read it"],
  ["close", "the server closes"],
] as const;

function StreamFaultPanel() {
  const { controls, act } = useConsole();
  const [kind, setKind] = useState("cut");
  return (
    <Panel title="A fault of the stream">
      <Form
        class="inline-form"
        label="Add a fault of the stream"
        onSend={(data) => {
          const stream = STREAM_KINDS.find(([name]) => name === kind)?.[0] ?? "cut";
          const closeCode = kind === "close" ? optionalNumber(data, "close_code") : undefined;
          const latency = kind === "latency" ? optionalNumber(data, "latency") : undefined;
          const fault = { stream, event: optionalText(data, "event"), closeCode, latency, ...howOften(data) };
          return act("The stream will go wrong.", () => controls.addFault(withoutEmpty(fault)));
        }}
      >
        <Field label="With which event">
          <select name="event">
            <option value="">whatever is sent</option>
            {EVENT_TYPES.map((type) => (
              <option key={type}>{type}</option>
            ))}
          </select>
        </Field>
        <Field label="What happens">
          <select value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value)}>
            {STREAM_KINDS.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </Field>
        {kind === "latency" ? (
          <Field label="Milliseconds later" class="narrow">
            <input name="latency" type="number" min={0} max={86_400_000} step={1} required />
          </Field>
        ) : null}
        {kind === "close" ? (
          <Field label="Close code" class="narrow">
            <input name="close_code" type="number" min={1_000} max={4_999} step={1} defaultValue="1012" />
          </Field>
        ) : null}
        <HowOften />
        <button type="submit">Add</button>
      </Form>
    </Panel>
  );
}

function FaultList({ faults }: { readonly faults: readonly ListedFault[] }) {
  const { controls, act } = useConsole();
  return (
    <Panel
      title="Faults that are there"
      actions={
        <button
          type="button"
          disabled={faults.length === 0}
          onClick={() => void act("Nothing goes wrong any more.", () => controls.removeFaults())}
        >
          Take all away
        </button>
      }
    >
      {faults.length === 0 ? (
        <Empty>Nothing goes wrong on purpose.</Empty>
      ) : (
        <ul class="log">
          {faults.map(({ id, fault, used, left }) => (
            <li key={id} class="log-line">
              <span class="log-text">
                <code>{textOf(fault)}</code>
              </span>
              <span class="soft">{`struck ${used} times${left === null ? "" : `, ${left} left`}`}</span>
              <button
                type="button"
                aria-label={`Take away ${id}`}
                onClick={() => void act("One fault less.", () => controls.removeFaults(id))}
              >
                Take away
              </button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function textOf(fault: Fault): string {
  return JSON.stringify(fault);
}

/** The fields that say something: what a form leaves empty is not sent. */
function withoutEmpty(fault: Fault): Fault {
  return Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== undefined));
}
