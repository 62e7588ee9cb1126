/* Which rooms the server sends us events of, on this connection.
 *
 * An account follows the open room and the rooms visited last; for the others it relies on the server's `activity` and
 * `read`. A guest is a member of no room, and the server does not count for them: they follow all rooms, up to a limit.
 *
 * A room is joined from the last event of its timeline, so that there is no gap between replayed and live events. */
import { isRefusal, reasonOf } from '../lib/refusal.js';

/** @typedef {import('./room.js').Room} Room */

/** Rooms that an account follows, including the open one. */
const VISITED_MAX = 5;
/** Rooms that a guest follows; further ones are joined when they are opened. */
const JOINED_MAX = 50;
/** How long a new join can take to close a gap. */
const GAP_MS = 5_000;
/** The wait when the server does not say how long. */
const RETRY_MS = 1_000;

export class Following {
  #needs;
  /** How many connections there have been. */
  #connection = 0;

  /**
   * @param {object} needs
   * @param {import('./chat.js').Port} needs.port
   * @param {import('../lib/clock.js').Clock} needs.clock
   * @param {import('./rooms.js').Rooms} needs.rooms
   * @param {() => boolean} needs.isGuest
   * @param {() => string} needs.epoch of the server, to which the numbers belong
   * @param {(room: Room) => void} needs.onLost the server knows no such room
   * @param {() => void} needs.onProgress one of them may have caught up
   */
  constructor(needs) {
    this.#needs = needs;
  }

  /** A new connection. @param {Room | null} current the open room, which comes first */
  connected(current) {
    this.#connection++;
    const { rooms, isGuest } = this.#needs;
    const others = isGuest()
      ? [...rooms.values()].filter((room) => !room.archived).slice(0, JOINED_MAX)
      : this.#visited();
    for (const room of new Set([...(current ? [current] : []), ...others.filter((room) => room !== current)])) {
      if (room === current || this.#count() < JOINED_MAX) this.join(room);
    }
  }

  disconnected() {
    for (const room of this.#needs.rooms.values()) {
      room.joined = false;
      room.joining = false;
    }
  }

  /** Follows the newly opened room, and stops following the one visited longest ago. @param {Room} current */
  open(current) {
    if (!current.joined) this.join(current);
    if (this.#needs.isGuest()) return;
    const kept = new Set([current, ...this.#visited()]);
    for (const room of this.#needs.rooms.values()) if (room.joined && !kept.has(room)) this.leave(room);
  }

  /** A room that is new to a guest. @param {Room} room */
  found(room) {
    if (this.#needs.isGuest() && !room.archived && this.#count() < JOINED_MAX) this.join(room);
  }

  /** @param {Room} room */
  async join(room) {
    const { port, epoch, onLost, onProgress } = this.#needs;
    if (room.joining) return;
    room.joining = true;
    try {
      const ack = await port.request({ type: 'join', room: room.id, after: room.timeline.lastSeq, epoch: epoch() });
      room.joined = true;
      room.targetSeq = ack.last_seq ?? 0;
      room.become({ wasJoined: true });
    } catch (refusal) {
      if (isRefusal(refusal, 'not_found')) onLost(room);
      else if (isRefusal(refusal, 'rate_limited')) this.#joinLater(room, reasonOf(refusal).retryAfterMs ?? RETRY_MS);
    }
    room.joining = false;
    onProgress();
  }

  /**
   * This address, possibly with others behind it, has requested too much.
   * @param {Room} room
   * @param {number} wait_ms
   */
  #joinLater(room, wait_ms) {
    const { clock, rooms } = this.#needs;
    const connection = this.#connection;
    clock.after(() => {
      const isWanted = connection === this.#connection && rooms.get(room.id) === room;
      if (isWanted && !room.joined) void this.join(room);
    }, wait_ms);
  }

  /** @param {Room} room */
  leave(room) {
    room.joined = false;
    room.typing.clear();
    room.people.set(0, []);
    this.#needs.port.send({ type: 'leave', room: room.id });
  }

  /** Events between were not sent. @param {Room} room */
  async closeGap(room) {
    if (room.joining || !room.joined)
      return; /* until the join is answered, events are not in order; or the join is no longer needed */
    await this.join(room);
    /* The replay must begin right after our last event. If it does not, this connection cannot be trusted. */
    this.#needs.clock.after(() => {
      if (room.joined && !room.caughtUp) this.#needs.port.reconnect();
    }, GAP_MS);
  }

  #count() {
    return [...this.#needs.rooms.values()].filter((room) => room.joined || room.joining).length;
  }

  #visited() {
    const { rooms } = this.#needs;
    return rooms.recent.slice(0, VISITED_MAX).flatMap((id) => rooms.get(id) ?? []);
  }
}
