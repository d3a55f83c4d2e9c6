import type { Question, Task } from "../../../src/slim.js";
import { useConsole } from "./console-context.js";
import { DiffView } from "./diff-view.js";
import { Form } from "./form.js";
import { textOf } from "./form-values.js";
import { Field } from "./parts.js";
import { timeOf } from "./texts.js";

/** What a task asks, what it is about, and the ways to answer. */
export function TaskQuestion({ task, question }: { readonly task: Task; readonly question: Question }) {
  const { agentvm, act } = useConsole();
  const { question_id, kind, text, options, about, expires_at } = question;
  const answer = (given: { readonly choice: string } | { readonly text: string }) =>
    act("The question was answered.", () => agentvm.tasks.answer(task.id, { question_id, ...given }));
  return (
    <section class="question" aria-label="Question">
      <h3>{text}</h3>
      {about === null ? null : <About about={about} />}
      {options.length > 0 ? (
        <div class="stack">
          {options.map(({ id, label, hint }) => (
            <button key={id} type="button" class="way" onClick={() => void answer({ choice: id })}>
              {label}
              {hint === undefined || hint === "" ? null : <span class="hint">{hint}</span>}
            </button>
          ))}
        </div>
      ) : kind === "permission" ? null : (
        <Form
          class="inline-form"
          label="Answer the question"
          onSend={(data) => answer({ text: textOf(data, "answer") })}
        >
          <Field label="Answer" class="grow">
            <input name="answer" required maxLength={4_000} autocomplete="off" />
          </Field>
          <button type="submit" class="primary">
            Answer
          </button>
        </Form>
      )}
      <p class="hint">{`It is open until ${timeOf(expires_at)} by the backend's clock.`}</p>
    </section>
  );
}

function About({ about }: { readonly about: NonNullable<Question["about"]> }) {
  const { tool, title, path, command, diff } = about;
  return (
    <>
      <p>
        {title} <span class="tag">{tool}</span>
      </p>
      {path === undefined || title.includes(path) ? null : (
        <p>
          File <code>{path}</code>
        </p>
      )}
      {command === undefined ? null : <pre aria-label="Command">{command}</pre>}
      {diff === undefined ? null : <DiffView diff={diff} label="What would change" />}
    </>
  );
}
