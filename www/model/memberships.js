/* Keeps the rooms as the server describes them: those that the reader is a member of, or that a guest can see, with the
 * reader's settings for each.
 *
 *      welcome, welcome_rooms ──► all of them, page by page            room ──► its description has changed
 *      membership ──► the reader has joined, left, or changed settings
 *      activity, read ──► a message in a room that is not followed; this or another device has read */
import { isOfPeople } from './notices.js';
import { Room } from './room.js';

/** @typedef {import('../lib/protocol.js').RoomInfo} RoomInfo */
/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */

/**
 * Why the reader is no longer in a room.
 * @typedef {{ why: 'removed' | 'left' | 'gone', by: import('../lib/protocol.js').User | null }} LeaveReason
 */

export class Memberships {
  #needs;
  /** While the pages of the welcome arrive: the rooms that they have listed. @type {Set<number> | null} */
  #listed = null;
  /**
   * Known from an event of the room, which comes just before the server ends the membership.
   * @type {WeakMap<Room, LeaveReason>}
   */
  #leaveReasons = new WeakMap();

  /**
   * @param {object} needs
   * @param {import('./rooms.js').Rooms} needs.rooms
   * @param {import('../lib/clock.js').Clock} needs.clock
   * @param {import('./reads.js').Reads} needs.reads
   * @param {import('./reading.js').Reading} needs.reading
   * @param {() => number} needs.serverNow what the server's clock says
   * @param {() => import('../lib/protocol.js').PersonInfo | null} needs.me
   * @param {() => boolean} needs.isGuest
   * @param {() => Room | null} needs.current
   * @param {(body: string) => boolean} needs.isMention of me
   * @param {(author: number) => boolean} needs.isBlocked by me
   * @param {() => void} needs.onChange of any room
   * @param {(room: Room, leaveReason: LeaveReason) => void} needs.onGone the reader can no longer see it
   */
  constructor(needs) {
    this.#needs = needs;
  }

  /** A new connection: the list of rooms follows, page by page. */
  greeted() {
    this.#listed = new Set();
  }

  /**
   * A page of rooms.
   * @param {RoomInfo[]} infos
   * @param {object} about
   * @param {boolean} about.isKnown we know this guest's read positions; for a new guest nothing is unread
   * @param {boolean} about.isAnew the server's numbering is another one than before
   */
  list(infos, { isKnown, isAnew }) {
    const { rooms, reads, reading, isGuest, current } = this.#needs;
    for (const info of infos) {
      this.#listed?.add(info.id);
      const known = rooms.get(info.id);
      const room = known ?? this.add(info);
      room.describe(info);
      if (isAnew) room.restart(info.last_seq);
      else if (room.timeline.lastSeq > info.last_seq)
        room.begin(info.last_seq); /* the server was restored from a backup */
      if (!isGuest()) {
        room.belong(info);
        room.timeline.moveTo(info.last_seq);
        reading.welcomed(room, info, room === current());
      } else if (!known || isAnew) {
        room.readBefore(Math.min(isKnown ? reads.of(info.id) : info.last_seq, info.last_seq));
        reads.set(room.id, room.readSeq);
      }
    }
  }

  /** After the last page: rooms that we knew and that are not listed are gone, except hidden conversations, which are
   * never listed. */
  listedAll() {
    const { rooms, reads, current } = this.#needs;
    const listed = this.#listed;
    this.#listed = null;
    for (const room of [...rooms.values()]) {
      const isHidden = room.membership?.hidden && room === current();
      if (!listed?.has(room.id) && !isHidden) this.#part(room, { why: 'gone', by: null });
    }
    reads.save();
  }

  /**
   * @param {RoomInfo} info
   * @returns {Room} without a membership
   */
  add(info) {
    const { rooms, clock, me, isGuest, isMention, isBlocked, onChange } = this.#needs;
    const room = new Room(info, clock);
    if (!isGuest()) room.belong({});
    room.isMention = isMention;
    room.isBlocked = isBlocked;
    room.isMe = (author) => author === me()?.id;
    room.observe(onChange);
    rooms.set(room.id, room);
    this.#listed?.add(room.id); /* announced between two pages */
    onChange();
    return room;
  }

  /**
   * A room has been created or changed.
   * @param {RoomInfo} info
   * @returns {Room | null} a room that is new to a guest. Accounts get a `membership` for that
   */
  described(info) {
    const { rooms, isGuest } = this.#needs;
    const room = rooms.get(info.id);
    if (room) room.describe(info);
    else if (isGuest() && (info.kind ?? 'open') === 'open') {
      const found = this.add({ ...info, last_seq: 0 }); /* all of its events are still to come */
      return found;
    }
    return null;
  }

  /** @param {'joined' | 'left' | 'changed'} change @param {RoomInfo} info */
  changed(change, info) {
    const { rooms, reading, current } = this.#needs;
    const known = rooms.get(info.id);
    if (change === 'left') {
      known?.describe(info);
      if (known) this.#part(known, this.#leaveReasons.get(known) ?? { why: 'gone', by: null });
      return;
    }
    const room = known ?? this.add(info);
    this.#listed?.add(room.id);
    const belonged = room.membership !== null;
    room.describe(info);
    room.belong(info);
    room.become({ silencedUntil: 0 }); /* when a moderator unmutes us, this is the only notice */
    if (!room.joined) room.timeline.moveTo(info.last_seq);
    const { read_seq = 0, unread = 0, mentions = 0, last_seq } = info;
    if (belonged) reading.sync(room, { seq: read_seq, unread, mentions }, room === current());
    else room.sync({ read_seq, unread, mentions }, Math.max(last_seq, room.timeline.lastSeq));
  }

  /** @param {{ room: number, last_seq: number, unread: number, mentions: number }} frame */
  active({ room: id, last_seq, unread, mentions }) {
    const { rooms, serverNow } = this.#needs;
    const room = rooms.get(id);
    if (!room || room.joined || room.counting !== 'server') return; /* our own count is newer */
    if (last_seq > Math.max(room.timeline.lastSeq, room.marks.syncedSeq)) room.spoken(serverNow());
    room.timeline.moveTo(last_seq);
    room.sync({ unread, mentions }, last_seq);
  }

  /** Applies an event to its room. @param {Room} room @param {RoomEvent} event */
  happened(room, event) {
    const me = this.#needs.me()?.id;
    if (event.type === 'message') room.spoken(event.at);
    else if (event.type === 'renamed') room.become({ name: event.name });
    else if (event.type === 'archived' || event.type === 'unarchived')
      room.become({ archived: event.type === 'archived' });
    else if (event.type === 'changed') {
      const { topic = room.topic, kind = room.kind, history = room.history, locked = room.locked } = event;
      room.become({ topic, kind, history, locked, slowSeconds: event.slow_s ?? room.slowSeconds });
    } else if (event.type === 'removed' && event.user.id === me)
      this.#leaveReasons.set(room, { why: 'removed', by: event.actor });
    else if (event.type === 'left' && event.actor.id === me) this.#leaveReasons.set(room, { why: 'left', by: null });
    else if (event.type === 'joined' || event.type === 'added') this.#leaveReasons.delete(room);
    if (isOfPeople(event) && room.memberCount !== null) {
      const isMore = event.type === 'joined' || event.type === 'added';
      room.become({ memberCount: Math.max(room.memberCount + (isMore ? 1 : -1), 0) });
    }
  }

  /**
   * The reader is no longer a member, or the room is no longer listed.
   * @param {Room} room
   * @param {LeaveReason} leaveReason
   */
  #part(room, leaveReason) {
    const { rooms, isGuest, current, onGone } = this.#needs;
    const isPublic = room.kind === 'open' || room.kind === 'announcement';
    if (isPublic && !isGuest() && room === current()) return room.belong({}); /* the reader can still look at it */
    rooms.delete(room.id);
    onGone(room, leaveReason);
  }
}
