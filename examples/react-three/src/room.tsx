import { Canvas, useFrame } from "@react-three/fiber";
import { memo, useRef } from "react";
import type { ReactElement } from "react";
import { useAgent, useAgents, useLiveAgents } from "oligarchy-agentvm/react";
import { Vector3 } from "three";
import type { Group } from "three";
import { lookOf } from "./looks.js";

/** What the room is told: who is chosen, and what a click means. */
interface RoomProps {
  readonly chosen: string | null;
  readonly choose: (id: string) => void;
}

/** A table in a room, those who sit at it, and a tag over each. */
export function Room({ chosen, choose }: RoomProps): ReactElement {
  const ids = useAgents().map(({ id }) => id);
  return (
    <div className="room">
      <Canvas camera={{ position: [0, 6, 8], fov: 42 }} onCreated={({ camera }) => camera.lookAt(0, 0.6, 0)}>
        <color attach="background" args={["#171b2e"]} />
        <ambientLight intensity={1.1} />
        <directionalLight position={[4, 8, 5]} intensity={2.2} />
        <mesh rotation={[-Math.PI / 2, 0, 0]}>
          <circleGeometry args={[7, 64]} />
          <meshStandardMaterial color="#262c47" />
        </mesh>
        <mesh position={[0, 0.45, 0]}>
          <cylinderGeometry args={[1.9, 1.7, 0.9, 48]} />
          <meshStandardMaterial color="#7a5a43" />
        </mesh>
        {ids.map((id) => (
          <Character key={id} id={id} isChosen={id === chosen} choose={choose} />
        ))}
        <Tags />
      </Canvas>
      <div className="tags">
        {ids.map((id) => (
          <Tag key={id} id={id} />
        ))}
      </div>
    </div>
  );
}

/** Somebody at the table. It is rendered when its own agent changes; where it stands and how it moves is read in each frame. */
const Character = memo(function Character({
  id,
  isChosen,
  choose,
}: {
  readonly id: string;
  readonly isChosen: boolean;
  readonly choose: (id: string) => void;
}): ReactElement | null {
  const agent = useAgent(id);
  const live = useLiveAgents();
  const body = useRef<Group>(null);
  useFrame(({ clock }) => {
    const now = live?.get(id);
    if (body.current === null || now === undefined) return;
    const { x, z } = now.position;
    const pace = now.state === "idle" ? 1.2 : now.state === "waiting" ? 7 : 4;
    const lift = now.state === "idle" ? 0.02 : 0.07;
    body.current.position.set(x, Math.abs(Math.sin(clock.elapsedTime * pace)) * lift, z);
    // Whoever sits looks at the middle.
    body.current.rotation.y = Math.atan2(-x, -z);
  });
  if (agent === null) return null;
  const { color } = lookOf(agent.state);
  return (
    <group
      ref={body}
      onClick={(event) => {
        event.stopPropagation();
        choose(id);
      }}
    >
      <mesh position={[0, 0.75, 0]}>
        <capsuleGeometry args={[0.36, 0.6, 6, 20]} />
        <meshStandardMaterial color={color} />
      </mesh>
      <mesh position={[0, 1.55, 0]}>
        <sphereGeometry args={[0.34, 32, 24]} />
        <meshStandardMaterial color="#f3e3d3" />
      </mesh>
      {[-0.12, 0.12].map((x) => (
        <mesh key={x} position={[x, 1.6, 0.3]}>
          <sphereGeometry args={[0.05, 12, 12]} />
          <meshStandardMaterial color="#20243a" />
        </mesh>
      ))}
      {isChosen && (
        <mesh rotation={[-Math.PI / 2, 0, 0]} position={[0, 0.02, 0]}>
          <ringGeometry args={[0.5, 0.6, 40]} />
          <meshBasicMaterial color="#ffffff" />
        </mesh>
      )}
    </group>
  );
});

/** Puts each tag over its character, without rendering anything anew. */
function Tags(): null {
  const live = useLiveAgents();
  const at = new Vector3();
  useFrame(({ camera, size }) => {
    for (const { id, position } of live ?? []) {
      const tag = document.getElementById(`tag-${id}`);
      at.set(position.x, 2.15, position.z).project(camera);
      if (tag === null) continue;
      const x = ((at.x + 1) / 2) * size.width;
      const y = ((1 - at.y) / 2) * size.height;
      tag.style.transform = `translate(${x}px, ${y}px) translate(-50%, -100%)`;
    }
  });
  return null;
}

const Tag = memo(function Tag({ id }: { readonly id: string }): ReactElement | null {
  const agent = useAgent(id);
  if (agent === null) return null;
  const { color, sign } = lookOf(agent.state);
  return (
    <span id={`tag-${id}`} className="tag" style={{ borderColor: color }}>
      <b>{agent.name}</b> <i style={{ color }}>{sign}</i> {agent.state}
    </span>
  );
});
