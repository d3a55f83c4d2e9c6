import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

/**
 * A form whose button of type `submit`, or the enter key, hands over what is in it once it is valid, and not again before `onSend` has
 * ended. It listens to the button and not to the form: a frame that may only run scripts is told of no form that is sent.
 */
export function Form(props: {
  readonly label: string;
  readonly class: string;
  readonly onSend: (data: FormData, form: HTMLFormElement) => Promise<unknown>;
  readonly children: ComponentChildren;
}) {
  const isBusy = useRef(false);
  return (
    <form
      class={props.class}
      aria-label={props.label}
      onSubmit={(event) => event.preventDefault()}
      onClick={(event) => {
        const { target, currentTarget: form } = event;
        if (!(target instanceof Element) || target.closest("button[type=submit]") === null) return;
        event.preventDefault();
        if (isBusy.current || !form.reportValidity()) return;
        isBusy.current = true;
        void props.onSend(new FormData(form), form).finally(() => {
          isBusy.current = false;
        });
      }}
    >
      {props.children}
    </form>
  );
}
