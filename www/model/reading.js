/* The read positions of this person: moved by what is on screen, "mark as read", other devices and "mark unread".
 *
 * For an account the server stores them and notifies all devices; a new position is sent at most every SEND_MS. For a
 * guest the browser stores them (reads.js). */

import { reasonOf } from '../lib/refusal.js';

/** @typedef {import('./room.js').Room} Room */

const SEND_MS = 500;
/** The server asks to wait. */
const LATER = new Set(['rate_limited', 'overloaded', 'storage_failed']);

export class Reading {
  #needs;
  /** Seen here, and not yet sent. @type {Set<Room>} */
  #pending = new Set();
  /** Sent, and not yet answered. @type {Map<Room, number>} */
  #underWay = new Map();
  /** @type {number | undefined} */
  #timer;
  #isConnected = false;

  /**
   * @param {object} needs
   * @param {import('./chat.js').Port} needs.port
   * @param {import('../lib/clock.js').Clock} needs.clock
   * @param {import('./reads.js').Reads} needs.reads
   */
  constructor(needs) {
    this.#needs = needs;
  }

  /**
   * These events are on screen.
   * @param {Room} room
   * @param {number} first
   * @param {number} last
   */
  see(room, first, last) {
    if (!room.held && room.saw(first, last)) this.#moved(room);
  }

  /** Marks the whole room as read. @param {Room} room */
  markRead(room) {
    room.held = false;
    if (room.readAll()) this.#moved(room);
  }

  /** @param {Room} room whose reader has read further */
  #moved(room) {
    if (room.counting === 'here') {
      this.#needs.reads.set(room.id, room.readSeq);
      this.#needs.reads.save();
    } else if (room.counting === 'server') {
      this.#pending.add(room);
      if (this.#isConnected && this.#timer === undefined) this.#send();
    }
  }

  /** The reader leaves the room. @param {Room} room */
  left(room) {
    room.held = false;
    if (this.#isConnected) this.#sendOf(room);
  }

  /**
   * @param {Room} room
   * @param {number} seq
   * @returns {Promise<unknown>} rejects with a refusal
   */
  markUnread(room, seq) {
    this.#pending.delete(room);
    room.readBackTo(seq);
    return this.#needs.port.request({ type: 'mark_unread', room: room.id, seq });
  }

  /**
   * A `read` frame: this or another device has moved the read position.
   * @param {Room} room
   * @param {{ seq: number, unread: number, mentions: number }} frame
   * @param {boolean} isOpen
   */
  sync(room, { seq, unread, mentions }, isOpen) {
    const isBack = seq < room.readSeq;
    const isOn = seq > room.readSeq;
    if (isBack && this.#isAhead(room)) return; /* our own position of a moment ago; a newer one follows */
    if (isBack && isOpen)
      room.held = true; /* marked unread on another device: what is on screen here does not count as read */
    /* The count includes all events that have arrived, and those that a join has announced. */
    room.sync(
      { read_seq: seq, unread, mentions },
      Math.max(room.timeline.lastSeq, room.targetSeq, room.marks.syncedSeq),
    );
    if ((isBack || isOn) && isOpen) room.divide();
  }

  /**
   * The server's position, on a new connection.
   * @param {Room} room
   * @param {import('../lib/protocol.js').RoomInfo} info
   * @param {boolean} isOpen
   */
  welcomed(room, { read_seq = 0, unread = 0, mentions = 0, last_seq }, isOpen) {
    const { readSeq } = room;
    const isAhead = this.#isAhead(room);
    room.sync({ read_seq, unread, mentions }, last_seq);
    if (isAhead && room.read(Math.min(readSeq, last_seq))) this.#pending.add(room);
    else this.#pending.delete(room);
    if (isOpen && read_seq > readSeq) room.divide(); /* read on another device */
  }

  /** The server's numbering has changed: positions to be sent are dropped. */
  forget() {
    this.#pending.clear();
    this.#underWay.clear();
  }

  connected() {
    this.#isConnected = true;
    this.#send();
  }

  disconnected() {
    this.#isConnected = false;
    this.#needs.clock.cancel(this.#timer);
    this.#timer = undefined;
    for (const room of this.#underWay.keys()) this.#pending.add(room);
    this.#underWay.clear();
  }

  /** @param {Room} room */
  #isAhead(room) {
    return this.#pending.has(room) || this.#underWay.has(room);
  }

  #send() {
    const { clock } = this.#needs;
    clock.cancel(this.#timer);
    this.#timer = undefined;
    if (!this.#pending.size) return;
    for (const room of this.#pending) this.#sendOf(room);
    this.#timer = clock.after(() => this.#send(), SEND_MS);
  }

  /** @param {Room} room */
  async #sendOf(room) {
    if (!this.#pending.delete(room)) return;
    const seq = room.readSeq;
    this.#underWay.set(room, seq);
    try {
      await this.#needs.port.request({ type: 'read', room: room.id, seq });
    } catch (refusal) {
      /* Any other refusal is final: the reader is no longer a member. */
      if (refusal === null || LATER.has(reasonOf(refusal).code)) this.#pending.add(room);
    }
    if (this.#underWay.get(room) === seq) this.#underWay.delete(room);
  }
}
