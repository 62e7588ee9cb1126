/* Messages that the server has not yet confirmed to be stored.
 *
 *                 ┌── connection lost ──┐
 *      waiting ───┴──► sending ──ack──► sent ──its event arrives──► gone
 *         ▲               │
 *         └─ retry ── failed ◄── refused
 *
 * One message is sent at a time, which keeps the order whatever the server answers: after "later" (rate_limited,
 * overloaded), the message waits at the head and nothing overtakes it; in slow mode, nothing of that room does. A
 * message keeps its id, and the server stores one message per id, so it can simply be sent again after a lost
 * connection.
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

/** The server asks to wait: retried automatically after a while. */
const LATER = new Set(['rate_limited', 'overloaded']);
/** Failed, but can work on the next connection: retried there automatically. */
const NEXT_CONNECTION = new Set(['storage_failed']);
const RETRY_AFTER_MS = 1_000;
const KEY = 'outbox';

export class Outbox extends Observable {
  /** @type {Pending[]} in the order in which they were written */
  items = [];
  #connected = false;
  /** Nothing more is sent on this connection: the server is closing it. */
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

  /** How many will be sent automatically. */
  get waiting() {
    return this.items.filter((item) => item.state === 'waiting' || item.state === 'sending').length;
  }

  /** When our next message to the room can be sent; 0: now, as far as we know. @param {number} room */
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
    /* The server has another message with that id, so this one needs a new id. */
    if (item.code === 'id_reused') item.id = randomId();
    Object.assign(item, { state: 'waiting', code: null, reason: null });
    this.#settle();
  }

  /** @param {string} id */
  discard(id) {
    this.#remove((item) => item.id === id);
  }

  /** There is a connection and its rooms are joined: everything is sent again, in order. */
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
   * @param {boolean} seen the room's timeline is already past that number
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
   * @param {{ isSlow?: boolean }} [options] isSlow: only this room has to wait
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
   * The same for the message being sent, when the server could not tell which one it was.
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

  /** These are another user's: nothing of it is sent. */
  forget() {
    this.#remove(() => true);
  }

  #resume() {
    this.#clock.cancel(this.#pause);
    this.#pause = undefined;
  }

  /** Sends the next message if none is being sent, stores the outbox, and notifies observers. */
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
