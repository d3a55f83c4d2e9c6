import { useRef } from "preact/hooks";
import { niceTicks } from "../state/chart-data.js";
import type { Point } from "../state/chart-data.js";
import { timeOf } from "../views/texts.js";
import { useWidthOf } from "../views/use-width.js";

const HEIGHT = 210;
const LEFT = 46;
const BOTTOM = 22;
const TOP = 8;
const RIGHT = 10;

/** One set of points, joined by a line or as dots, in a colour of the console's style. */
export interface Series {
  readonly name: string;
  readonly kind: "line" | "steps" | "dots";
  /** 1 to 4. */
  readonly color: number;
  readonly points: readonly Point[];
}

/** A chart over time, drawn as SVG. What it shows is also said in words. */
export function Chart(props: {
  readonly title: string;
  readonly series: readonly Series[];
  /** Where the axis ends at the least. */
  readonly max: number;
  /** How a value is written. */
  readonly format: (value: number) => string;
  /** What is said in the place of a chart that has no points. */
  readonly empty: string;
}) {
  const { title, series, format } = props;
  const points = series.flatMap((one) => one.points);
  return (
    <figure class="panel chart">
      <figcaption>
        <h2>{title}</h2>
        <p class="row">
          {series.map(({ name, color, points: own }) => (
            <span key={name} class={`legend color-${color}`}>
              {name}: <strong>{lastOf(own, format)}</strong>
            </span>
          ))}
        </p>
      </figcaption>
      {points.length === 0 ? <p class="empty">{props.empty}</p> : <Drawing {...props} points={points} />}
    </figure>
  );
}

function lastOf(points: readonly Point[], format: (value: number) => string): string {
  const last = points.at(-1);
  return last === undefined ? "none yet" : format(last.y);
}

function Drawing(props: {
  readonly title: string;
  readonly series: readonly Series[];
  readonly points: readonly Point[];
  readonly max: number;
  readonly format: (value: number) => string;
}) {
  const { series, points, format, title } = props;
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidthOf(drawing);
  const from = Math.min(...points.map(({ x }) => x));
  const to = Math.max(...points.map(({ x }) => x));
  const top = Math.max(props.max, ...points.map(({ y }) => y));
  const span = Math.max(1, to - from);
  const atX = (x: number): number => LEFT + ((x - from) / span) * (width - LEFT - RIGHT);
  const atY = (y: number): number => TOP + (1 - y / top) * (HEIGHT - TOP - BOTTOM);
  return (
    <svg
      ref={drawing}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      height={HEIGHT}
      role="img"
      aria-label={inWords(title, series, format)}
    >
      {niceTicks(0, top, 4).map((tick) => (
        <g key={tick} class="axis">
          <line x1={LEFT} x2={width - RIGHT} y1={atY(tick)} y2={atY(tick)} />
          <text x={LEFT - 6} y={atY(tick)} dy="0.32em" text-anchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      <g class="axis">
        <text x={LEFT} y={HEIGHT - 5}>
          {timeOf(new Date(from).toISOString())}
        </text>
        <text x={width - RIGHT} y={HEIGHT - 5} text-anchor="end">
          {timeOf(new Date(to).toISOString())}
        </text>
      </g>
      {series.map(({ name, kind, color, points: own }) => (
        <g key={name} class={`series color-${color}`}>
          {kind === "dots" ? (
            own.map(({ x, y }, index) => <circle key={index} cx={atX(x)} cy={atY(y)} r={3.5} />)
          ) : (
            <path d={pathOf(own, kind === "steps", atX, atY)} />
          )}
          {kind !== "dots" && own.length === 1 && own[0] !== undefined ? (
            <circle cx={atX(own[0].x)} cy={atY(own[0].y)} r={3.5} />
          ) : null}
        </g>
      ))}
    </svg>
  );
}

function pathOf(
  points: readonly Point[],
  isSteps: boolean,
  atX: (x: number) => number,
  atY: (y: number) => number,
): string {
  return points
    .map(({ x, y }, index) => {
      if (index === 0) return `M${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`;
      return isSteps
        ? `H${atX(x).toFixed(1)}V${atY(y).toFixed(1)}`
        : `L${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`;
    })
    .join("");
}

function inWords(title: string, series: readonly Series[], format: (value: number) => string): string {
  const told = series.map(({ name, points }) => {
    if (points.length === 0) return `${name}: nothing yet`;
    const values = points.map(({ y }) => y);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return `${name}: ${points.length} points from ${format(low)} to ${format(high)}, the last ${lastOf(points, format)}`;
  });
  return `${title}. ${told.join(". ")}.`;
}
