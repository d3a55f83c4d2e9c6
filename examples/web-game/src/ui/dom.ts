/** Makes an element with attributes and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Makes a button that does something. */
export function button(
  text: string,
  onClick: () => void,
  attributes: Readonly<Record<string, string>> = {},
): HTMLButtonElement {
  const element = el("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", onClick);
  return element;
}

/** Sets an element's text where it is another: what has not changed is not read out again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Calls `act` for a click on the button and for Enter in a field. It is what a form does, without one: a sandboxed frame that may
 * only run scripts sends no form, not even to its own listeners.
 */
export function onSubmit(fields: readonly HTMLInputElement[], send: HTMLElement, act: () => void): void {
  send.addEventListener("click", act);
  for (const field of fields) {
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) act();
    });
  }
}
