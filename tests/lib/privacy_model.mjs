/* Who may see what: a model of a place that is written apart from the program, for tests that hold what people hear
 * against it.
 *
 * It is told of each command that was carried out, in order, and knows from that which events of which room each person
 * may read now, and which they have ever been able to read: what somebody hears a moment after it was taken from them
 * was theirs when it was on its way. Texts carry marks (mark17x, which no
 * random id holds), by which what is said in any frame is recognised. */
import { hasAccount, rank } from './role_model.mjs';

const MARKS = /\bmark(\d+)x\b/g;

/** The numbers of the marks in a text. */
export function marksIn(text) {
  return [...text.matchAll(MARKS)].map(([, number]) => Number(number));
}

class Room {
  /** @type {Map<object, { role: string, joinedSeq: number }>} */
  members = new Map();
  /** @type {object[]} by seq - 1: `{ type, author?, body?, deleted? }` */
  events = [];
  /** The texts that hold now, by field: a mark each. */
  texts = {};

  constructor(id, kind, history) {
    Object.assign(this, { id, kind, history });
  }

  get last() {
    return this.events.length;
  }
}

export class PrivacyModel {
  /** @type {Map<number, Room>} */
  rooms = new Map();
  /** @type {object[]} `{ id, name, role, banned, hidden }` */
  people = [];
  #marksMade = 0;
  #ever = new Map(); // person -> room id -> Set of seqs
  #marks = new Map(); // number -> { room, seq?, known: Set of people }
  #reported = new Set(); // `room seq`
  #moderated = new Map(); // room id -> Set of people

  addPerson(person) {
    this.people.push(person);
    this.#ever.set(person, new Map());
    return person;
  }

  /* -------------------------------------------------------------- what may be seen */

  /** How a person stands in a room: `none`, `member` or `moderator`. */
  standing(person, room) {
    if (!hasAccount(person.role)) return room.kind === 'open' ? 'member' : 'none';
    return room.members.get(person)?.role ?? 'none';
  }

  /** The seq after which a person may read a room now; -1: not at all. */
  floor(person, room) {
    const membership = room.members.get(person);
    if (!membership) {
      const isListed = room.kind === 'open' || (room.kind === 'announcement' && hasAccount(person.role));
      return isListed ? 0 : -1;
    }
    return room.kind === 'closed' && room.history === 'joined' ? membership.joinedSeq : 0;
  }

  maySee(person, room, seq) {
    const floor = this.floor(person, room);
    return floor >= 0 && seq > floor && seq <= room.last;
  }

  /** The events that a person may read now, as they are to be told: `[seq, type, body, deleted, hidden]`. */
  visible(person, room) {
    const floor = this.floor(person, room);
    if (floor < 0) return null;
    return room.events.slice(floor).map((event, i) => {
      const isHidden = event.type === 'message' && event.author.banned && event.author.hidden;
      const shown = event.type === 'message' && !event.deleted && !isHidden;
      return [floor + i + 1, event.type, shown ? event.body : ''];
    });
  }

  /** Whether an event was this person's to see at any time so far. */
  everSaw(person, roomId, seq) {
    return this.#ever.get(person).get(roomId)?.has(seq) ?? false;
  }

  /** Whether a room was there for this person at any time so far. */
  everKnew(person, roomId) {
    return this.#ever.get(person).has(roomId);
  }

  wasReported(roomId, seq) {
    return this.#reported.has(`${roomId} ${seq}`);
  }

  /** Whether somebody was a moderator of a room, or of all, at any time so far. */
  everModerated(person, roomId) {
    return rank(person.role) >= rank('moderator') || (this.#moderated.get(roomId)?.has(person) ?? false);
  }

  /** Whether a mark was written as what somebody said, and not as a name or a topic. */
  isBody(number) {
    return this.#marks.get(number)?.isBody ?? false;
  }

  /** What is wrong with this person's having been told a mark; null: nothing. */
  faultOfMark(person, number) {
    const mark = this.#marks.get(number);
    if (!mark) return `nobody has written mark${number}x`;
    if (mark.known.has(person) || (mark.seq && this.everSaw(person, mark.room, mark.seq))) return null;
    return `mark${number}x, of event ${mark.seq ?? '-'} of room ${mark.room}, was never for them`;
  }

  /* -------------------------------------------------------------- what happens */

  /** A text that has not been used: for a body, a name, a topic. */
  mark() {
    return `mark${++this.#marksMade}x`;
  }

  /** Texts that are going to be stored with an event of a room, or with the room itself. */
  #wrote(text, room, seq, isBody = false) {
    for (const number of marksIn(text)) this.#marks.set(number, { room: room.id, seq, isBody, known: new Set() });
  }

  /** Everything that is open to somebody now counts as having been. */
  #note() {
    for (const person of this.people)
      for (const room of this.rooms.values()) {
        if (room.members.get(person)?.role === 'moderator') this.#moderated.get(room.id).add(person);
        const floor = this.floor(person, room);
        if (floor < 0) continue;
        const rooms = this.#ever.get(person);
        if (!rooms.has(room.id)) rooms.set(room.id, new Set());
        const seen = rooms.get(room.id);
        for (let seq = floor + 1; seq <= room.last; seq++) seen.add(seq);
        for (const text of Object.values(room.texts))
          for (const number of marksIn(text)) this.#marks.get(number).known.add(person);
      }
  }

  /**
   * A command was carried out: its event, if it has one, and what it changes. Whoever could read the room before or
   * can after may see the event.
   */
  #happen(room, event, change = () => {}) {
    if (event) {
      room.events.push(event);
      if (event.body) this.#wrote(event.body, room, room.last, true);
    }
    this.#note();
    change();
    this.#note();
  }

  #add(room) {
    this.rooms.set(room.id, room);
    this.#moderated.set(room.id, new Set());
    return room;
  }

  createRoom(id, maker, { kind = 'open', history = 'all', name, topic }) {
    const room = this.#add(new Room(id, kind, history));
    room.texts = { name, topic };
    this.#wrote(`${name} ${topic}`, room);
    room.members.set(maker, { role: 'moderator', joinedSeq: 1 });
    this.#happen(room, { type: 'joined' });
  }

  openDirect(id, people) {
    if (this.rooms.has(id)) return;
    const room = this.#add(new Room(id, 'direct', 'all'));
    for (const person of people) room.members.set(person, { role: 'member', joinedSeq: 0 });
    this.#happen(room, null);
  }

  editRoom(room, { topic, ...fields }) {
    this.#happen(room, { type: 'changed' }, () => {
      Object.assign(room, fields);
      if (!topic) return;
      this.#wrote(topic, room, room.last);
      room.texts.topic = topic;
    });
  }

  renameRoom(room, name) {
    this.#happen(room, { type: 'renamed' }, () => {
      this.#wrote(name, room, room.last);
      room.texts.name = name;
    });
  }

  join(room, person, by) {
    const type = by === person ? 'joined' : 'added';
    this.#happen(room, { type }, () => room.members.set(person, { role: 'member', joinedSeq: room.last }));
  }

  leave(room, person, by) {
    this.#happen(room, { type: by === person ? 'left' : 'removed' }, () => room.members.delete(person));
  }

  say(room, author, body) {
    this.#happen(room, { type: 'message', author, body });
  }

  deleteMessage(room, seq) {
    this.#happen(room, { type: 'deleted' }, () => (room.events[seq - 1].deleted = true));
  }

  setRoomRole(room, person, role) {
    this.#happen(room, null, () => (room.members.get(person).role = role));
  }

  report(room, seq) {
    this.#reported.add(`${room.id} ${seq}`);
  }
}
