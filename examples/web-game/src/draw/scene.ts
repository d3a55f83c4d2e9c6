import { Graphics } from "pixi.js";
import { isHelper } from "../play/crew.js";
import type { Crew, Member } from "../play/crew.js";
import type { Player } from "../play/player.js";
import type { Ticket } from "../play/sprint.js";
import { distance } from "../world/grid.js";
import type { Chance } from "../world/random.js";
import { TABLE } from "../world/layout.js";
import { Effects } from "./effects.js";
import { drawDesks, drawFurniture } from "./furniture.js";
import type { Desk } from "./furniture.js";
import { Hero } from "./hero.js";
import { orderOf, project } from "./iso.js";
import type { Pixel } from "./iso.js";
import { Robot } from "./robot.js";
import { drawRoom } from "./room.js";
import type { Stage } from "./stage.js";
import { Tag } from "./tag.js";
import { Whiteboard } from "./whiteboard.js";

/** Metres from the player within which what people say can be read; who speaks up is read from anywhere. */
const EARSHOT = 5.5;

/** Seconds for which one of a team speaks. */
const TURN_SECONDS = 3.5;

/** How large helpers are beside the others, and seconds in which they appear and vanish. */
const HELPER_SIZE = 0.68;
const FADE_SECONDS = 0.5;

/** Pixels from the feet to the name, and to what is above it. */
const TAG_UP = 78;
const HAND_UP = 92;

interface Figure {
  readonly robot: Robot;
  readonly tag: Tag;
  readonly isHelper: boolean;
}

/** What the scene shows. */
export interface SceneParts {
  readonly stage: Stage;
  readonly crew: Crew;
  readonly player: Player;
  readonly chance: Chance;
  readonly isStill: boolean;
}

/** The studio as it is drawn: room, furniture, people, and what floats above them. */
export class Scene {
  readonly #parts: SceneParts;
  readonly #hero = new Hero();
  readonly #board = new Whiteboard();
  readonly #desks: readonly Desk[] = drawDesks();
  readonly #hologram = new Graphics();
  readonly #effects: Effects;
  readonly #figures = new Map<string, Figure>();
  /** Helpers that have left and are seen to. */
  readonly #leaving = new Set<Figure>();
  #time = 0;
  /** Goes on even where motion is reduced: whose turn it is to speak in a team. */
  #talkTime = 0;

  constructor(parts: SceneParts) {
    const { stage, chance } = parts;
    this.#parts = parts;
    this.#effects = new Effects(chance);
    stage.ground.addChild(drawRoom(), this.#board.view);
    stage.actors.addChild(...drawFurniture(), ...this.#desks.flatMap(({ views }) => views), this.#hero.view);
    this.#hologram.zIndex = orderOf(TABLE.x + 1, TABLE.z + 1) + 1;
    stage.actors.addChild(this.#hologram);
    stage.sky.addChild(this.#effects.view);
  }

  /** Draws the tickets on the whiteboard. */
  showTickets(tickets: readonly Ticket[]): void {
    this.#board.show(tickets);
  }

  /** Shows at somebody that something went well or wrong. */
  mark(id: string, text: string, isGood: boolean): void {
    const member = this.#parts.crew.get(id);
    if (member === undefined) return;
    const at = project(member.walker.at.x, member.walker.at.z, 2.4);
    if (this.#parts.isStill) return;
    this.#effects.rise(at, text, isGood ? 0xa8f0b0 : 0xffb0a6);
    if (isGood) this.#effects.celebrate(at);
  }

  /** Where the hand of somebody is on the stage. */
  handOf({ walker: { at } }: Member): Pixel {
    const { x, y } = project(at.x, at.z);
    return this.#parts.stage.toStage({ x, y: y - HAND_UP });
  }

  /** One frame. `near` is who would be talked to. */
  frame(seconds: number, near: Member | null): void {
    const { stage, crew, player, isStill } = this.#parts;
    if (!isStill) this.#time += seconds;
    this.#talkTime += seconds;
    const seen = new Set<string>();
    const coding = new Set<number>();
    const team = [...crew.members].filter(({ agent }) => agent.state === "collaborating");
    const speaker = team[Math.floor(this.#talkTime / TURN_SECONDS) % Math.max(1, team.length)];
    for (const member of crew.members) {
      const { agent, desk, walker } = member;
      seen.add(agent.id);
      this.#pose(member, { isNear: near === member, isSpeaker: speaker === member });
      if (agent.state === "coding" && !walker.isMoving) coding.add(desk);
    }
    for (const id of this.#figures.keys()) if (!seen.has(id)) this.#remove(id);
    this.#fade(seconds);
    this.#desks.forEach((desk, place) => desk.setBusy(coding.has(place)));
    const atTable = team.filter(({ walker }) => !walker.isMoving);
    this.#drawHologram(
      atTable.length === 0 ? null : Math.max(...atTable.map(({ agent }) => agent.task?.progress ?? 0)),
    );
    const { x, z } = player.at;
    const at = project(x, z);
    this.#hero.view.position.set(at.x, at.y);
    this.#hero.view.zIndex = orderOf(x, z);
    this.#hero.pose(player.facing, player.isMoving, isStill ? 0 : this.#time);
    this.#effects.frame(seconds);
    stage.frame(player.at, seconds);
  }

  #pose(member: Member, { isNear, isSpeaker }: { isNear: boolean; isSpeaker: boolean }): void {
    const { agent, walker } = member;
    const { robot, tag, isHelper: isSmall } = this.#figures.get(agent.id) ?? this.#add(member);
    const { x, z } = walker.at;
    const at = project(x, z);
    robot.view.position.set(at.x, at.y);
    robot.view.zIndex = orderOf(x, z);
    robot.pose({ facing: walker.facing, isWalking: walker.isMoving, state: agent.state, time: this.#time });
    tag.view.position.set(at.x, at.y - (isSmall ? TAG_UP * HELPER_SIZE : TAG_UP));
    tag.view.zIndex = orderOf(x, z) + (isNear ? 100_000 : 0);
    const speaks = (isNear && agent.state !== "waiting") || isSpeaker || this.#isHeard(member);
    tag.show(agent, { speaks, isNear });
  }

  /** Level of detail: what somebody does is written out near the player alone. In a team one speaks at a time. */
  #isHeard({ agent: { state, parent_agent_id }, walker }: Member): boolean {
    if (parent_agent_id !== null) return false;
    if (state === "speaking" || state === "error") return true;
    // There is a hand above it, and what it wants to know stands in the dialog.
    if (state === "waiting") return false;
    return state !== "collaborating" && distance(walker.at, this.#parts.player.at) < EARSHOT;
  }

  #add({ agent }: Member): Figure {
    const color = Number.parseInt(agent.color.slice(1), 16);
    const figure = { robot: new Robot(agent.type, color), tag: new Tag(), isHelper: isHelper(agent) };
    if (figure.isHelper) {
      figure.robot.view.scale.set(HELPER_SIZE);
      figure.robot.view.alpha = this.#parts.isStill ? 1 : 0;
    }
    this.#figures.set(agent.id, figure);
    this.#parts.stage.actors.addChild(figure.robot.view);
    this.#parts.stage.sky.addChild(figure.tag.view);
    return figure;
  }

  #remove(id: string): void {
    const figure = this.#figures.get(id);
    if (figure === undefined) return;
    this.#figures.delete(id);
    figure.tag.view.destroy({ children: true });
    if (figure.isHelper && !this.#parts.isStill) this.#leaving.add(figure);
    else figure.robot.view.destroy({ children: true });
  }

  /** Helpers appear beside whom they help, and vanish there. */
  #fade(seconds: number): void {
    const share = seconds / FADE_SECONDS;
    for (const { robot } of this.#figures.values()) robot.view.alpha = Math.min(1, robot.view.alpha + share);
    for (const figure of this.#leaving) {
      const { view } = figure.robot;
      view.alpha -= share;
      if (view.alpha > 0) continue;
      view.destroy({ children: true });
      this.#leaving.delete(figure);
    }
  }

  /** Above the table floats what a team makes, and grows with its progress. */
  #drawHologram(progress: number | null): void {
    const g = this.#hologram.clear();
    if (progress === null) return;
    const middle = project(TABLE.x + 1, TABLE.z + 1, 1.5);
    const foot = project(TABLE.x + 1, TABLE.z + 1, 0.7);
    const size = 9 + 15 * progress;
    g.poly([
      foot.x - 8,
      foot.y,
      foot.x + 8,
      foot.y,
      middle.x + size * 1.3,
      middle.y,
      middle.x - size * 1.3,
      middle.y,
    ]);
    g.fill({ color: 0x7ff0e0, alpha: 0.16 });
    const turn = this.#time * 0.9;
    const corner = (place: number, up: number): { x: number; y: number } => ({
      x: middle.x + Math.cos(turn + (place * Math.PI) / 2) * size,
      y: middle.y + Math.sin(turn + (place * Math.PI) / 2) * size * 0.5 + up * size * 0.8,
    });
    for (let place = 0; place < 4; place += 1) {
      const [a, b, c, d] = [corner(place, -1), corner(place + 1, -1), corner(place + 1, 1), corner(place, 1)];
      g.poly([a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y]).fill({ color: 0x7ff0e0, alpha: 0.14 });
      g.poly([a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y]).stroke({ color: 0xb8fff4, width: 1.6, alpha: 0.9 });
    }
  }
}
