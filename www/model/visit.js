/* Which room is open: the one that the address names, if there is one, until it is lost.
 *
 *      wanted ──► a room of ours ─────────────────────────────────────► current
 *         ├─────► a listed room: looked up by its name ──────────────► current, or missing, or several
 *         └─────► a hidden conversation: is shown again ─────────────► current, or missing
 *      current ──removed, left, closed──► lost */
import { isRefusal, reasonOf } from '../lib/refusal.js';

/** @typedef {import('./room.js').Room} Room */
/** @typedef {import('./memberships.js').LeaveReason} LeaveReason */
/**
 * `name` "": looked up by its id, `room`. `rooms`: all rooms with the name, if several.
 * @typedef {{ name: string, room?: number, state: 'looking' | 'missing' | 'failed' | 'several', problem: string,
 *   rooms?: (Room | import('../lib/protocol.js').RoomInfo)[] }} LookUp
 */

/** How many rooms to request for a name. */
const LOOK_UP_MAX = 200;

export class Visit {
  /** The name or the id that the address asks for; null: any room will do. @type {string | number | null} */
  wanted = null;
  /** The id of the wanted room, if several have the name. @type {number | null} */
  wantedId = null;
  /** The event of it that the reader is to be taken to. @type {number | null} */
  wantedSeq = null;
  /** @type {Room | null} */
  current = null;
  /** The room that was open, and that the reader can no longer see. @type {({ name: string } & LeaveReason) | null} */
  lost = null;
  /** The look-up of a room that is not in our list, under way or failed. @type {LookUp | null} */
  lookUp = null;
  #needs;

  /**
   * @param {object} needs
   * @param {import('./chat.js').Port} needs.port
   * @param {import('./rooms.js').Rooms} needs.rooms
   * @param {() => boolean} needs.isGuest
   * @param {(info: import('../lib/protocol.js').RoomInfo) => Room} needs.add adds a room without a membership
   * @param {(room: Room) => void} needs.onEnter
   * @param {(room: Room, seq: number) => void} needs.onLead the reader is to be taken to an event of the open room
   * @param {(room: Room) => void} needs.onLeave
   * @param {() => void} needs.onChange
   */
  constructor(needs) {
    this.#needs = needs;
  }

  /** @param {string | number | null} wanted @param {number | null} [seq] @param {number | null} [id] */
  open(wanted, seq = null, id = null) {
    this.wanted = wanted;
    this.wantedId = id;
    this.wantedSeq = seq;
    this.lost = null;
    this.lookUp = null;
    this.choose();
  }

  /** Makes the wanted room `current`, if there is such a room. */
  choose() {
    if (this.lost) return;
    const { rooms, isGuest } = this.#needs;
    const { wanted } = this;
    const room = wanted === null ? rooms.usual : typeof wanted === 'number' ? rooms.get(wanted) : this.#named(wanted);
    if (room) return this.#enter(room);
    this.leave();
    if (isGuest()) return;
    if (typeof wanted === 'string') this.#find(wanted);
    else if (wanted !== null) this.#unhide(wanted);
  }

  /** The open room can have been renamed. */
  rename() {
    if (!this.current) return;
    this.wanted = wantedOf(this.current);
    this.wantedId = this.current.id;
  }

  leave() {
    const room = this.current;
    this.current = null;
    if (room) this.#needs.onLeave(room);
  }

  /** @param {string} name of the room that was open @param {LeaveReason} leaveReason */
  lose(name, leaveReason) {
    this.lost = { name, ...leaveReason };
    this.current = null;
  }

  /** @param {Room} room */
  #enter(room) {
    this.lookUp = null;
    const seq = this.wantedSeq;
    this.wantedSeq = null;
    if (room !== this.current) {
      this.leave();
      this.current = room;
      this.rename();
      this.#needs.onEnter(room);
    }
    if (seq !== null) this.#needs.onLead(room, seq);
  }

  /**
   * The room of our list that a name means, if that is certain: other private rooms can have the same name, and so can
   * a listed one that we have not joined.
   * @param {string} name
   */
  #named(name) {
    const named = this.#needs.rooms.named(name);
    const meant = named.find(({ id }) => id === this.wantedId);
    return meant ?? (named.length === 1 && named[0].kind !== 'closed' ? named[0] : null);
  }

  /**
   * A room that is not in our list can be a hidden conversation: then the server lists it again, and it is opened. Or
   * it is a room that we can look at.
   * @param {number} id
   */
  async #unhide(id) {
    if (this.lookUp?.room === id) return;
    /** @type {LookUp} */
    const lookUp = { name: '', room: id, state: 'looking', problem: '' };
    this.lookUp = lookUp;
    try {
      await this.#needs.port.request({ type: 'set_membership', room: id, hidden: false });
      lookUp.state = 'missing'; /* unless it has been listed meanwhile */
    } catch (error) {
      if (isRefusal(error, 'not_a_member')) return this.#look(lookUp, id);
      lookUp.state = isRefusal(error, 'not_found') ? 'missing' : 'failed';
      lookUp.problem = reasonOf(error).message;
    }
    this.#needs.onChange();
  }

  /** Opens a listed room that we have not joined. @param {LookUp} lookUp @param {number} id */
  async #look(lookUp, id) {
    try {
      const answer = await this.#needs.port.request({ type: 'rooms', after: id - 1, limit: 1 });
      const [info] = answer.rooms.filter(
        (/** @type {import('../lib/protocol.js').RoomInfo} */ room) => room.id === id && room.kind !== 'closed',
      );
      if (this.lookUp !== lookUp) return;
      if (info) this.#enter(this.#roomOf(info));
      else lookUp.state = 'missing';
    } catch (error) {
      lookUp.state = 'failed';
      lookUp.problem = reasonOf(error).message;
    }
    this.#needs.onChange();
  }

  /** @param {Room | import('../lib/protocol.js').RoomInfo} info */
  #roomOf(info) {
    const { rooms, add } = this.#needs;
    return rooms.get(info.id) ?? add(/** @type {import('../lib/protocol.js').RoomInfo} */ (info));
  }

  /** @param {string} name */
  async #find(name) {
    if (this.lookUp?.name === name && this.lookUp.state === 'looking') return;
    /** @type {LookUp} */
    const lookUp = { name, state: 'looking', problem: '' };
    this.lookUp = lookUp;
    const { port, rooms, onChange } = this.#needs;
    try {
      const answer = await port.request({ type: 'rooms', query: name, limit: LOOK_UP_MAX });
      const found = best(answer.rooms, name);
      if (this.lookUp !== lookUp) return;
      const closed = rooms.named(name).filter(({ kind }) => kind === 'closed');
      const all = found ? [found, ...closed] : closed;
      const meant = all.length === 1 ? all[0] : all.find(({ id }) => id === this.wantedId);
      if (meant) this.#enter(this.#roomOf(meant));
      else Object.assign(lookUp, all.length ? { state: 'several', rooms: all } : { state: 'missing' });
    } catch (error) {
      lookUp.state = isRefusal(error, 'not_found') ? 'missing' : 'failed';
      lookUp.problem = reasonOf(error).message;
    }
    onChange();
  }
}

/**
 * A room that can be read without joining. Admins also have private rooms in their list.
 * @param {import('../lib/protocol.js').RoomInfo[]} infos
 * @param {string} name
 */
function best(infos, name) {
  const folded = name.toLocaleLowerCase();
  const seen = infos.filter(({ kind }) => kind !== 'closed');
  return seen.find((info) => info.name === name) ?? seen.find((info) => info.name.toLocaleLowerCase() === folded);
}

/** The value of `wanted` for this room. @param {Room} room */
const wantedOf = ({ kind, id, name }) => (kind === 'direct' || kind === 'closed' ? id : name);
