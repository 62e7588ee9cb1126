/* Keeps the rooms as the server describes them: those that one belongs to, or that a guest may see, and what is one's own about each.
 *
 *      welcome, welcome_rooms ──► all of them, page by page            room ──► what it is has changed
 *      membership ──► one belongs to it, or not any more; one's settings for it
 *      activity, read ──► something was said where one does not look; this or another device has read */
import { isOfPeople } from './notices.js';
import { Room } from './room.js';

/** @typedef {import('../lib/protocol.js').RoomInfo} RoomInfo */
/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */

/**
 * How one came to be out of a room.
 * @typedef {{ why: 'removed' | 'left' | 'gone', by: import('../lib/protocol.js').User | null }} LeaveReason
 */

export class Memberships {
  #needs;
  /** While the welcome's pages come: the rooms that we have been told are ours. @type {Set<number> | null} */
  #listed = null;
  /** What the room's own history has told of it, just before the server says that it is so. @type {WeakMap<Room, LeaveReason>} */
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
   * @param {(room: Room, leaveReason: LeaveReason) => void} needs.onGone it is not to be seen any more
   */
  constructor(needs) {
    this.#needs = needs;
  }

  /** A new connection: which rooms there are is about to be told, page by page. */
  greeted() {
    this.#listed = new Set();
  }

  /**
   * A page of rooms.
   * @param {RoomInfo[]} infos
   * @param {object} about
   * @param {boolean} about.isKnown we know how far this guest has read; to a newcomer nothing is unread
   * @param {boolean} about.isAnew the server's numbers mean something else than before
   */
  list(infos, { isKnown, isAnew }) {
    const { rooms, reads, reading, isGuest, current } = this.#needs;
    for (const info of infos) {
      this.#listed?.add(info.id);
      const known = rooms.get(info.id);
      const room = known ?? this.add(info);
      room.describe(info);
      if (isAnew) room.restart(info.last_seq);
      else if (room.timeline.lastSeq > info.last_seq) room.begin(info.last_seq); /* its whole disk was set back */
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

  /** That was the last page: rooms that we knew and that are not in the list are gone. A conversation that is hidden is in no list. */
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
   * @returns {Room} to which nobody belongs yet
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
    this.#listed?.add(room.id); /* told of between two pages */
    onChange();
    return room;
  }

  /**
   * A room has been made, or has become another.
   * @param {RoomInfo} info
   * @returns {Room | null} one that is new to a guest. An account is told by a membership
   */
  described(info) {
    const { rooms, isGuest } = this.#needs;
    const room = rooms.get(info.id);
    if (room) room.describe(info);
    else if (isGuest() && (info.kind ?? 'open') === 'open') {
      const found = this.add({ ...info, last_seq: 0 }); /* all of it is to come */
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
    room.become({ silencedUntil: 0 }); /* when a moderator gives us our voice back, this is all that we hear of it */
    if (!room.joined) room.timeline.moveTo(info.last_seq);
    const { read_seq = 0, unread = 0, mentions = 0, last_seq } = info;
    if (belonged) reading.sync(room, { seq: read_seq, unread, mentions }, room === current());
    else room.sync({ read_seq, unread, mentions }, Math.max(last_seq, room.timeline.lastSeq));
  }

  /** @param {{ room: number, last_seq: number, unread: number, mentions: number }} frame */
  active({ room: id, last_seq, unread, mentions }) {
    const { rooms, serverNow } = this.#needs;
    const room = rooms.get(id);
    if (!room || room.joined || room.counting !== 'server') return; /* what we count ourselves, we know better */
    if (last_seq > Math.max(room.timeline.lastSeq, room.marks.syncedSeq)) room.spoken(serverNow());
    room.timeline.moveTo(last_seq);
    room.sync({ unread, mentions }, last_seq);
  }

  /** What an event of a room makes of it. @param {Room} room @param {RoomEvent} event */
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

  /** One does not belong to it, or it is not listed. @param {Room} room @param {LeaveReason} leaveReason */
  #part(room, leaveReason) {
    const { rooms, isGuest, current, onGone } = this.#needs;
    const isPublic = room.kind === 'open' || room.kind === 'announcement';
    if (isPublic && !isGuest() && room === current()) return room.belong({}); /* one goes on looking */
    rooms.delete(room.id);
    onGone(room, leaveReason);
  }
}
