import { useRef } from "preact/hooks";
import { useConsole } from "./console-context.js";
import { Icon } from "./icons.js";
import { timeOf } from "./texts.js";

/** Speeds that can be chosen; the clock may have another, which is then among them. */
const SPEEDS = [1, 2, 5, 10, 20, 50, 100];

/** The backend's clock: its time, pause and going on, a step, and its speed. */
export function ClockBar() {
  const { report, controls, act } = useConsole();
  const before = useRef(1);
  const now = report.value;
  if (now === null) return null;
  const { speed, time } = now;
  if (speed > 0) before.current = speed;
  const set = (value: number, done: string): void => void act(done, () => controls.setSpeed(value));
  const isPaused = speed === 0;
  return (
    <div class="clock" role="group" aria-label="Clock of the backend">
      <time class="clock-time" dateTime={time} title={`Time of the backend: ${time}`}>
        {timeOf(time)}
      </time>
      <button
        type="button"
        class="icon-button"
        aria-label={isPaused ? "Let time go on" : "Pause time"}
        title={isPaused ? "Let time go on" : "Pause time"}
        onClick={() => (isPaused ? set(before.current, "Time goes on.") : set(0, "Time stands still."))}
      >
        <Icon name={isPaused ? "play" : "pause"} />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label="Step 1 second"
        title="Step 1 second"
        onClick={() => void act("", () => controls.advance(1_000))}
      >
        <Icon name="step" />
      </button>
      <select
        aria-label="Speed"
        value={String(isPaused ? 0 : speed)}
        onChange={({ currentTarget }) => {
          const value = Number(currentTarget.value);
          set(value, value === 0 ? "Time stands still." : `Time goes ${value} times as fast.`);
        }}
      >
        <option value="0">paused</option>
        {[...new Set([...SPEEDS, ...(isPaused ? [] : [speed])])]
          .sort((a, b) => a - b)
          .map((value) => (
            <option key={value} value={String(value)}>
              {value}×
            </option>
          ))}
      </select>
    </div>
  );
}
