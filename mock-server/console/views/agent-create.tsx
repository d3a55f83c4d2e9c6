import { useConsole } from "./console-context.js";
import { Form } from "./form.js";
import { optionalText, textOf } from "./form-values.js";
import { Field } from "./parts.js";

/** Creates an agent of a type, beside those that are there. */
export function AgentCreate() {
  const { agentvm, types, agents, act, selectedAgent } = useConsole();
  return (
    <Form
      class="inline-form"
      label="Create an agent"
      onSend={(data, form) => {
        const name = optionalText(data, "name");
        const agent_type = textOf(data, "type");
        return act(name === undefined ? "The agent was created." : `${name} was created.`, async () => {
          const position = freePlace(agents.value.length);
          const created = await agentvm.agents.create({
            agent_type,
            position,
            ...(name === undefined ? {} : { name }),
          });
          selectedAgent.value = created.id;
          form.reset();
        });
      }}
    >
      <Field label="Type">
        <select name="type" required>
          {types.value.map(({ type, name }) => (
            <option key={type} value={type}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <Field label="Name">
        <input name="name" maxLength={80} placeholder="as its type" autoComplete="off" />
      </Field>
      <button type="submit" class="primary">
        Create
      </button>
    </Form>
  );
}

/** A place on a spiral around the middle, so that new agents do not stand in each other. */
function freePlace(count: number): { x: number; y: number; z: number } {
  const angle = count * 2.399963;
  const distance = 3 * Math.sqrt(count);
  return { x: rounded(Math.cos(angle) * distance), y: 0, z: rounded(Math.sin(angle) * distance) };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
