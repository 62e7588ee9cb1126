/* The whole chat as one person sees it. Takes frames from the server (`receive`) and the person's actions, and keeps
 * the rooms, the outbox, the drafts and the read positions consistent. Sends through a port; knows neither sockets nor
 * the DOM.
 *
 * On every connection, the followed rooms are joined from the last event that each has (following.js), then the open
 * room fetches a page of its history, and the outbox is sent last. */
import { mentionsMe } from '../lib/mention.js';
import { Observable } from '../lib/observable.js';
import { asSent, isBlank, listNames } from '../lib/text.js';
import { Arrivals } from './arrivals.js';
import { Drafts } from './drafts.js';
import { Following } from './following.js';
import { Greeting } from './greeting.js';
import { Guide } from './guide.js';
import { Memberships } from './memberships.js';
import { Online } from './online.js';
import { Outbox } from './outbox.js';
import { slowUntil } from './pace.js';
import { Pager } from './pager.js';
import { hasAccount } from './permissions.js';
import { Persons } from './persons.js';
import { Reading } from './reading.js';
import { Reads } from './reads.js';
import { Rooms } from './rooms.js';
import { Server } from './server.js';
import { Sidebar } from './sidebar.js';
import { Visit } from './visit.js';

/** @typedef {import('../lib/protocol.js').ServerFrame} ServerFrame */
/** @typedef {import('../lib/protocol.js').ClientFrame} ClientFrame */
/** @typedef {import('../lib/protocol.js').PersonInfo} PersonInfo */
/** @typedef {import('./room.js').Room} Room */

/**
 * @typedef {object} Port
 * @property {(frame: ClientFrame) => boolean} send false when there is no connection
 * @property {(frame: ClientFrame) => Promise<any>} request the answer; rejects with a refusal, or when the connection ends
 * @property {() => void} reconnect replaces the connection by a new one
 * @property {() => void} recheckIdentity the server takes us for another user: asks it again who we are
 * @property {() => void} settled all rooms have caught up
 */

/** How many people the title of a conversation names. */
const NAMED_MAX = 4;

export class Chat extends Observable {
  /** Who we are, once identity.js has found out. @type {PersonInfo | null} */
  me = null;
  server = new Server();
  /** True once the first `welcome` has listed all rooms. */
  welcomed = false;
  /** The users whom the reader has blocked, by id. @type {Set<number>} */
  blocked = new Set();
  /** The window has the reader's attention: visible and focused. */
  attended = true;
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
    this.persons = new Persons(async (id) => (await port.request({ type: 'person', user: id })).person);
    this.rooms = new Rooms({ storage: shared, clock });
    this.online = new Online(this.rooms);
    this.drafts = new Drafts(shared, tab);
    this.reads = new Reads(shared);
    this.reading = new Reading({ port, clock, reads: this.reads });
    this.guide = new Guide(this.pager, this.reading);
    this.outbox = new Outbox({
      send: ({ id, room, body }) => port.send({ type: 'send', id, room, body }),
      clock,
      storage: tab,
    });
    const isGuest = () => this.isGuest;
    const current = () => this.current;
    this.visit = new Visit({
      port,
      rooms: this.rooms,
      isGuest,
      add: (info) => this.memberships.add(info),
      onEnter: (room) => this.#entered(room),
      onLead: (room, seq) => this.pager.lead(room, seq),
      onLeave: (room) => this.#left(room),
      onChange: () => this.changed(),
    });
    this.sidebar = new Sidebar({
      rooms: this.rooms,
      current,
      titleOf: this.titleOf,
      isGuest,
      storage: shared,
    });
    this.following = new Following({
      port,
      clock,
      rooms: this.rooms,
      isGuest,
      epoch: () => this.server.epoch,
      onLost: (room) => this.#forgetRoom(room, { why: 'gone', by: null }),
      onProgress: () => this.#checkCaughtUp(),
    });
    this.memberships = new Memberships({
      rooms: this.rooms,
      clock,
      reads: this.reads,
      reading: this.reading,
      serverNow: () => clock.now() + this.server.ahead_ms,
      me: () => this.me,
      isGuest,
      current,
      isMention: (body) => mentionsMe(body, this.me, this.persons.hasName),
      isBlocked: (author) => this.blocked.has(author),
      onChange: () => this.changed(),
      onGone: (room, leaveReason) => this.#forgetRoom(room, leaveReason),
    });
    this.greeting = new Greeting({
      chat: this,
      port,
      clock,
      learn: (person) => this.#learn(person),
      choose: () => this.#choose(),
      isAway: () => this.#presence === 'away',
      onReady: () => this.changed(),
    });
    this.arrivals = new Arrivals({ chat: this, clock, onProgress: () => this.#checkCaughtUp() });
  }

  /** The open room. */
  get current() {
    return this.visit.current;
  }

  /* Who we are. */

  /** A guest is a member of no room, and sees all open ones. */
  get isGuest() {
    return !hasAccount(this.me);
  }

  /** Sets who we are, or our new name. @param {PersonInfo} user */
  enter(user) {
    const isOther = this.me?.id !== user.id;
    this.me = user;
    if (isOther) this.#startReading();
    this.#learn(user);
  }

  /** Forgets another user's unsent texts. @param {'shared' | 'tab'} where they are stored */
  forget(where) {
    if (where === 'tab') this.outbox.forget();
    else this.drafts.forget();
  }

  /** A room's name; for a direct conversation, the names of the others. @param {Room} room */
  titleOf = ({ kind, name, between }) => {
    if (kind !== 'direct') return name;
    const others = between.filter(({ id }) => id !== this.me?.id);
    return others.length ? listNames(others.map(this.persons.nameOf), NAMED_MAX) : 'Notes to yourself';
  };

  /* What the server says. */

  /** @param {ServerFrame} frame */
  receive(frame) {
    switch (frame.type) {
      case 'welcome':
        return this.greeting.welcome(frame);
      case 'welcome_rooms':
        return this.greeting.list(frame);
      case 'ack':
        return this.arrivals.acknowledge(frame);
      case 'error':
        return this.arrivals.refuse(frame);
      case 'history':
        return; /* the answer to a request that is no longer waited for */
      case 'bye':
        return this.outbox.hold();
      case 'room':
        return this.#described(frame.room);
      case 'membership':
        return this.#belonging(frame.change, frame.room);
      case 'activity':
        return this.memberships.active(frame);
      case 'read':
        return this.#read(frame);
      case 'member':
        return this.#member(frame.change, frame.user);
      case 'requests_waiting':
        return this.rooms.get(frame.room)?.become({ requests: frame.requests });
      case 'block':
        if (frame.blocked) this.blocked.add(frame.user);
        else this.blocked.delete(frame.user);
        return this.changed();
      case 'place':
        this.server.name = frame.name;
        return this.changed();
      case 'reset':
        return this.arrivals.reset(frame.room, frame.last_seq);
      case 'typing':
        if (frame.user.id !== this.me?.id && !this.blocked.has(frame.user.id)) {
          this.rooms.get(frame.room)?.typing.heard(this.persons.nameOf(frame.user));
        }
        return;
      case 'presence':
        this.rooms.get(frame.room)?.people.set(frame.count, frame.people);
        return this.online.heardOfRoom();
      case 'online':
        return this.online.hear(frame.people);
    }
    /* Everything else with a seq belongs to a room's history, even if this page is too old to know its type. */
    if ('seq' in frame && Number.isInteger(frame.seq)) this.arrivals.event(frame);
  }

  /** @param {import('./reconnect.js').Cause | null} [cause] */
  disconnected(cause) {
    /* If it were sent again, it would end the next connection too. */
    if (cause === 'too_big') this.outbox.refuseCurrent('too_big', 'Too long for the server.');
    this.following.disconnected();
    this.reading.disconnected();
    for (const room of this.rooms.values()) {
      room.typing.clear();
      if (room.timeline.loading) room.timeline.setLoading(null);
    }
    this.outbox.disconnected();
  }

  #checkCaughtUp() {
    if (this.welcomed && (!this.current || this.current.caughtUp)) this.#port.settled();
  }

  /** @param {import('../lib/protocol.js').RoomInfo} info */
  #described(info) {
    const found = this.memberships.described(info);
    if (found) this.following.found(found);
    if (this.current?.id === info.id) this.visit.rename();
    this.#choose();
    this.changed();
  }

  /** @param {'joined' | 'left' | 'changed'} change @param {import('../lib/protocol.js').RoomInfo} info */
  #belonging(change, info) {
    this.memberships.changed(change, info);
    this.#choose();
    this.changed();
  }

  /** @param {{ room: number, seq: number, unread: number, mentions: number }} frame */
  #read(frame) {
    const room = this.rooms.get(frame.room);
    if (room?.counting === 'server') this.reading.sync(room, frame, room === this.current);
  }

  /** @param {string} change @param {PersonInfo} user */
  #member(change, user) {
    this.#learn(user);
    if (change !== 'unbanned') return;
    /* Messages that were hidden can be seen again, and are not loaded. */
    for (const room of this.rooms.values()) {
      if (!room.timeline.hasHidden(user.id)) continue;
      if (room === this.current) this.pager.refresh(room);
      else room.timeline.begin(room.timeline.lastSeq);
    }
  }

  /** @param {PersonInfo} person */
  #learn(person) {
    this.persons.learn(person);
    if (person.id === this.me?.id) this.me = person;
    for (const room of this.rooms.values()) room.people.rename(person);
    this.changed();
  }

  #startReading() {
    const isKnown = this.reads.use(this.me?.id ?? 0);
    for (const room of this.rooms.values()) {
      if (room.counting === 'here') room.readBefore(isKnown ? this.reads.of(room.id) : room.timeline.lastSeq);
    }
  }

  #choose() {
    if (this.welcomed) this.visit.choose();
  }

  /** @param {Room} room @param {import('./memberships.js').LeaveReason} leaveReason */
  #forgetRoom(room, leaveReason) {
    this.rooms.delete(room.id);
    if (room === this.current) this.visit.lose(this.titleOf(room), leaveReason);
    this.changed();
  }

  /* What the person does. */

  /**
   * @param {string | number | null} wanted a room's name or id; null: the room that was open last
   * @param {number | null} [seq] of the event that is to be shown
   * @param {number | null} [id] of the room, should several have the name
   */
  open(wanted, seq = null, id = null) {
    if (this.welcomed) this.visit.open(wanted, seq, id);
    else Object.assign(this.visit, { wanted, wantedSeq: seq, wantedId: id });
    this.changed();
  }

  /** @param {Room} room */
  #entered(room) {
    this.rooms.visit(room);
    room.divide();
    this.following.open(room);
    this.pager.open(room);
  }

  /** @param {Room} room */
  #left(room) {
    room.timeline.following = true;
    room.target = null;
    this.reading.left(room);
    if (room.membership || this.isGuest) return;
    if (room.joined) this.following.leave(room); /* we were not a member */
    this.rooms.delete(room.id);
  }

  /**
   * @param {Room} room the one that was open when Send was pressed
   * @param {string} text
   */
  send(room, text) {
    const body = asSent(text);
    if (isBlank(body)) return;
    this.outbox.add(room.id, body);
    room.typing.sent();
    room.timeline.following = true;
    /* If the reader is further back in the history, drop that page, so that the message stands in its place, even offline. */
    if (!room.timeline.live) room.timeline.begin(room.timeline.lastSeq);
    this.pager.latest(room);
  }

  /** When the reader can post in a room again; 0: now. @param {Room} room */
  mayWriteAt(room) {
    const slow = slowUntil({ room, me: this.me, pending: this.outbox.of(room.id), ahead_ms: this.server.ahead_ms });
    const at = Math.max(slow, this.outbox.slowUntil(room.id), room.silencedUntil);
    return at > this.#clock.now() ? at : 0;
  }

  /** @param {Room} room */
  typed(room) {
    if (room.joined && room.typing.typed()) this.#port.send({ type: 'typing', room: room.id });
  }

  /**
   * These events of the open room are on screen.
   * @param {Room} room
   * @param {number} first event
   * @param {number} [last]
   */
  see(room, first, last = first) {
    if (this.attended) this.reading.see(room, first, last);
  }

  /**
   * Takes effect when the server has notified all our devices, which it does before it answers.
   * @param {number} user
   * @param {boolean} isBlocked
   * @returns {Promise<void>} rejects with a refusal
   */
  async block(user, isBlocked) {
    await this.#port.request({ type: isBlocked ? 'block' : 'unblock', user });
  }

  /** Another tab has stored this guest's read positions. */
  absorbReads() {
    this.reads.absorb();
    for (const room of this.rooms.values()) {
      if (room.counting === 'here') room.read(Math.min(this.reads.of(room.id), room.timeline.lastSeq));
    }
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
