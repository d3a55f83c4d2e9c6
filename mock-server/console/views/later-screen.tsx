import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { loadScreens } from "../lazy/load.js";
import type { ViewName } from "../state/console-state.js";

type Screens = Readonly<Record<string, () => ComponentChildren>>;

/** What was loaded once is at hand the next time. */
let loaded: Screens | null = null;

/** A screen whose code is loaded with the first one of its kind. */
export function LaterScreen({ name }: { readonly name: ViewName }) {
  const screens = useSignal(loaded);
  const problem = useSignal("");

  const load = (): void => {
    problem.value = "";
    loadScreens().then(
      (code) => {
        loaded = code.screens;
        screens.value = loaded;
      },
      (error: unknown) => {
        problem.value = String(error);
      },
    );
  };
  useEffect(() => {
    if (screens.value === null) load();
  }, []);

  if (screens.value !== null) return <>{screens.value[name]?.()}</>;
  if (problem.value === "") return <p class="empty">The screen is being loaded …</p>;
  return (
    <div class="banner" role="alert">
      <p>{`This screen cannot be loaded; are all files of the build served? ${problem.value}`}</p>
      <button type="button" onClick={load}>
        Try again
      </button>
    </div>
  );
}
