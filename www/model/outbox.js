/* What has been written and is not yet known to be on the server's disk.
 *
 *                 ┌── connection lost ──┐
 *      waiting ───┴──► sending ──ack──► sent ──its event arrives──► gone
 *         ▲               │
 *         └─ retry ── failed ◄── refused
 *
 * One message is under way at a time, so that order survives whatever the server answers: when it says "later"
 * (rate_limited, overloaded), the message waits at the head and nothing overtakes it; where it is a room that is slow, nothing of that
 * room. Each keeps its id for ever, and the server makes one message of one id; so after a lost connection it is simply sent again.
 *
 * Kept in sessionStorage: each tab has its own, and it survives a reload and a crash. */
import { Observable } from '../lib/observable.js';
import { randomId } from '../lib/id.js';

/**
 * @typedef {object} Pending
 * @property {string} id
 * @property {number} room
 * @property {string} body
 * @property {number} at when it was written, by this machine's clock
 * @property {'waiting' | 'sending' | 'sent' | 'failed'} state
 * @property {number | null} seq once sent
 * @property {string | null} code the refusal, once failed
 * @property {string | null} reason the same for people
 */

/** The server asks for patience: try again by itself after a while. */
const LATER = new Set(['rate_limited', 'overloaded']);
/** Failed, but it may work on the next connection, and is tried there by itself. */
const NEXT_CONNECTION = new Set(['storage_failed']);
const RETRY_AFTER_MS = 1_000;
const KEY = 'outbox';

export class Outbox extends Observable {
  /** @type {Pending[]} in the order in which they were written */
  items = [];
  #connected = false;
  /** No more on this connection: the server is going away. */
  #held = false;
  /** @type {number | undefined} */
  #pause;
  /** Rooms in slow mode, where the next message has to wait: until when. @type {Map<number, number>} */
  #slow = new Map();
  #send;
  #clock;
  #storage;

  /**
   * @param {object} needs
   * @param {(item: Pending) => boolean} needs.send false when it could not be handed to the connection
   * @param {import('../lib/clock.js').Clock} needs.clock
   * @param {import('../lib/storage.js').JsonStorage} needs.storage
   */
  constructor({ send, clock, storage }) {
    super();
    this.#send = send;
    this.#clock = clock;
    this.#storage = storage;
    this.items = restored(storage.read(KEY));
  }

  /** How many will go out by themselves. */
  get waiting() {
    return this.items.filter((item) => item.state === 'waiting' || item.state === 'sending').length;
  }

  /** When the room may have our next message; 0: any time, as far as we were told. @param {number} room */
  slowUntil(room) {
    return this.#slow.get(room) ?? 0;
  }

  /** @param {string} id */
  find(id) {
    return this.items.find((item) => item.id === id);
  }

  /** @param {number} room */
  of(room) {
    return this.items.filter((item) => item.room === room);
  }

  /**
   * @param {number} room
   * @param {string} body
   */
  add(room, body) {
    const at = this.#clock.now();
    this.items.push({ id: randomId(), room, body, at, state: 'waiting', seq: null, code: null, reason: null });
    this.#settle();
  }

  /** @param {string} id */
  retry(id) {
    const item = this.find(id);
    if (item?.state !== 'failed') return;
    /* The server holds something else under that id; it can only succeed as a new message. */
    if (item.code === 'id_reused') item.id = randomId();
    Object.assign(item, { state: 'waiting', code: null, reason: null });
    this.#settle();
  }

  /** @param {string} id */
  discard(id) {
    this.#remove((item) => item.id === id);
  }

  /** A connection is there and its rooms are joined: everything goes out again, in order. */
  connected() {
    this.#connected = true;
    this.#held = false;
    this.#resume();
    for (const item of this.items) {
      if (item.state === 'failed' && item.code !== null && NEXT_CONNECTION.has(item.code)) {
        Object.assign(item, { state: 'waiting', code: null, reason: null });
      }
    }
    this.#settle();
  }

  disconnected() {
    this.#connected = false;
    this.#resume();
    for (const item of this.items) if (item.state === 'sending') item.state = 'waiting';
    this.#settle();
  }

  /** The server is closing: send no more until the next connection. */
  hold() {
    this.#held = true;
  }

  /**
   * @param {string} id
   * @param {number} seq
   * @param {boolean} seen the room's timeline has come past that number already
   * @returns {boolean} whether the id is one of ours
   */
  acknowledge(id, seq, seen) {
    const item = this.find(id);
    if (!item) return false;
    if (seen) this.#remove((other) => other === item);
    else {
      Object.assign(item, { state: 'sent', seq });
      this.#settle();
    }
    return true;
  }

  /**
   * @param {string} id
   * @param {string} code
   * @param {string} message
   * @param {number} [retry_after_ms]
   * @param {{ isSlow?: boolean }} [options] isSlow: it is this room that has to wait, and no other
   * @returns {boolean} whether the id is one of ours
   */
  refuse(id, code, message, retry_after_ms = RETRY_AFTER_MS, { isSlow = false } = {}) {
    const item = this.find(id);
    if (!item) return false;
    if (isSlow) {
      item.state = 'waiting';
      this.#slow.set(item.room, this.#clock.now() + retry_after_ms);
      this.#clock.after(() => this.#settle(), retry_after_ms);
    } else if (LATER.has(code)) {
      item.state = 'waiting';
      this.#clock.cancel(this.#pause);
      this.#pause = this.#clock.after(() => {
        this.#resume();
        this.#settle();
      }, retry_after_ms);
    } else if (code === 'shutting_down') {
      item.state = 'waiting';
      this.#held = true;
    } else {
      Object.assign(item, { state: 'failed', code, reason: message });
    }
    this.#settle();
    return true;
  }

  /**
   * The same for the one under way, when the server could not tell which it was.
   * @param {string} code
   * @param {string} message
   */
  refuseCurrent(code, message) {
    const item = this.items.find(isSending);
    if (item) this.refuse(item.id, code, message);
  }

  /**
   * The room's own copy of a message has arrived, or was skipped by a reset.
   * @param {(item: Pending) => boolean} isIt
   */
  arrived(isIt) {
    this.#remove(isIt);
  }

  /** Somebody else's: nothing of it is sent. */
  forget() {
    this.#remove(() => true);
  }

  #resume() {
    this.#clock.cancel(this.#pause);
    this.#pause = undefined;
  }

  /** Sends the next if none is under way, remembers, and tells. */
  #settle() {
    if (this.#connected && !this.#held && this.#pause === undefined && !this.items.some(isSending)) {
      for (const [room, until] of this.#slow) if (until <= this.#clock.now()) this.#slow.delete(room);
      const next = this.items.find((item) => item.state === 'waiting' && !this.#slow.has(item.room));
      if (next && this.#send(next)) next.state = 'sending';
    }
    const unsent = this.items.filter((item) => item.state !== 'sent');
    this.#storage.write(KEY, unsent.length ? unsent : undefined);
    this.changed();
  }

  /** @param {(item: Pending) => boolean} isIt */
  #remove(isIt) {
    const kept = this.items.filter((item) => !isIt(item));
    if (kept.length === this.items.length) return;
    this.items = kept;
    this.#settle();
  }
}

/** @param {Pending} item */
const isSending = (item) => item.state === 'sending';

/**
 * @param {unknown} stored
 * @returns {Pending[]}
 */
function restored(stored) {
  if (!Array.isArray(stored)) return [];
  return stored
    .filter((item) => typeof item?.id === 'string' && Number.isInteger(item.room) && typeof item.body === 'string')
    .map((item) => ({ ...item, state: item.state === 'failed' ? 'failed' : 'waiting', seq: null }));
}
