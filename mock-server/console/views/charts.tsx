import { Chart } from "../charts/chart.js";
import { durations, successShare } from "../state/chart-data.js";
import { useConsole } from "./console-context.js";
import { milliseconds, seconds } from "./texts.js";

const ENDINGS = [
  { status: "completed", color: 2 },
  { status: "failed", color: 4 },
  { status: "cancelled", color: 3 },
] as const;

/** How it goes over time: tasks by the backend's clock, its queue and answers by this machine's. */
export function ChartsView() {
  const { tasks, samples } = useConsole();
  const ended = durations(tasks.value);
  const looks = samples.value;
  return (
    <div class="charts">
      <Chart
        title="Task success"
        series={[{ name: "of the last 10", kind: "line", color: 1, points: successShare(tasks.value) }]}
        max={1}
        format={(share) => `${Math.round(share * 100)} %`}
        empty="No task has ended yet."
      />
      <Chart
        title="Task duration"
        series={ENDINGS.map(({ status, color }) => ({
          name: status,
          kind: "dots",
          color,
          points: ended.filter((point) => point.status === status),
        }))}
        max={10}
        format={seconds}
        empty="No task has ended yet."
      />
      <Chart
        title="Queue length"
        series={[
          {
            name: "waiting",
            kind: "steps",
            color: 3,
            points: looks.map(({ at, queue }) => ({ x: at, y: queue })),
          },
          {
            name: "running",
            kind: "steps",
            color: 1,
            points: looks.map(({ at, running }) => ({ x: at, y: running })),
          },
        ]}
        max={4}
        format={(count) => String(Number(count.toFixed(1)))}
        empty="The backend was not looked at yet."
      />
      <Chart
        title="Response time"
        series={[
          { name: "median", kind: "line", color: 1, points: looks.map(({ at, p50 }) => ({ x: at, y: p50 })) },
          {
            name: "95 of 100 within",
            kind: "line",
            color: 3,
            points: looks.map(({ at, p95 }) => ({ x: at, y: p95 })),
          },
        ]}
        max={1}
        format={milliseconds}
        empty="The backend was not looked at yet."
      />
    </div>
  );
}
