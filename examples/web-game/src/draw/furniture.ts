import type { Container } from "pixi.js";
import { Graphics } from "pixi.js";
import { BOOKSHELF, COFFEE, DESKS, PLANTS, SOFA, TABLE } from "../world/layout.js";
import type { Footprint } from "../world/grid.js";
import { area, box, orderOf, project, shade } from "./iso.js";

/** Something that stands on the floor, in its place among the others. */
function piece(x: number, z: number, draw: (g: Graphics) => void): Container {
  const g = new Graphics();
  draw(g);
  g.zIndex = orderOf(x, z);
  return g;
}

function middle({ x, z, width, depth }: Footprint): readonly [number, number] {
  return [x + width / 2, z + depth / 2];
}

/** All that stands on the floor but the desks. */
export function drawFurniture(): Container[] {
  return [
    piece(...middle(SOFA), drawSofa),
    piece(...middle(BOOKSHELF), drawBookshelf),
    piece(...middle(COFFEE), drawCoffee),
    piece(...middle(TABLE), drawTable),
    ...PLANTS.map((plant, place) => piece(...middle(plant), (g) => drawPlant(g, plant, place))),
  ];
}

/** A desk whose screen shines while somebody codes. */
export interface Desk {
  readonly views: readonly Container[];
  setBusy(busy: boolean): void;
}

const MUGS = [0xff7a6b, 0x5ec8f2, 0xf2c14e, 0x7fd67f, 0xf59ac0] as const;

/** The desks, in the order of their seats. */
export function drawDesks(): Desk[] {
  return DESKS.map((desk, place) => {
    const { x, z } = desk;
    const chair = piece(x + 0.5, z - 0.75, (g) => {
      const stem = project(x + 0.5, z - 0.5);
      g.ellipse(stem.x, stem.y, 13, 6.5).fill({ color: 0x000000, alpha: 0.22 });
      box(g, { x: x + 0.44, z: z - 0.56, width: 0.12, depth: 0.12, height: 0.3, color: 0x333768 });
      box(g, { x: x + 0.2, z: z - 0.8, width: 0.6, depth: 0.6, y: 0.28, height: 0.1, color: 0x474c8c });
      box(g, { x: x + 0.22, z: z - 0.86, width: 0.56, depth: 0.1, y: 0.4, height: 0.62, color: 0x565ca3 });
    });
    const glow = new Graphics();
    const light = project(x + 0.5, z + 0.1, 0.9);
    glow.ellipse(light.x, light.y, 34, 22).fill({ color: 0x8fe9ff, alpha: 0.22 });
    glow.ellipse(light.x, light.y, 22, 15).fill({ color: 0xc8f6ff, alpha: 0.28 });
    glow.zIndex = orderOf(...middle(desk)) - 1;
    glow.visible = false;
    const table = piece(...middle(desk), (g) => {
      drawDesk(g, x, z, place);
    });
    return {
      views: [chair, glow, table],
      setBusy(busy) {
        glow.visible = busy;
      },
    };
  });
}

function drawDesk(g: Graphics, x: number, z: number, place: number): void {
  const shadow = [
    project(x + 0.1, z + 0.2),
    project(x + 2.1, z + 0.2),
    project(x + 2.1, z + 1.05),
    project(x + 0.1, z + 1.05),
  ];
  area(g, shadow, 0x000000, 0.16);
  box(g, { x: x + 0.08, z: z + 0.1, width: 0.1, depth: 0.78, height: 0.62, color: 0xe8e2f2 });
  box(g, { x: x + 1.2, z: z + 0.1, width: 0.7, depth: 0.74, height: 0.62, color: 0xd9d2ea });
  for (const up of [0.12, 0.36]) {
    box(g, { x: x + 1.9, z: z + 0.34, width: 0.02, depth: 0.24, y: up, height: 0.05, color: 0x8a84a8 });
  }
  box(g, { x: x + 0.02, z: z + 0.04, width: 1.94, depth: 0.9, y: 0.62, height: 0.09, color: 0xf3d6a6 });
  const top = 0.71;
  // The screen's back is to the viewer, its light falls on who sits there.
  box(g, { x: x + 0.42, z: z + 0.42, width: 0.2, depth: 0.16, y: top, height: 0.05, color: 0x2a2d52 });
  box(g, { x: x + 0.1, z: z + 0.5, width: 0.82, depth: 0.07, y: top + 0.08, height: 0.5, color: 0x34386b });
  const badge = project(x + 0.51, z + 0.57, top + 0.34);
  g.circle(badge.x, badge.y, 3).fill({ color: 0x8fe9ff, alpha: 0.9 });
  const mug = MUGS[place % MUGS.length] ?? MUGS[0];
  box(g, { x: x + 1.1, z: z + 0.62, width: 0.14, depth: 0.14, y: top, height: 0.16, color: mug });
  if (place % 3 === 0) drawPapers(g, x, z, top);
  else if (place % 3 === 1) drawLamp(g, x, z, top);
  else drawSprout(g, x, z, top);
}

function drawPapers(g: Graphics, x: number, z: number, top: number): void {
  box(g, { x: x + 1.4, z: z + 0.2, width: 0.36, depth: 0.5, y: top, height: 0.05, color: 0xffffff });
  box(g, {
    x: x + 1.45,
    z: z + 0.26,
    width: 0.32,
    depth: 0.42,
    y: top + 0.05,
    height: 0.04,
    color: 0xfff3c4,
  });
}

function drawLamp(g: Graphics, x: number, z: number, top: number): void {
  const foot = project(x + 1.6, z + 0.4, top);
  g.ellipse(foot.x, foot.y, 7, 3.5).fill(0x2a2d52);
  g.moveTo(foot.x, foot.y)
    .lineTo(foot.x + 3, foot.y - 17)
    .lineTo(foot.x - 5, foot.y - 24)
    .stroke({ color: 0x2a2d52, width: 2 });
  g.poly([
    foot.x - 13,
    foot.y - 18,
    foot.x - 2,
    foot.y - 15,
    foot.x - 1,
    foot.y - 26,
    foot.x - 8,
    foot.y - 27,
  ]).fill(0xf59a4c);
  g.ellipse(foot.x - 7, foot.y - 5, 15, 8).fill({ color: 0xffe6a3, alpha: 0.4 });
}

function drawSprout(g: Graphics, x: number, z: number, top: number): void {
  box(g, { x: x + 1.5, z: z + 0.32, width: 0.22, depth: 0.22, y: top, height: 0.18, color: 0xe88a5a });
  const at = project(x + 1.61, z + 0.43, top + 0.2);
  for (const [dx, dy] of [
    [-6, -5],
    [6, -6],
    [0, -10],
  ] as const) {
    g.ellipse(at.x + dx / 1.5, at.y + dy, 4, 6).fill(dy < -8 ? 0x6ac27a : 0x4fa565);
  }
}

function drawSofa(g: Graphics): void {
  const { x, z, width } = SOFA;
  box(g, { x, z: z + 0.1, width, depth: 0.28, height: 1, color: 0xe0705e });
  box(g, { x, z: z + 0.38, width, depth: 0.55, height: 0.45, color: 0xef8672 });
  box(g, { x: x + 0.3, z: z + 0.42, width: 1.15, depth: 0.5, y: 0.45, height: 0.12, color: 0xf79a86 });
  box(g, { x: x + 1.55, z: z + 0.42, width: 1.15, depth: 0.5, y: 0.45, height: 0.12, color: 0xf79a86 });
  box(g, { x: x + width - 0.26, z: z + 0.1, width: 0.26, depth: 0.85, height: 0.68, color: 0xe0705e });
  box(g, { x, z: z + 0.1, width: 0.26, depth: 0.85, height: 0.68, color: 0xe0705e });
  box(g, { x: x + 2.1, z: z + 0.42, width: 0.46, depth: 0.12, y: 0.57, height: 0.36, color: 0xf2c14e });
}

const BOOKS = [0xff7a6b, 0x5ec8f2, 0xf2c14e, 0x7fd67f, 0xf59ac0, 0xc7b8ff, 0xf4efe6] as const;

function drawBookshelf(g: Graphics): void {
  const { x, z, depth } = BOOKSHELF;
  const color = 0x8a5a3c;
  const wide = 0.45;
  box(g, { x, z, width: wide, depth, height: 2.2, color });
  const face = x + wide;
  for (let shelf = 0; shelf < 3; shelf += 1) {
    const low = 0.18 + shelf * 0.68;
    area(
      g,
      [
        project(face, z + 0.12, low + 0.56),
        project(face, z + depth - 0.12, low + 0.56),
        project(face, z + depth - 0.12, low),
        project(face, z + 0.12, low),
      ],
      0x4d3022,
    );
    for (let book = 0; book < 13; book += 1) {
      if ((book * 5 + shelf * 3) % 7 === 0) continue;
      const at = z + 0.16 + book * 0.205;
      const high = low + 0.34 + ((book * 3 + shelf) % 4) * 0.055;
      const hue = shade(BOOKS[(book + shelf * 2) % BOOKS.length] ?? BOOKS[0], 0.92);
      area(
        g,
        [
          project(face, at, high),
          project(face, at + 0.17, high),
          project(face, at + 0.17, low),
          project(face, at, low),
        ],
        hue,
      );
    }
  }
}

function drawCoffee(g: Graphics): void {
  const { x, z } = COFFEE;
  box(g, { x: x + 0.05, z: z + 0.05, width: 0.9, depth: 0.75, height: 0.85, color: 0xf4efe6 });
  box(g, { x: x + 0.02, z: z + 0.02, width: 0.96, depth: 0.82, y: 0.85, height: 0.07, color: 0x8a5a3c });
  box(g, { x: x + 0.25, z: z + 0.15, width: 0.5, depth: 0.4, y: 0.92, height: 0.62, color: 0xc94f4f });
  box(g, { x: x + 0.3, z: z + 0.5, width: 0.4, depth: 0.16, y: 0.92, height: 0.1, color: 0x2a2d52 });
  const cup = project(x + 0.5, z + 0.6, 1.06);
  g.roundRect(cup.x - 4, cup.y - 5, 8, 7, 2).fill(0xffffff);
}

function drawTable(g: Graphics): void {
  const { x, z } = TABLE;
  const foot = project(x + 1, z + 1);
  const top = project(x + 1, z + 1, 0.66);
  g.ellipse(foot.x, foot.y + 3, 50, 25).fill({ color: 0x000000, alpha: 0.2 });
  g.rect(foot.x - 8, top.y, 16, foot.y - top.y).fill(0xcfc8e6);
  g.ellipse(foot.x, foot.y, 22, 11).fill(0xb8b0d6);
  g.ellipse(top.x, top.y + 4, 52, 26).fill(0xc9a06b);
  g.ellipse(top.x, top.y, 52, 26).fill(0xf6dcae);
  g.ellipse(top.x, top.y, 44, 21).stroke({ color: 0xe0bd86, width: 1.5 });
  for (const [dx, dy, color] of [
    [-24, -5, 0xffffff],
    [20, 6, 0xfff3c4],
    [6, -13, 0xffffff],
  ] as const) {
    g.poly([
      top.x + dx - 8,
      top.y + dy,
      top.x + dx,
      top.y + dy - 4,
      top.x + dx + 8,
      top.y + dy,
      top.x + dx,
      top.y + dy + 4,
    ]).fill(color);
  }
}

function drawPlant(g: Graphics, { x, z }: Footprint, place: number): void {
  const foot = project(x + 0.5, z + 0.5);
  g.ellipse(foot.x, foot.y, 18, 9).fill({ color: 0x000000, alpha: 0.2 });
  box(g, {
    x: x + 0.25,
    z: z + 0.25,
    width: 0.5,
    depth: 0.5,
    height: 0.45,
    color: place % 2 === 0 ? 0xf4efe6 : 0xe88a5a,
  });
  const at = project(x + 0.5, z + 0.5, 0.5);
  const leaves = [
    [-15, -16, -0.7],
    [15, -17, 0.7],
    [-9, -30, -0.35],
    [10, -31, 0.35],
    [0, -38, 0],
    [-18, -4, -1.1],
    [18, -5, 1.1],
  ] as const;
  leaves.forEach(([dx, dy, turn], leaf) => {
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const corners = [
      [0, 16],
      [6, 2],
      [0, -16],
      [-6, 2],
    ] as const;
    const points = corners.flatMap(([px, py]) => [
      at.x + dx + px * cos - py * sin,
      at.y + dy + px * sin + py * cos,
    ]);
    g.poly(points).fill(leaf % 2 === 0 ? 0x3f9460 : 0x57b576);
  });
}
