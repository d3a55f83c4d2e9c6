import type { Studio } from "./backend/studio.js";
import { writeGame } from "./backend/save.js";
import type { Storage } from "./backend/storage.js";
import { Scene } from "./draw/scene.js";
import { Stage } from "./draw/stage.js";
import { Crew } from "./play/crew.js";
import type { Member } from "./play/crew.js";
import { Keys } from "./play/keys.js";
import { Questions } from "./play/questions.js";
import { Reviews } from "./play/reviews.js";
import { Player, TALK_METRES } from "./play/player.js";
import { Sprint } from "./play/sprint.js";
import type { SavedSprint, Ticket } from "./play/sprint.js";
import { Temps } from "./play/temps.js";
import { dealTickets } from "./play/tickets.js";
import { Work } from "./play/work.js";
import { Chime } from "./ui/chime.js";
import { connectionWords } from "./ui/connection.js";
import { setText } from "./ui/dom.js";
import { Ending } from "./ui/ending.js";
import { Hands } from "./ui/hands.js";
import { Leaving } from "./ui/leaving.js";
import { News } from "./ui/news.js";
import { GamePage } from "./ui/page.js";
import { PeopleList } from "./ui/people-list.js";
import { ReviewDialog } from "./ui/review-dialog.js";
import { ReviewList } from "./ui/review-list.js";
import { Talk } from "./ui/talk.js";
import { TicketList } from "./ui/ticket-list.js";
import { distance } from "./world/grid.js";
import type { Point } from "./world/grid.js";
import { createFloor } from "./world/layout.js";
import { seededChance } from "./world/random.js";
import { Traffic } from "./world/traffic.js";

/** A frame that took longer than this, as after a pause in the background, counts as so many seconds. */
const FRAME_SECONDS_MAX = 0.2;
/** How near a tap has to be to somebody, in metres. */
const TAP_METRES = 1.1;
/** People do not hurry as much as a clock that is set fast. */
const PACE_MAX = 4;
const PLAYER_PACE_MAX = 2;

/** What a game is started with. */
export interface GameParts {
  readonly studio: Studio;
  readonly seed: number;
  readonly speed: number;
  readonly saved: SavedSprint | null;
  readonly storage: Storage;
  /** Whether motion is to be reduced. */
  readonly isStill: boolean;
  readonly host: HTMLElement;
  /** Back to the menu. */
  readonly onMenu: () => void;
}

/** A game that is being played: joins the backend, the people, the floor and the page. */
export class Game {
  readonly #parts: GameParts;
  readonly #floor = createFloor();
  readonly #player = new Player(this.#floor);
  readonly #news = new News();
  readonly #sprint: Sprint;
  readonly #crew: Crew;
  readonly #work: Work;
  readonly #temps: Temps;
  readonly #questions: Questions;
  readonly #reviews: Reviews;
  readonly #chime = new Chime();
  readonly #hands = new Hands((id) => this.#talk.open(id));
  readonly #look: ReviewDialog;
  readonly #keys: Keys;
  readonly #talk: Talk;
  readonly #ending: Ending;
  readonly #leaving: Leaving;
  readonly #people: PeopleList;
  readonly #tickets: TicketList;
  readonly #page: GamePage;
  readonly #pace: number;
  #stage: Stage | null = null;
  #scene: Scene | null = null;
  /** Whom the player walks up to. */
  #wanted: string | null = null;
  #near: Member | null = null;
  #last = 0;
  #isClosed = false;

  constructor(parts: GameParts) {
    const { studio, seed, saved } = parts;
    const { agentvm } = studio;
    const { tell } = this.#news;
    this.#parts = parts;
    this.#pace = Math.min(PACE_MAX, Math.max(1, parts.speed));
    this.#sprint = saved === null ? Sprint.of(dealTickets(seededChance(seed))) : new Sprint(saved);
    this.#crew = new Crew({ agentvm, traffic: new Traffic(this.#floor), chance: seededChance(seed + 1) });
    this.#questions = new Questions({
      agentvm,
      tell,
      nameOf: (id) => this.#crew.get(id)?.agent.name ?? "Somebody",
      onAsked: () => this.#chime.ring(),
    });
    this.#reviews = new Reviews({ agentvm, sprint: this.#sprint, tell });
    this.#look = new ReviewDialog(this.#reviews);
    const reviewList = new ReviewList((taskId) => this.#look.open(taskId));
    this.#reviews.onChange(() => reviewList.show(this.#reviews.list));
    this.#work = new Work({
      agentvm,
      crew: this.#crew,
      sprint: this.#sprint,
      reviews: this.#reviews,
      tell,
      workedOn: studio.workedOn,
    });
    this.#temps = new Temps({ agentvm, sprint: this.#sprint, tell });
    this.#keys = new Keys(window, { onTalk: () => this.#talkToNear(), onAnswer: () => this.#answerFirst() });
    this.#ending = new Ending({ onAgain: parts.onMenu });
    const canSave = studio.backend !== null && parts.storage.isThere;
    this.#leaving = new Leaving({ onSave: canSave ? () => this.#save() : null, onLeave: parts.onMenu });
    this.#people = new PeopleList((id) => this.#reach(id));
    this.#tickets = new TicketList((ticket) => this.#callTeam(ticket));
    this.#talk = new Talk({
      agentvm,
      sprint: this.#sprint,
      actions: this.#work,
      questions: this.#questions,
      reviews: this.#reviews,
      onLook: (taskId) => this.#look.open(taskId),
      isOwnFirst: studio.workedOn.length > 0,
      look: (id) => this.#crew.get(id)?.agent,
    });
    this.#page = new GamePage({
      place: studio.place,
      tickets: this.#tickets.view,
      people: this.#people.view,
      reviews: reviewList.view,
      sound: this.#chime.view,
      overFloor: this.#hands.view,
      news: this.#news.view,
      dialogs: [this.#talk.view, this.#look.view, this.#ending.view, this.#leaving.view],
      actions: [
        ["Team", () => this.#callTeam(this.#sprint.open.find(({ size }) => size === "team"))],
        ["Hire", () => void this.#work.hire()],
        ["Temps", () => void this.#temps.call()],
      ],
      onTalk: () => this.#talkToNear(),
      onAnswer: () => this.#answerFirst(),
      onSave: () => this.#save(),
      onMenu: () => this.#leaving.show(),
    });
    this.#sprint.onChange(() => this.#showSprint());
    this.#listen();
  }

  /** Puts the page up and begins. */
  async start(): Promise<void> {
    const { host, isStill, seed, saved } = this.#parts;
    host.replaceChildren(this.#page.view);
    this.#showSprint();
    const present = await this.#work.count();
    await this.#openStage(isStill, seed);
    requestAnimationFrame((now) => {
      this.#last = now;
      this.#frame(now);
    });
    if (this.#parts.studio.workedOn.length > 0)
      this.#news.tell("Real agents work here: tell somebody in your own words what to do. The launch waits.");
    else if (saved === null) this.#news.tell("Nine o’clock. Somebody should be told what to do.");
    else {
      this.#news.tell("The saved game goes on.");
      this.#work.resume();
      void this.#questions.read();
    }
    await this.#work.moveIn(present);
  }

  /** Ends the game and all that it holds. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#work.close();
    this.#temps.close();
    this.#questions.close();
    this.#reviews.close();
    this.#chime.close();
    this.#keys.close();
    this.#crew.close();
    this.#stage?.close();
    await this.#parts.studio.close();
  }

  /** Without any way to draw, the lists beside the floor still tell everything. */
  async #openStage(isStill: boolean, seed: number): Promise<void> {
    try {
      const stage = await Stage.open(this.#page.stage, isStill);
      this.#stage = stage;
      const chance = seededChance(seed + 2);
      this.#scene = new Scene({ stage, crew: this.#crew, player: this.#player, chance, isStill });
      this.#scene.showTickets(this.#sprint.tickets);
      stage.onTap((at) => this.#tap(at));
    } catch {
      this.#news.tell("The floor cannot be drawn in this browser. The lists tell all that happens.", "bad");
    }
  }

  #listen(): void {
    const { agentvm } = this.#parts.studio;
    const { tell } = this.#news;
    const show = (): void => setText(this.#page.connection, connectionWords(agentvm.state));
    show();
    agentvm.on("connection", show);
    agentvm.on("gap", () => tell("Some news was lost on the way. The people are shown as they are now."));
    agentvm.on("team.completed", ({ data: { succeeded, failed } }) =>
      tell(`The team is done: ${succeeded} of ${succeeded + failed} parts.`, failed === 0 ? "good" : "bad"),
    );
    agentvm.on("task.completed", ({ data: { agent_id } }) => this.#scene?.mark(agent_id, "done!", true));
    agentvm.on("task.failed", ({ data: { agent_id } }) => {
      if (agent_id !== null) this.#scene?.mark(agent_id, "failed", false);
    });
  }

  readonly #frame = (now: number): void => {
    if (this.#isClosed) return;
    const seconds = Math.min(FRAME_SECONDS_MAX, Math.max(0, (now - this.#last) / 1_000));
    this.#last = now;
    if (this.#talk.isOpen) this.#keys.release();
    this.#player.step(seconds * Math.min(PLAYER_PACE_MAX, this.#pace), this.#keys.heading);
    this.#crew.frame(seconds, this.#pace);
    const { x, z } = this.#player.at;
    this.#parts.studio.agentvm.agents.setViewer({ x, y: 0, z });
    this.#approach();
    this.#near = this.#crew.nearest(this.#player.at, TALK_METRES);
    this.#showNear();
    this.#people.show(this.#crew.members);
    setText(this.#page.temps, this.#temps.words);
    this.#talk.frame();
    // Real work takes the time that it takes, and the launch waits for it.
    if (this.#parts.studio.workedOn.length === 0 && this.#sprint.pass(seconds)) this.#end();
    setText(this.#page.clock, this.#sprint.clock);
    this.#scene?.frame(seconds, this.#near);
    this.#showHands();
    requestAnimationFrame(this.#frame);
  };

  #showSprint(): void {
    const { done, points, tickets, ending } = this.#sprint;
    this.#tickets.show(this.#sprint);
    this.#scene?.showTickets(tickets);
    setText(this.#page.done, `${done}/${tickets.length} done`);
    setText(this.#page.points, `${points} points`);
    if (ending === "shipped") this.#end();
  }

  #end(): void {
    this.#talk.view.close();
    this.#leaving.view.close();
    this.#look.view.close();
    this.#ending.show(this.#sprint);
  }

  #showNear(): void {
    const { talk, answer } = this.#page;
    const first = this.#questions.first;
    answer.hidden = first === null || this.#talk.isOpen;
    if (first !== null) setText(answer, `Answer ${this.#crew.get(first.agentId)?.agent.name ?? "them"} (Q)`);
    talk.hidden = this.#near === null || this.#talk.isOpen;
    if (this.#near !== null) setText(talk, `Talk to ${this.#near.agent.name} (Enter)`);
  }

  /** Above whoever waits there is a raised hand, wherever the player is. */
  #showHands(): void {
    const waiting = [...this.#questions.open].flatMap(({ agentId }) => this.#crew.get(agentId) ?? []);
    this.#hands.show(waiting, (member) => this.#scene?.handOf(member) ?? null);
  }

  #answerFirst(): void {
    const { first } = this.#questions;
    if (first !== null && this.#crew.get(first.agentId) !== undefined) this.#talk.open(first.agentId);
  }

  /** Who asks is answered from anywhere; to talk, one walks up to somebody. */
  #reach(id: string): void {
    if (this.#questions.of(id) === null) this.#walkUpTo(id);
    else this.#talk.open(id);
  }

  #talkToNear(): void {
    if (this.#near !== null) this.#talk.open(this.#near.agent.id);
  }

  #tap(at: Point): void {
    // A body is taller than its place on the floor: a tap on the head means the same.
    const found =
      this.#crew.nearest(at, TAP_METRES) ?? this.#crew.nearest({ x: at.x + 0.9, z: at.z + 0.9 }, TAP_METRES);
    if (found === null) {
      this.#wanted = null;
      this.#player.walkTo(at);
    } else this.#reach(found.agent.id);
  }

  #walkUpTo(id: string): void {
    this.#wanted = id;
    this.#page.showFloor();
    const member = this.#crew.get(id);
    if (member !== undefined) this.#player.walkTo(member.walker.at);
  }

  /** Goes after whom the player wants to talk to, until they are near. */
  #approach(): void {
    const member = this.#wanted === null ? undefined : this.#crew.get(this.#wanted);
    if (member === undefined) return;
    const { right, down } = this.#keys.heading;
    if (right !== 0 || down !== 0) this.#wanted = null;
    else if (distance(this.#player.at, member.walker.at) <= TALK_METRES) {
      this.#wanted = null;
      this.#player.walkTo(this.#player.at);
      this.#talk.open(member.agent.id);
    } else if (!this.#player.isMoving || member.walker.isMoving) this.#player.walkTo(member.walker.at);
  }

  #callTeam(ticket: Ticket | undefined): void {
    if (ticket === undefined) this.#news.tell("There is no ticket for a team on the board.");
    else void this.#work.callTeam(ticket);
  }

  #save(): void {
    const { studio, storage, seed } = this.#parts;
    const { tell } = this.#news;
    if (studio.backend === null) tell("A game on a server is kept there; only games played here are saved.");
    else if (!storage.isThere) tell("Nothing can be saved here: this page or frame has no storage.", "bad");
    else {
      const sprint = this.#sprint.save();
      const text = writeGame({ seed, gameId: studio.gameId, sprint, snapshot: studio.backend.snapshot() });
      if (storage.write(text)) tell("The game is saved.", "good");
      else tell("The game could not be saved: the browser has no room left.", "bad");
    }
  }
}
