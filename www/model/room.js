/* One room as this person sees it: name, history, who is there, and how far they have read. */
import { Observable } from '../lib/observable.js';
import { People } from './people.js';
import { Timeline } from './timeline.js';
import { Typing } from './typing.js';

export class Room extends Observable {
  timeline = new Timeline();
  people = new People();
  /** The server sends us this room's events on the present connection. */
  joined = false;
  /** A join is under way. */
  joining = false;
  /** Where the last join leads to; until then we are catching up. */
  targetSeq = 0;
  readSeq = 0;
  /** The "new" line comes after this event, and stays there while the room is open. @type {number | null} */
  dividerSeq = null;
  /** Events past readSeq that nobody has to read: one's own, and notices. @type {number[]} */
  #nothingToRead = [];

  /**
   * @param {import('../lib/protocol.js').RoomInfo} info
   * @param {import('../lib/clock.js').Clock} clock
   */
  constructor(info, clock) {
    super();
    this.id = info.id;
    this.name = info.name;
    this.archived = info.archived;
    this.typing = new Typing(clock);
    this.timeline.lastSeq = info.last_seq;
  }

  get unread() {
    return Math.max(this.timeline.lastSeq - this.readSeq - this.#nothingToRead.length, 0);
  }

  get caughtUp() {
    return this.joined && this.timeline.lastSeq >= this.targetSeq;
  }

  /** @param {{ name?: string, archived?: boolean }} change */
  describe({ name = this.name, archived = this.archived }) {
    if (name === this.name && archived === this.archived) return;
    this.name = name;
    this.archived = archived;
    this.changed();
  }

  /**
   * @param {import('../lib/protocol.js').RoomEvent} event
   * @param {boolean} counts somebody else's message
   * @returns {'next' | 'duplicate' | 'gap'}
   */
  receive(event, counts) {
    const outcome = this.timeline.receive(event);
    if (outcome !== 'next') return outcome;
    if (!counts) this.#nothingToRead.push(event.seq);
    this.changed();
    return outcome;
  }

  /**
   * Starts the history anew, as if all up to lastSeq were known.
   * @param {number} lastSeq
   */
  begin(lastSeq) {
    this.timeline.begin(lastSeq);
    this.#nothingToRead = [];
    if (this.readSeq > lastSeq) this.readSeq = lastSeq; /* the server was set back to a backup */
    this.changed();
  }

  /**
   * @param {number} seq the newest event that was in view; what is older counts as read too
   * @returns {boolean} whether that is news
   */
  read(seq) {
    if (seq <= this.readSeq) return false;
    this.readSeq = seq;
    this.#nothingToRead = this.#nothingToRead.filter((other) => other > seq);
    this.changed();
    return true;
  }

  /** Puts the "new" line before what is unread, or takes it away. */
  divide() {
    this.dividerSeq = this.unread ? this.readSeq : null;
    this.changed();
  }
}
