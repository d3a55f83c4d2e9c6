import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** A panel with a heading, and at its right what can be done with all of it. */
export function Panel(props: {
  readonly title: string;
  readonly actions?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section class={`panel ${props.class ?? ""}`} aria-label={props.title}>
      <div class="panel-head">
        <h2>{props.title}</h2>
        <div class="row">{props.actions}</div>
      </div>
      {props.children}
    </section>
  );
}

/** A labelled control. */
export function Field(props: {
  readonly label: string;
  readonly hint?: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <label class={`field ${props.class ?? ""}`}>
      <span class="field-label">{props.label}</span>
      {props.children}
      {props.hint === undefined ? null : <span class="hint">{props.hint}</span>}
    </label>
  );
}

/** What a list says that has nothing in it. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** A state or status as a word with a dot of its colour. */
export function Chip({ kind }: { readonly kind: string }) {
  return <span class={`chip chip-${kind}`}>{kind}</span>;
}

/** How far a task is. */
export function Progress(props: { readonly value: number; readonly label: string }) {
  const percent = Math.round(props.value * 100);
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div class="progress-done" style={{ width: `${percent}%` }} />
    </div>
  );
}

/** A button for what cannot be undone: it asks once more, in its own place. */
export function ConfirmButton(props: {
  readonly label: string;
  readonly question: string;
  readonly onConfirm: () => void;
}) {
  const [asks, setAsks] = useState(false);
  return (
    <button
      type="button"
      class={asks ? "danger asks" : "danger"}
      onBlur={() => setAsks(false)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !asks) return;
        event.stopPropagation();
        setAsks(false);
      }}
      onClick={() => {
        if (asks) props.onConfirm();
        setAsks(!asks);
      }}
    >
      {asks ? props.question : props.label}
    </button>
  );
}

/** Names and values. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
