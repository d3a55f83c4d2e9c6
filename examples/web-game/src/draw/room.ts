import { Container, Graphics, Matrix, Text } from "pixi.js";
import { DEPTH, RUG, TABLE, WIDTH } from "../world/layout.js";
import { HALF_HEIGHT, HALF_WIDTH, UP, area, panel, patch, project } from "./iso.js";

const WALL_HEIGHT = 3.1;
/** Pixels of the sign to a metre of the wall. */
const SIGN = 58;
const WOOD = [0xd8ae7e, 0xd2a676, 0xdcb487] as const;
const SKY = [0x3b3f87, 0x6b4f9e, 0xb0619f, 0xe8788a, 0xf7a072, 0xffcf87] as const;

/** The studio's floor and walls: what nothing stands behind. */
export function drawRoom(): Container {
  const room = new Container();
  const g = new Graphics();
  drawBase(g);
  drawFloor(g);
  drawWalls(g);
  room.addChild(g, drawSign());
  return room;
}

/** The edge of the floor, as thick as a slab. */
function drawBase(g: Graphics): void {
  const low = -0.45;
  area(
    g,
    [project(0, DEPTH), project(WIDTH, DEPTH), project(WIDTH, DEPTH, low), project(0, DEPTH, low)],
    0x6f4a3a,
  );
  area(
    g,
    [project(WIDTH, 0), project(WIDTH, DEPTH), project(WIDTH, DEPTH, low), project(WIDTH, 0, low)],
    0x573a30,
  );
}

function drawFloor(g: Graphics): void {
  for (let z = 0; z < DEPTH; z += 1) {
    // Boards of different lengths, each row shifted against the last.
    for (let x = -((z * 3) % 4); x < WIDTH; x += 4) {
      const from = Math.max(0, x);
      const to = Math.min(WIDTH, x + 4);
      const color = WOOD[(z * 7 + (x + 4) * 5) % WOOD.length] ?? WOOD[0];
      patch(g, from, z, to - from, 1, color);
      patch(g, from, z, 0.04, 1, 0xa87c50, 0.5);
    }
    patch(g, 0, z, WIDTH, 0.04, 0xa87c50, 0.5);
  }
  drawRug(g);
  const middle = project(TABLE.x + 1, TABLE.z + 1);
  g.ellipse(middle.x, middle.y, 118, 59).fill({ color: 0x2c6e7f });
  g.ellipse(middle.x, middle.y, 108, 54).stroke({ color: 0x7fd1c7, width: 2, alpha: 0.7 });
  // Evening light that falls in through the windows.
  for (const x of [2.2, 7.2]) patch(g, x, 0.2, 2.6, 4.6, 0xffd9a0, 0.13);
  for (const z of [1.2, 8.4]) patch(g, 0.2, z, 4.4, 2.4, 0xffd9a0, 0.12);
}

function drawRug(g: Graphics): void {
  const { x, z, width, depth } = RUG;
  patch(g, x, z, width, depth, 0x8f4f86);
  patch(g, x + 0.18, z + 0.18, width - 0.36, depth - 0.36, 0xf0b35a);
  patch(g, x + 0.28, z + 0.28, width - 0.56, depth - 0.56, 0x9d5a93);
  for (let stripe = 0; stripe < 4; stripe += 1) {
    patch(g, x + 0.7 + stripe, z + 0.7, 0.35, depth - 1.4, 0xb46fa6, 0.8);
  }
}

function drawWalls(g: Graphics): void {
  panel(g, "z", 0, DEPTH, 0, WALL_HEIGHT, 0x4a4f8f);
  panel(g, "x", 0, WIDTH, 0, WALL_HEIGHT, 0x5c62a8);
  panel(g, "z", 0, DEPTH, 0, 0.95, 0x3f4480);
  panel(g, "x", 0, WIDTH, 0, 0.95, 0x50569a);
  panel(g, "z", 0, DEPTH, 0.93, 1, 0x7c83c9);
  panel(g, "x", 0, WIDTH, 0.93, 1, 0x8d94d8);
  panel(g, "z", 0, DEPTH, 0, 0.14, 0x2e3263);
  panel(g, "x", 0, WIDTH, 0, 0.14, 0x383d75);
  drawTop(g);
  drawWindow(g, "x", 2, 4.6);
  drawWindow(g, "x", 14.6, 18.2);
  drawWindow(g, "z", 1, 3.4);
  drawWindow(g, "z", 8, 10.6);
  drawDoor(g);
}

/** The walls' upper edge, which the light catches. */
function drawTop(g: Graphics): void {
  const thick = 0.28;
  const up = WALL_HEIGHT;
  area(
    g,
    [project(-thick, -thick, up), project(WIDTH, -thick, up), project(WIDTH, 0, up), project(0, 0, up)],
    0x9aa1e4,
  );
  area(
    g,
    [project(-thick, -thick, up), project(0, 0, up), project(0, DEPTH, up), project(-thick, DEPTH, up)],
    0x878ed3,
  );
  area(
    g,
    [
      project(-thick, DEPTH, up),
      project(0, DEPTH, up),
      project(0, DEPTH, -0.45),
      project(-thick, DEPTH, -0.45),
    ],
    0x31356b,
  );
  area(
    g,
    [
      project(WIDTH, -thick, up),
      project(WIDTH, 0, up),
      project(WIDTH, 0, -0.45),
      project(WIDTH, -thick, -0.45),
    ],
    0x2a2e5e,
  );
}

function drawWindow(g: Graphics, wall: "x" | "z", from: number, to: number): void {
  const [low, high] = [1.2, 2.75];
  panel(g, wall, from - 0.1, to + 0.1, low - 0.1, high + 0.1, 0xe9e4f5);
  const band = (high - low) / SKY.length;
  SKY.forEach((color, place) => {
    panel(g, wall, from, to, high - band * (place + 1), high - band * place, color);
  });
  // A skyline, its windows lit.
  const heights = [0.45, 0.7, 0.35, 0.85, 0.55, 0.4, 0.75, 0.5];
  const step = 0.45;
  for (let at = from, place = 0; at < to - 0.05; at += step, place += 1) {
    const height = heights[place % heights.length] ?? 0.5;
    panel(g, wall, at, Math.min(to, at + step), low, low + height, 0x2b2858);
    panel(g, wall, at + 0.1, at + 0.18, low + height - 0.2, low + height - 0.1, 0xffd98a);
    if (height > 0.5) panel(g, wall, at + 0.26, at + 0.34, low + height - 0.4, low + height - 0.3, 0xffd98a);
  }
  for (let at = from + 1.2; at < to - 0.3; at += 1.2) panel(g, wall, at, at + 0.07, low, high, 0xe9e4f5);
  panel(g, wall, from - 0.15, to + 0.15, low - 0.16, low - 0.06, 0xcfc8e6);
}

function drawDoor(g: Graphics): void {
  panel(g, "z", 11.8, 13.2, 0, 2.3, 0x2e3263);
  panel(g, "z", 11.92, 13.08, 0, 2.2, 0xf0b35a);
  panel(g, "z", 12.05, 12.95, 1.1, 2.05, 0xffdf9e);
  panel(g, "z", 12.05, 12.95, 0.2, 0.95, 0xd9963c);
  panel(g, "z", 12.82, 12.94, 0.98, 1.08, 0x5b3a1e);
  patch(g, 0, 11.9, 0.9, 1.2, 0x3f4480);
}

/** The studio's name on the wall, as a sign that shines. */
function drawSign(): Container {
  const sign = new Container();
  const style = {
    fontFamily: "system-ui, sans-serif",
    fontSize: 30,
    fontWeight: "800",
    letterSpacing: 3,
  } as const;
  const glow = new Text({ text: "STUDIO FLOOR", style: { ...style, fill: 0x7ff0e0 }, resolution: 3 });
  const shadow = new Text({ text: "STUDIO FLOOR", style: { ...style, fill: 0x1d2150 }, resolution: 2 });
  shadow.position.set(2, 3);
  shadow.alpha = 0.6;
  sign.addChild(shadow, glow);
  const at = project(9.2, 0, 2.6);
  // Along the wall a metre is half a square across and down; upwards it stays upright.
  sign.setFromMatrix(new Matrix(HALF_WIDTH / SIGN, HALF_HEIGHT / SIGN, 0, UP / SIGN, at.x, at.y));
  return sign;
}
