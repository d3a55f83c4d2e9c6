import type { Graphics } from "pixi.js";
import type { Point } from "../world/grid.js";

/** Half of a square's width and height on the screen, and a metre upwards, in pixels. */
export const HALF_WIDTH = 32;
export const HALF_HEIGHT = 16;
export const UP = 34;

/** A place on the screen. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** A place of the floor, and so many metres above it, on the screen. */
export function project(x: number, z: number, y = 0): Pixel {
  return { x: (x - z) * HALF_WIDTH, y: (x + z) * HALF_HEIGHT - y * UP };
}

/** The place of the floor that a place on the screen shows. */
export function unproject({ x, y }: Pixel): Point {
  const across = x / HALF_WIDTH;
  const along = y / HALF_HEIGHT;
  return { x: (along + across) / 2, z: (along - across) / 2 };
}

/** What is nearer to the viewer is drawn later. */
export function orderOf(x: number, z: number): number {
  return Math.round((x + z) * 100);
}

/** A colour made lighter (above 1) or darker (below 1). */
export function shade(color: number, factor: number): number {
  const part = (shift: number): number => {
    const value = (color >> shift) & 0xff;
    return Math.max(0, Math.min(255, Math.round(value * factor)));
  };
  return (part(16) << 16) | (part(8) << 8) | part(0);
}

/** Fills an area between places on the screen. */
export function area(g: Graphics, corners: readonly Pixel[], color: number, alpha = 1): void {
  g.poly(
    corners.flatMap(({ x, y }) => [x, y]),
    true,
  ).fill({ color, alpha });
}

/** A box on the floor or above it, lit from the upper left. */
export interface Box {
  readonly x: number;
  readonly z: number;
  readonly width: number;
  readonly depth: number;
  /** Metres above the floor. */
  readonly y?: number;
  readonly height: number;
  readonly color: number;
}

/** Draws a box. */
export function box(g: Graphics, { x, z, width, depth, y = 0, height, color }: Box): void {
  const [x1, z1, top] = [x + width, z + depth, y + height];
  area(
    g,
    [project(x, z1, top), project(x1, z1, top), project(x1, z1, y), project(x, z1, y)],
    shade(color, 0.86),
  );
  area(
    g,
    [project(x1, z1, top), project(x1, z, top), project(x1, z, y), project(x1, z1, y)],
    shade(color, 0.7),
  );
  area(g, [project(x, z, top), project(x1, z, top), project(x1, z1, top), project(x, z1, top)], color);
}

/** A flat part of the floor. */
export function patch(
  g: Graphics,
  x: number,
  z: number,
  width: number,
  depth: number,
  color: number,
  alpha = 1,
): void {
  const corners = [
    project(x, z),
    project(x + width, z),
    project(x + width, z + depth),
    project(x, z + depth),
  ];
  area(g, corners, color, alpha);
}

/** A part of a wall: along `x` on the wall at the back right, along `z` on the one at the back left. */
export function panel(
  g: Graphics,
  wall: "x" | "z",
  from: number,
  to: number,
  low: number,
  high: number,
  color: number,
  alpha = 1,
): void {
  const at = (along: number, up: number): Pixel =>
    wall === "x" ? project(along, 0, up) : project(0, along, up);
  area(g, [at(from, high), at(to, high), at(to, low), at(from, low)], color, alpha);
}
