import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../views/icons.js";
import { Shell } from "../views/shell.js";

/** Where the button of the overlay is. */
export type Corner = "bottom-right" | "bottom-left" | "top-right" | "top-left";

/** A button in a corner, and the console in a panel that it opens. */
export function Overlay(props: { readonly corner: Corner; readonly startsOpen: boolean }) {
  const [isOpen, setOpen] = useState(props.startsOpen);
  const wasOpen = useRef(props.startsOpen);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (isOpen && !wasOpen.current) panel.current?.focus();
    if (!isOpen && wasOpen.current) button.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);

  return (
    <>
      <button
        ref={button}
        type="button"
        class={`overlay-button corner-${props.corner}`}
        aria-expanded={isOpen}
        hidden={isOpen}
        onClick={() => setOpen(true)}
      >
        <span class="brand-mark" aria-hidden="true" />
        Agents
      </button>
      {isOpen ? (
        <div
          ref={panel}
          class="overlay-panel"
          role="dialog"
          aria-label="AgentVM console"
          tabIndex={-1}
          onKeyDown={({ key }) => {
            if (key === "Escape") setOpen(false);
          }}
        >
          <Shell
            end={
              <button
                type="button"
                class="icon-button"
                aria-label="Close the console"
                onClick={() => setOpen(false)}
              >
                <Icon name="close" />
              </button>
            }
          />
        </div>
      ) : null}
    </>
  );
}
