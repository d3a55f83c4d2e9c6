import { useRef, useState } from "preact/hooks";
import type { Agent } from "../../../src/slim.js";
import { areaFor, scaleOf } from "../state/map-scale.js";
import type { Ground, MapArea, MapScale } from "../state/map-scale.js";
import { useConsole } from "./console-context.js";
import { initials, inkOn } from "./texts.js";
import { useWidthOf } from "./use-width.js";

const RADIUS = 17;

/** Units that an arrow key moves an agent; with shift ten times as many. */
const KEY_STEP = 1;

const KEYS: Readonly<Record<string, Ground>> = {
  ArrowLeft: { x: -1, z: 0 },
  ArrowRight: { x: 1, z: 0 },
  ArrowUp: { x: 0, z: -1 },
  ArrowDown: { x: 0, z: 1 },
};

/** An agent that is being dragged, and where it is held over. */
interface Drag {
  readonly id: string;
  readonly place: Ground;
  readonly moved: boolean;
}

/** The agents from above, to be dragged, or moved with the arrow keys. */
export function AgentMap() {
  const { agentvm, agents, selectedAgent, act } = useConsole();
  const area = useRef<MapArea | null>(null);
  const picture = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  if (drag === null)
    area.current = areaFor(
      agents.value.map(({ position }) => position),
      area.current,
    );
  const width = useWidthOf(picture);
  const height = Math.round(Math.min(460, Math.max(280, width * 0.58)));
  const scale = scaleOf(area.current ?? areaFor([], null), width, height);

  const move = (agent: Agent, { x, z }: Ground): void => {
    const position = { x: rounded(x), y: agent.position.y, z: rounded(z) };
    void act("", async () => agentvm.agents.move(agent.id, position));
  };
  const groundAt = (event: PointerEvent): Ground | null => {
    const matrix = picture.current?.getScreenCTM()?.inverse();
    if (matrix === undefined) return null;
    return scale.toGround(new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix));
  };
  const select = (agent: Agent): void => {
    selectedAgent.value = agent.id;
  };

  return (
    <svg
      ref={picture}
      class="map"
      viewBox={`0 0 ${width} ${height}`}
      height={height}
      role="group"
      aria-label="Agents from above. Choose one and move it with the arrow keys; with shift it goes ten times as far."
    >
      <Grid scale={scale} width={width} height={height} />
      {agents.value.map((agent) => {
        const place = drag?.id === agent.id ? drag.place : agent.position;
        return (
          <g key={agent.id} transform={translate(scale.toPicture(place))}>
            <g
              class="map-agent"
              role="button"
              tabindex={0}
              aria-label={`${agent.name}, ${agent.state}, at ${rounded(place.x)}, ${rounded(place.z)}`}
              aria-pressed={selectedAgent.value === agent.id}
              onPointerDown={(event) => {
                if (event.button !== 0) return;
                event.currentTarget.setPointerCapture(event.pointerId);
                setDrag({ id: agent.id, place: agent.position, moved: false });
              }}
              onPointerMove={(event) => {
                const ground = drag?.id === agent.id ? groundAt(event) : null;
                if (ground !== null) setDrag({ id: agent.id, place: ground, moved: true });
              }}
              onPointerUp={() => {
                if (drag?.id !== agent.id) return;
                if (drag.moved) move(agent, drag.place);
                else select(agent);
                setDrag(null);
              }}
              onPointerCancel={() => setDrag(null)}
              onKeyDown={(event) => {
                if (event.key === "Enter" || event.key === " ") {
                  event.preventDefault();
                  select(agent);
                  return;
                }
                const direction = KEYS[event.key];
                if (direction === undefined) return;
                event.preventDefault();
                const far = event.shiftKey ? KEY_STEP * 10 : KEY_STEP;
                const { x, z } = agent.position;
                move(agent, { x: x + direction.x * far, z: z + direction.z * far });
              }}
            >
              <Marker agent={agent} isSelected={selectedAgent.value === agent.id} />
            </g>
            <text class="map-initials" aria-hidden="true" dy="0.35em" fill={inkOn(agent.color)}>
              {initials(agent.name)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function Marker({ agent, isSelected }: { readonly agent: Agent; readonly isSelected: boolean }) {
  return (
    <>
      <circle class="map-hit" r={RADIUS + 6} />
      {isSelected ? <circle class="map-ring" r={RADIUS + 5} /> : null}
      <circle class={`map-body ${agent.state === "idle" ? "" : "map-busy"}`} r={RADIUS} fill={agent.color} />
      <text class="map-name" y={RADIUS + 17}>
        {agent.name}
      </text>
    </>
  );
}

function Grid(props: { readonly scale: MapScale; readonly width: number; readonly height: number }) {
  const { scale, width, height } = props;
  return (
    <g class="map-grid" aria-hidden="true">
      {scale.gridX.map((mark) => {
        const { x } = scale.toPicture({ x: mark, z: 0 });
        return (
          <g key={`x${mark}`}>
            <line class={mark === 0 ? "map-zero" : ""} x1={x} x2={x} y1={0} y2={height} />
            <text x={x + 3} y={height - 5}>
              {mark}
            </text>
          </g>
        );
      })}
      {scale.gridZ.map((mark) => {
        const { y } = scale.toPicture({ x: 0, z: mark });
        return (
          <g key={`z${mark}`}>
            <line class={mark === 0 ? "map-zero" : ""} x1={0} x2={width} y1={y} y2={y} />
            <text x={4} y={y - 3}>
              {mark}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function translate({ x, y }: { readonly x: number; readonly y: number }): string {
  return `translate(${x.toFixed(2)} ${y.toFixed(2)})`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
