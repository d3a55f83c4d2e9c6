import { Fifo } from "./fifo.js";

/** What a platform's port may have beside what pages know: Node keeps its process alive for a port unless told not to. */
interface KeepsAlive {
  ref(): void;
  unref(): void;
}

/**
 * Runs each task in a turn of the event loop of its own, in order, as a browser delivers what comes from a network: what
 * one message's listeners leave to promises is done before the next message comes, and a flood leaves input, timers and
 * painting their turns. It uses no timer, which a test may have stopped and a hidden page is denied, but messages to itself.
 * Where there is no MessageChannel it falls back to microtasks, which come in order too but leave no turns between.
 */
export class Macrotasks {
  readonly #tasks = new Fifo<() => void>();
  #users = 0;
  #running = false;
  #channel: MessageChannel | null = null;

  /** Runs `task` in a later turn. What is posted runs, whoever has let go of the queue since. */
  post(task: () => void): void {
    this.#tasks.push(task);
    if (this.#tasks.size > 1 || this.#running) return;
    if (typeof MessageChannel !== "undefined") {
      this.#channel ??= this.#open();
      if (keepsAlive(this.#channel.port1)) this.#channel.port1.ref();
    }
    this.#wake();
  }

  /** Keeps the queue ready until what comes back is called; with no user and no task it holds no handle of the platform. */
  retain(): () => void {
    this.#users += 1;
    let retained = true;
    return () => {
      if (!retained) return;
      retained = false;
      this.#users -= 1;
      this.#closeIfIdle();
    };
  }

  #open(): MessageChannel {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      this.#runOne();
    };
    return channel;
  }

  /** Asks for one turn; the next is asked for at its end, since Node gives all that were asked for before it gives one to others. */
  #wake(): void {
    if (this.#channel !== null) {
      this.#channel.port2.postMessage(null);
      return;
    }
    queueMicrotask(() => {
      this.#runOne();
    });
  }

  #runOne(): void {
    this.#running = true;
    try {
      this.#tasks.take()?.();
    } finally {
      this.#running = false;
      if (this.#tasks.size > 0) {
        this.#wake();
      } else {
        if (this.#channel !== null && keepsAlive(this.#channel.port1)) this.#channel.port1.unref();
        this.#closeIfIdle();
      }
    }
  }

  #closeIfIdle(): void {
    if (this.#users > 0 || this.#running || this.#tasks.size > 0) return;
    this.#channel?.port1.close();
    this.#channel = null;
  }
}

function keepsAlive(port: object): port is KeepsAlive {
  return (
    "ref" in port && typeof port.ref === "function" && "unref" in port && typeof port.unref === "function"
  );
}
