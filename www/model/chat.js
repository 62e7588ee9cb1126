/* The whole chat as one person sees it. Takes what the server says (`receive`) and what the person does, and keeps the rooms,
 * the outbox, the drafts and the reading marks in agreement. Speaks through a port and knows neither sockets nor the DOM.
 *
 * On every connection all rooms are joined from where each stands: so replay and live events meet without a hole, and rooms
 * in the background count what is unread. The open room then fetches a page of its history, and the outbox goes out last. */
import { Observable } from '../lib/observable.js';
import { asSent, utf8Length } from '../lib/text.js';
import { Drafts } from './drafts.js';
import { Names } from './names.js';
import { Outbox } from './outbox.js';
import { Pager } from './pager.js';
import { Reads } from './reads.js';
import { Room } from './room.js';
import { Rooms } from './rooms.js';

/** @typedef {import('../lib/protocol.js').ServerFrame} ServerFrame */
/** @typedef {import('../lib/protocol.js').ClientFrame} ClientFrame */
/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */
/** @typedef {import('../lib/protocol.js').User} User */

/**
 * @typedef {object} Port
 * @property {(frame: ClientFrame) => boolean} send false when there is no connection
 * @property {(frame: ClientFrame) => Promise<any>} request the answer; rejects with a refusal, or when the connection ends
 * @property {() => void} reconnect gives up the connection for a new one
 * @property {() => void} leave ends the connection for good
 * @property {() => void} settled all rooms have caught up
 */

/** Rooms followed at once; beyond that a room is joined when it is opened. */
const JOINED_MAX = 50;
const PROTOCOL = 1;
/** A frame may be that much longer than the longest body: for what is around it, and for what JSON writes with a backslash. */
const FRAME_SLACK_BYTES = 4096;
/** What is around it. */
const FRAME_REST_BYTES = 256;
const LIMITS = { message_max_bytes: 16_384, history_on_join: 200, history_page: 200 };

export class Chat extends Observable {
  /** @type {'unknown' | 'nameless' | 'known'} */
  identity = 'unknown';
  /** The server has forgotten a name that it knew while this page was open. */
  nameLost = false;
  /** @type {User | null} */
  me = null;
  server = { name: 'Hubbub', version: '' };
  limits = LIMITS;
  /** The server is not the one that this page came from: 'updated' works on, 'incompatible' does not.
   * @type {'updated' | 'incompatible' | null} */
  outdated = null;
  /** False until the first `welcome`: then the list of rooms is known. */
  welcomed = false;
  /** The name that the address asks for; null: any room will do. @type {string | null} */
  wanted = null;
  /** @type {Room | null} */
  current = null;
  /** The window has the reader's attention: visible and focused. */
  attended = true;
  names = new Names();
  /** @type {'active' | 'away'} */
  #presence = 'active';
  #port;
  #clock;

  /**
   * @param {object} needs
   * @param {Port} needs.port
   * @param {import('../lib/clock.js').Clock} needs.clock
   * @param {import('../lib/storage.js').JsonStorage} needs.shared storage of all tabs
   * @param {import('../lib/storage.js').JsonStorage} needs.tab storage of this tab
   */
  constructor({ port, clock, shared, tab }) {
    super();
    this.#port = port;
    this.#clock = clock;
    this.pager = new Pager(port);
    this.rooms = new Rooms(shared);
    this.drafts = new Drafts(shared);
    this.reads = new Reads(shared);
    this.outbox = new Outbox({
      send: ({ id, room, body }) => port.send({ type: 'send', id, room, body }),
      clock,
      storage: tab,
    });
  }

  /* Who we are. */

  /** The server does not know this browser. */
  loseName() {
    this.nameLost = this.identity === 'known';
    this.identity = 'nameless';
    this.changed();
  }

  /** @param {User} user */
  takeName(user) {
    const isOther = this.me?.id !== user.id;
    this.me = user;
    this.identity = 'known';
    this.nameLost = false;
    if (isOther) this.#startReading();
    this.#rename(user);
  }

  /* What the server says. */

  /** @param {ServerFrame} frame */
  receive(frame) {
    switch (frame.type) {
      case 'welcome':
        return this.#welcome(frame);
      case 'ack':
        return this.#acknowledge(frame);
      case 'error':
        if (frame.id !== undefined) this.outbox.refuse(frame.id, frame.code, frame.message, frame.retry_after_ms);
        else if (frame.code === 'invalid_json') this.outbox.refuseCurrent(frame.code, frame.message);
        return;
      case 'history':
        return; /* the answer to a request that is no longer waited for */
      case 'bye':
        return this.outbox.hold();
      case 'room':
        return this.#describeRoom(frame.room);
      case 'member':
        return this.#rename(frame.user);
      case 'reset':
        return this.#reset(frame.room, frame.last_seq);
      case 'typing':
        if (frame.user.id !== this.me?.id) this.rooms.get(frame.room)?.typing.heard(this.names.of(frame.user));
        return;
      case 'presence':
        return this.rooms.get(frame.room)?.people.set(frame.count, frame.people);
    }
    /* Whatever has a number is part of a room's history, also when this page is too old to know what it means. */
    if ('seq' in frame && Number.isInteger(frame.seq)) this.#event(frame);
  }

  /** @param {import('./reconnect.js').Cause | null} [cause] */
  disconnected(cause) {
    /* Sent again, it would end the next connection too. */
    if (cause === 'too_big') this.outbox.refuseCurrent('too_big', 'It is too long for the server.');
    for (const room of this.rooms.values()) {
      room.joined = false;
      room.joining = false;
      room.typing.clear();
      if (room.timeline.loading) room.timeline.setLoading(null);
    }
    this.outbox.disconnected();
  }

  /** @param {import('../lib/protocol.js').Welcome} frame */
  #welcome({ protocol, user, server, rooms, limits }) {
    /* The server made up a name: it did not know the cookie any more. */
    if (user.id !== this.me?.id) {
      this.#port.leave();
      return this.loseName();
    }
    if (this.server.version && this.server.version !== server.version) this.outdated = 'updated';
    if (protocol !== PROTOCOL) this.outdated = 'incompatible';
    this.server = server;
    this.limits = { ...LIMITS, ...limits };
    const known = this.reads.use(user.id) || this.welcomed;
    const listed = new Set(rooms.map((room) => room.id));
    for (const room of [...this.rooms.values()]) if (!listed.has(room.id)) this.#removeRoom(room);
    for (const info of rooms) {
      const room = this.rooms.get(info.id);
      if (room) {
        room.describe(info);
        if (room.timeline.lastSeq > info.last_seq) room.begin(info.last_seq);
      } else this.#addRoom(info, known ? this.reads.of(info.id) : info.last_seq);
    }
    this.reads.save();
    this.welcomed = true;
    this.#chooseRoom();
    this.#joinAll();
    if (this.#presence === 'away') this.setPresence('away'); /* a connection begins as active */
    this.outbox.connected();
    this.changed();
  }

  #joinAll() {
    const others = [...this.rooms.values()].filter((room) => room !== this.current && !room.archived);
    if (this.current) this.#enter(this.current);
    for (const room of others.slice(0, JOINED_MAX - 1)) this.#join(room);
  }

  /** @param {Room} room which is or becomes the open one */
  #enter(room) {
    if (!room.joined) this.#join(room);
    this.pager.open(room);
  }

  /** @param {Room} room */
  async #join(room) {
    if (room.joining) return;
    room.joining = true;
    try {
      const ack = await this.#port.request({ type: 'join', room: room.id, after: room.timeline.lastSeq });
      room.joined = true;
      room.targetSeq = ack.last_seq ?? 0;
    } catch (refusal) {
      if (isRefusal(refusal, 'not_found')) this.#removeRoom(room);
    }
    room.joining = false;
    this.#checkCaughtUp();
  }

  #checkCaughtUp() {
    if (this.welcomed && (!this.current || this.current.caughtUp)) this.#port.settled();
  }

  /** @param {RoomEvent} event */
  #event(event) {
    const room = this.rooms.get(event.room);
    if (!room) return;
    const own = event.type === 'message' && event.author.id === this.me?.id;
    const wasUnread = room.unread > 0;
    const outcome = room.receive(event, event.type === 'message' && !own);
    if (outcome === 'gap') return this.#closeGap(room);
    if (own && event.id !== undefined) this.outbox.arrived((item) => item.id === event.id);
    if (outcome === 'duplicate') return;
    if (event.type === 'message') {
      room.typing.stopped(this.names.of(event.author));
      /* Whoever comes back to the window finds a line where they left. */
      if (room === this.current && !this.attended && !wasUnread && room.unread) room.divide();
    } else if (event.type === 'renamed') this.#describeRoom({ id: room.id, name: event.name });
    else if (event.type === 'archived') room.describe({ archived: true });
    else if (event.type === 'unarchived') room.describe({ archived: false });
    this.#checkCaughtUp();
  }

  /** @param {Room} room */
  #closeGap(room) {
    if (room.joining) return; /* until that is answered, what comes is not in order */
    this.#join(room).then(() => {
      /* The replay begins right after what we have. If it does not, this connection is beyond trust. */
      this.#clock.after(() => {
        if (room.joined && !room.caughtUp) this.#port.reconnect();
      }, 5_000);
    });
  }

  /**
   * @param {number} id
   * @param {number} lastSeq
   */
  #reset(id, lastSeq) {
    const room = this.rooms.get(id);
    if (!room) return;
    room.begin(lastSeq);
    this.outbox.arrived((item) => item.room === id && item.seq !== null && item.seq <= lastSeq);
    if (room === this.current) this.pager.open(room);
    this.#checkCaughtUp();
  }

  /** @param {import('../lib/protocol.js').Ack} ack */
  #acknowledge({ id, room: roomId, seq }) {
    const room = this.rooms.get(roomId ?? 0);
    if (seq === undefined) return;
    /* No event will come for what the timeline is past, nor on a room that we do not follow. */
    this.outbox.acknowledge(id, seq, !room?.joined || seq <= room.timeline.lastSeq);
  }

  /** @param {Partial<import('../lib/protocol.js').RoomInfo> & { id: number }} info */
  #describeRoom(info) {
    const room = this.rooms.get(info.id);
    if (room) {
      if (room === this.current && info.name !== undefined) this.wanted = info.name;
      room.describe(info);
    } else if (info.name !== undefined) {
      const added = this.#addRoom({ name: '', last_seq: 0, archived: false, ...info }, 0);
      if (!added.archived && this.rooms.size <= JOINED_MAX) this.#join(added);
      this.#chooseRoom();
    }
    this.changed();
  }

  /** @param {User} user */
  #rename(user) {
    this.names.learn(user);
    if (user.id === this.me?.id) this.me = user;
    for (const room of this.rooms.values()) room.people.rename(user.id, user.name);
    this.changed();
  }

  #startReading() {
    const known = this.reads.use(this.me?.id ?? 0);
    for (const room of this.rooms.values()) room.readSeq = known ? this.reads.of(room.id) : room.timeline.lastSeq;
  }

  /**
   * @param {import('../lib/protocol.js').RoomInfo} info
   * @param {number} readSeq
   */
  #addRoom(info, readSeq) {
    const room = new Room(info, this.#clock);
    room.readSeq = Math.min(readSeq, info.last_seq);
    this.reads.set(room.id, room.readSeq);
    room.observe(() => this.changed());
    this.rooms.set(room.id, room);
    return room;
  }

  /** @param {Room} room */
  #removeRoom(room) {
    this.rooms.delete(room.id);
    if (room === this.current) this.current = null;
    this.changed();
  }

  /* What the person does. */

  /**
   * @param {string | null} name null: the room that was open last
   */
  open(name) {
    this.wanted = name;
    this.#chooseRoom();
    this.changed();
  }

  /** Makes `current` what `wanted` asks for, once the rooms are known. */
  #chooseRoom() {
    if (!this.welcomed) return;
    const room = this.wanted === null ? this.rooms.usual : this.rooms.named(this.wanted);
    if (room === this.current) return;
    if (this.current) this.current.timeline.following = true;
    this.current = room;
    if (!room) return;
    this.wanted = room.name;
    this.rooms.visit(room);
    room.divide();
    this.#enter(room);
  }

  /**
   * How many bytes longer a text may become.
   * @param {string} text
   * @returns {number} below zero when it is too long already
   */
  roomLeft(text) {
    const body = asSent(text);
    const most = this.limits.message_max_bytes;
    const mostInFrame = most + FRAME_SLACK_BYTES - FRAME_REST_BYTES;
    return Math.min(most - utf8Length(body), mostInFrame - utf8Length(JSON.stringify(body)));
  }

  /**
   * @param {Room} room the one that was open when Send was pressed
   * @param {string} text
   */
  send(room, text) {
    const body = asSent(text);
    if (!body) return;
    this.outbox.add(room.id, body);
    room.typing.sent();
    room.timeline.following = true;
    /* From somewhere back in the history: let go of it, so that the message stands where it belongs, even offline. */
    if (!room.timeline.live) room.timeline.begin(room.timeline.lastSeq);
    this.pager.latest(room);
  }

  /** @param {Room} room */
  typed(room) {
    if (room.joined && room.typing.typed()) this.#port.send({ type: 'typing', room: room.id });
  }

  /**
   * @param {Room} room
   * @param {number} seq the newest event in view
   */
  see(room, seq) {
    if (!this.attended || !room.read(seq)) return;
    this.reads.set(room.id, room.readSeq);
    this.reads.save();
  }

  /** Another tab has stored how far it has read. */
  absorbReads() {
    this.reads.absorb();
    for (const room of this.rooms.values()) room.read(Math.min(this.reads.of(room.id), room.timeline.lastSeq));
  }

  /** @param {boolean} attended */
  attend(attended) {
    if (attended === this.attended) return;
    this.attended = attended;
    this.changed();
  }

  /** @param {'active' | 'away'} state */
  setPresence(state) {
    this.#presence = state;
    this.#port.send({ type: 'presence', state });
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isRefusal(error, code) {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
