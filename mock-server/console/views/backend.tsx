import { useConsole } from "./console-context.js";
import { Form } from "./form.js";
import { optionalNumber } from "./form-values.js";
import { ConfirmButton, Facts, Field, Panel } from "./parts.js";
import { SnapshotPanel } from "./snapshot-panel.js";
import { bytes, dayAndTime, seconds } from "./texts.js";

const STEPS = [
  ["1 second", 1_000],
  ["10 seconds", 10_000],
  ["1 minute", 60_000],
  ["10 minutes", 600_000],
] as const;

/** The backend itself: its clock, its seed, its snapshots, and how it is. */
export function BackendView() {
  return (
    <div class="backend">
      <ClockPanel />
      <SeedPanel />
      <SnapshotPanel />
      <StatusPanel />
    </div>
  );
}

function ClockPanel() {
  const { report, controls, act } = useConsole();
  const now = report.value;
  if (now === null) return null;
  const isPaused = now.speed === 0;
  return (
    <Panel title="Clock">
      <Facts
        facts={[
          ["Time", <time dateTime={now.time}>{dayAndTime(now.time)}</time>],
          ["Speed", speedInWords(now.speed)],
        ]}
      />
      <div class="row">
        <button
          type="button"
          onClick={() =>
            void act(isPaused ? "Time goes on." : "Time stands still.", () =>
              controls.setSpeed(isPaused ? 1 : 0),
            )
          }
        >
          {isPaused ? "Let time go on" : "Pause time"}
        </button>
        {STEPS.map(([name, ms]) => (
          <button
            key={ms}
            type="button"
            onClick={() => void act(`${name} passed.`, () => controls.advance(ms))}
          >
            {`Step ${name}`}
          </button>
        ))}
      </div>
      <Form
        class="inline-form"
        label="Set the speed"
        onSend={(data) => {
          const speed = optionalNumber(data, "speed") ?? 1;
          return act(`Time goes ${speed} times as fast.`, () => controls.setSpeed(speed));
        }}
      >
        <Field label="Seconds that pass in one" class="narrow">
          <input
            name="speed"
            type="number"
            min={0}
            max={10_000}
            step="any"
            required
            defaultValue={String(now.speed)}
          />
        </Field>
        <button type="submit">Set</button>
      </Form>
    </Panel>
  );
}

function speedInWords(speed: number): string {
  if (speed === 0) return "paused";
  return speed === 1 ? "as fast as everywhere" : `${speed} seconds pass in one`;
}

function SeedPanel() {
  const { report, controls, act } = useConsole();
  const now = report.value;
  if (now === null) return null;
  const restart = (seed: number): Promise<boolean> =>
    act(`The backend began anew from seed ${seed}.`, () => controls.restart({ seed }));
  return (
    <Panel title="Seed">
      <p>
        {"Chance and ids began at "}
        <code>{now.seed}</code>
        {now.restored ? ", and a snapshot was loaded since." : "."}
        {" The same seed and the same calls give the same agents and endings."}
      </p>
      <Form
        class="inline-form"
        label="Begin anew from another seed"
        onSend={(data) => restart(optionalNumber(data, "seed") ?? now.seed)}
      >
        <Field label="Another seed">
          <input name="seed" type="number" min={0} max={4_294_967_295} step={1} required />
        </Field>
        <button type="submit" class="danger">
          Begin anew from it
        </button>
      </Form>
      <ConfirmButton
        label="Begin anew from the same seed"
        question="Really let all agents and tasks go?"
        onConfirm={() => void restart(now.seed)}
      />
      <p class="hint">
        Sessions of games end with it; an SDK comes back by itself and tells its game of a gap.
      </p>
    </Panel>
  );
}

function StatusPanel() {
  const { report } = useConsole();
  const status = report.value?.status;
  if (status === undefined) return null;
  return (
    <Panel title="How it is">
      <Facts
        facts={[
          ["Up for", seconds(status.uptime_seconds)],
          [
            "Agents",
            `${status.total_agents}, ${status.idle_agents} idle; at most ${status.max_agents} in one game`,
          ],
          ["Kept ready", status.auto_spawn ? `${status.min_idle_agents} idle agents` : "none"],
          ["Tasks", `${status.active_tasks} at work, ${status.pending_tasks} waiting`],
          [
            "Ended",
            `${status.completed_tasks} completed, ${status.failed_tasks} failed, ${status.cancelled_tasks} cancelled`,
          ],
          ["Success", `${Math.round(status.task_completion_rate * 100)} %`],
          ["Sessions", status.sessions],
          ["Live streams", status.websocket_clients],
          ["Requests", status.requests],
          ["Memory", status.resources === null ? "not known here" : bytes(status.resources.heap_bytes)],
        ]}
      />
    </Panel>
  );
}
