import { useState } from "preact/hooks";
import type { AgentType, Personality } from "../../../src/slim.js";
import { useConsole } from "./console-context.js";
import { Form } from "./form.js";
import { optionalText, textOf } from "./form-values.js";
import { Field, Panel } from "./parts.js";
import { TRAITS } from "./personality.js";
import { initials, inkOn } from "./texts.js";

const PLAIN: Personality = {
  friendliness: 0.8,
  efficiency: 0.9,
  creativity: 0.7,
  talkativeness: 0.6,
  collaboration: 0.8,
};

/** Makes a new type of agent, from nothing or from one that there is. */
export function TypeForm(props: { readonly base: AgentType | null; readonly onDone: () => void }) {
  const { agentvm, act, loadTypes } = useConsole();
  const { base, onDone } = props;
  const [traits, setTraits] = useState<Personality>(base?.personality ?? PLAIN);
  const [color, setColor] = useState(base?.color ?? "#8855CC");
  const [name, setName] = useState("");
  return (
    <Panel
      title={base === null ? "New type" : `New type, from ${base.name}`}
      actions={
        <span class="avatar" aria-hidden="true" style={{ background: color, color: inkOn(color) }}>
          {initials(name)}
        </span>
      }
    >
      <Form
        class="stack"
        label="Create a type of agent"
        onSend={(data, form) => {
          const description = optionalText(data, "description");
          const capabilities = textOf(data, "capabilities")
            .split(/[\s,]+/)
            .filter(Boolean);
          return act(`Agents can be created as ${name}.`, async () => {
            await agentvm.agents.createType({
              type: textOf(data, "type"),
              name,
              color,
              personality: traits,
              ...(description === undefined ? {} : { description }),
              ...(capabilities.length === 0 ? {} : { capabilities }),
            });
            await loadTypes();
            form.reset();
            setName("");
            onDone();
          });
        }}
      >
        <div class="inline-form">
          <Field label="Name" class="grow">
            <input
              required
              maxLength={80}
              value={name}
              placeholder="Tester"
              autoComplete="off"
              onInput={({ currentTarget }) => setName(currentTarget.value)}
            />
          </Field>
          <Field label="Colour">
            <input
              type="color"
              value={color}
              onInput={({ currentTarget }) => setColor(currentTarget.value)}
            />
          </Field>
        </div>
        <Field label="Name in calls" hint="Letters, digits, _ and -; games name the type by it.">
          <input
            name="type"
            required
            pattern="[A-Za-z0-9_\-]{1,64}"
            placeholder="tester"
            autoComplete="off"
          />
        </Field>
        <Field label="Description">
          <input
            name="description"
            maxLength={280}
            defaultValue={base?.description ?? ""}
            autoComplete="off"
          />
        </Field>
        <Field
          label="Capabilities"
          hint="Words with commas between. Tasks of a kind go to who has its capability."
        >
          <input
            name="capabilities"
            pattern="[A-Za-z0-9_,\s\-]*"
            placeholder="playtesting, bug_hunting"
            defaultValue={base?.capabilities.join(", ") ?? ""}
            autoComplete="off"
          />
        </Field>
        <fieldset>
          <legend>Personality</legend>
          {TRAITS.map((trait) => (
            <label key={trait} class="slider">
              <span>{trait}</span>
              <input
                type="range"
                min={0}
                max={1}
                step={0.05}
                value={traits[trait]}
                aria-valuetext={`${Math.round(traits[trait] * 100)} %`}
                onInput={({ currentTarget }) =>
                  setTraits({ ...traits, [trait]: Number(currentTarget.value) })
                }
              />
              <output>{Math.round(traits[trait] * 100)} %</output>
            </label>
          ))}
        </fieldset>
        <div class="row">
          <button type="submit" class="primary">
            Create the type
          </button>
          {base === null ? null : (
            <button type="button" onClick={onDone}>
              Begin from nothing
            </button>
          )}
        </div>
      </Form>
    </Panel>
  );
}
