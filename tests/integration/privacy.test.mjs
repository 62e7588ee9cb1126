/* No sequence of commands lets anybody see what is not for them, and what is for them they can read.
 *
 * Several people make rooms, open and close them, add and remove each other, write, delete and ban at random, while all
 * of them join, read histories, ask lists, type, and hear what they are told, on every way in. Two things are held
 * against a model that knows nothing of the program (tests/lib/privacy_model.mjs):
 *
 *   - always: nothing that anybody has been told, in any frame, was not theirs to see at any time until then;
 *   - whenever all is quiet: what each can read of each room, by every way of reading, is exactly what they may.
 *
 * HUBBUB_SEED brings back a run that failed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post } from '../lib/accounts.mjs';
import { connect, Disconnected, Refused, wholeHistory } from '../lib/client.mjs';
import { marksIn } from '../lib/privacy_model.mjs';
import { Random, seeded } from '../lib/random.mjs';
import { RandomPlace } from '../lib/random_place.mjs';
import { hasAccount, rank } from '../lib/role_model.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { isDurable } from '../lib/shape.mjs';

const RUNS = 3;
const COMMANDS = 300;
const QUIET_EVERY = 50;

class Watched extends RandomPlace {
  #reading = new Set(); // what has been asked and not answered
  #looked = new Map(); // how far each connection's frames have been looked at

  /* -------------------------------------------------------------- reading meanwhile */

  /** Something that somebody asks and nobody waits for: it may be refused, and its answer is looked at later. */
  ask() {
    const [, client] = this.pick(this.clients);
    const room = this.room.id;
    const { last } = this.model.rooms.get(room);
    const seq = this.random.between(0, last + 1);
    const [type, fields] = this.pick([
      ['join', { room }],
      ['join', { room }],
      ['join', { room, after: seq }],
      ['join', { room, after: 0 }],
      ['leave', { room }],
      ['history', { room }],
      ['history', { room, before: seq }],
      ['history', { room, after: seq, limit: 200 }],
      ['history', { room, around: seq }],
      ['typing', { room }],
      ['members', { room }],
      ['requests', { room }],
      ['rooms', {}],
      ['people', {}],
      ['person', { user: this.pick(this.model.people).id }],
      ['reports', {}],
      ['audit', { limit: 200 }],
    ]);
    const asking = client.request(type, fields).catch((error) => {
      if (!(error instanceof Refused) && !(error instanceof Disconnected)) throw error;
    });
    this.#reading.add(asking);
    asking.finally(() => this.#reading.delete(asking)).catch(() => {});
  }

  /* -------------------------------------------------------------- what was heard */

  /** Everything that a connection has been told since the last look. */
  look(person, client) {
    client.check();
    for (const frame of client.frames.slice(this.#looked.get(client) ?? 0)) this.lookAt(person, frame);
    this.#looked.set(client, client.frames.length);
  }

  ended(person, client) {
    this.look(person, client);
    this.#looked.delete(client);
  }

  lookAt(person, frame) {
    const fault = this.faultOf(person, frame);
    assert.equal(fault, null, `${person.name} was told ${JSON.stringify(frame).slice(0, 400)}`);
  }

  faultOf(person, frame) {
    if (frame.type === 'reports') return this.faultOfReports(person, frame.reports);
    if (frame.type === 'audit') return this.faultOfAudit(frame);
    if (frame.type === 'rooms') return this.faultOfRooms(person, frame.rooms);
    const events = frame.type === 'history' ? frame.events : isDurable(frame) ? [frame] : [];
    for (const event of events)
      if (this.model.rooms.has(event.room) && !this.model.everSaw(person, event.room, event.seq))
        return `event ${event.seq} of room ${event.room} was never for them`;
    // Whoever manages a closed room from outside is answered by its id, and no more.
    const about = frame.type === 'ack' ? [] : [frame.room, ...(frame.rooms ?? [])].map((room) => room?.id ?? room);
    for (const id of about)
      if (this.model.rooms.has(id) && !this.model.everKnew(person, id)) return `room ${id} was never there for them`;
    for (const number of marksIn(JSON.stringify(frame))) {
      const wrong = this.model.faultOfMark(person, number);
      if (wrong) return wrong;
    }
    return null;
  }

  /** Moderators see what was reported, also where they are not; those of a room what was reported there. */
  faultOfReports(person, reports) {
    for (const { room, seq } of reports) {
      if (!this.model.wasReported(room, seq)) return `event ${seq} of room ${room} was never reported`;
      if (!this.model.everModerated(person, room)) return `they have never moderated room ${room}`;
    }
    return null;
  }

  /** Admins see of every closed room that it is there, and nothing of what is said in it. */
  faultOfRooms(person, rooms) {
    for (const room of rooms) {
      const { id, name, kind, members, ...rest } = room;
      const isAdmin = rank(person.role) >= rank('admin');
      const isVeiled = rest.last_seq === 0 && !Object.hasOwn(rest, 'topic') && !Object.hasOwn(rest, 'description');
      const managed = isAdmin && kind === 'closed' && isVeiled;
      const wrong = this.faultOf(person, { type: 'room', room: managed ? { ...rest } : room });
      if (wrong) return wrong;
    }
    return null;
  }

  /** Admins see what was done to a room, but nothing of what was said there. */
  faultOfAudit(frame) {
    const body = marksIn(JSON.stringify(frame)).find((number) => this.model.isBody(number));
    return body === undefined ? null : `mark${body}x was said, and not done`;
  }

  /* -------------------------------------------------------------- when all is quiet */

  async quiet() {
    await Promise.all(this.#reading);
    for (const [person, client] of this.clients) {
      await client.request('ping');
      for (const room of this.model.rooms.values()) {
        if (!client.isOpen(room.id)) continue;
        assert.ok(this.model.floor(person, room) >= 0, `${person.name} has room ${room.id} open`);
        if (this.model.maySee(person, room, room.last)) await client.sees(room.id, room.last);
      }
      this.look(person, client);
    }
    for (const person of this.present) await this.checkReader(person);
  }

  /** All that somebody can read, by every way of reading. */
  async checkReader(person) {
    const { model } = this;
    const isVisitor = person.role === 'visitor'; // who would be another one on the next connection
    const again = { t: this.t, token: person.token, cookie: person.cookie, lenient: true };
    const client = isVisitor ? person.clients[0] : await connect(this.server, again);
    const isAccount = hasAccount(person.role);
    for (const room of model.rooms.values()) {
      const why = `${person.name} in room ${room.id}, which is ${room.kind}, ${room.history}`;
      const visible = model.visible(person, room);
      const told = await wholeHistory(client, room.id).catch((error) => this.notFound(error, why));
      assert.deepEqual(told?.map(({ seq, type, body }) => [seq, type, body ?? '']) ?? null, visible, why);
      if (isAccount || person.cookie) {
        const answer = await post(this.server, person, 'history', { room: room.id, after: 0, limit: 200 });
        assert.equal(answer.status, visible ? 200 : 404, why);
        if (visible) assert.deepEqual(answer.json().events, told.slice(0, 200), why);
      }
      if (isAccount) {
        const list = await client.request('members', { room: room.id }).catch((error) => this.notFound(error, why));
        const ids = visible && [...room.members.keys()].map(({ id }) => id).sort((a, b) => a - b);
        assert.deepEqual(list && list.members.map(({ id }) => id), ids, `${why}: its members`);
      }
      if (client.isOpen(room.id)) continue;
      const resets = client.views.get(room.id)?.resets ?? 0;
      const opened = await client.join(room.id, 0).catch((error) => this.notFound(error, why));
      assert.equal(Boolean(opened), Boolean(visible), why);
      if (!visible?.length) continue;
      const view = await client.sees(room.id, room.last);
      const sent = view.resets > resets ? [] : visible;
      assert.deepEqual(
        view.events.map(({ seq }) => seq),
        sent.map(([seq]) => seq),
        `${why}: on joining`,
      );
    }
    const mine = (room) => (isAccount ? room.members.has(person) : room.kind === 'open');
    const ids = (rooms) =>
      rooms
        .map(({ id }) => id)
        .filter((id) => model.rooms.has(id))
        .sort((a, b) => a - b);
    const idsWhere = (match) => ids([...model.rooms.values()].filter(match));
    /* Conversations may be hidden: of those only such as are one's own may be there. */
    const isToTell = ({ kind }) => kind !== 'direct';
    const told = ids(client.welcome.rooms.filter(isToTell));
    if (!isVisitor)
      assert.deepEqual(
        told,
        idsWhere((room) => mine(room) && isToTell(room)),
        `${person.name}: welcome`,
      );
    for (const { id } of client.welcome.rooms)
      assert.ok(!model.rooms.has(id) || mine(model.rooms.get(id)), `${person.name}: ${id}`);
    if (isAccount) {
      const { rooms } = await client.request('rooms', { limit: 200 });
      const isManaged = ({ kind }) => kind === 'closed' && rank(person.role) >= rank('admin');
      const isListed = (room) => room.kind === 'open' || room.kind === 'announcement' || isManaged(room);
      assert.deepEqual(ids(rooms), idsWhere(isListed), `${person.name}: the list`);
      const other = this.pick(model.people.filter((one) => hasAccount(one.role)));
      const { rooms: shared } = await client.request('person', { user: other.id });
      const areBothIn = (room) => mine(room) && room.members.has(other);
      assert.deepEqual(ids(shared), idsWhere(areBothIn), `${person.name}: shared with ${other.name}`);
    }
    if (isVisitor) return;
    for (const frame of client.frames) this.lookAt(person, frame);
    await client.close();
  }

  notFound(error, why) {
    if (!(error instanceof Refused)) throw error;
    assert.equal(error.code, 'not_found', why);
    return null;
  }
}

for (let number = 1; number <= RUNS; number++) {
  test(`nobody sees what is not for them, and everybody what is: run ${number}`, async (t) => {
    const random = process.env.HUBBUB_SEED ? new Random(Number(process.env.HUBBUB_SEED) + number - 1) : seeded(t);
    const server = await startServer({ t, settings: { ...UNLIMITED, history_on_join: 12 } });
    const run = new Watched(t, server, random);
    await run.enter();
    try {
      for (let i = 1; i <= COMMANDS; i++) {
        for (let n = random.between(0, 6); n > 0; n--) if (run.model.rooms.size) run.ask();
        await run.step();
        if (i % QUIET_EVERY === 0) await run.quiet();
      }
    } catch (error) {
      const latest = run.log.slice(-12).join('\n');
      error.message = `seed ${random.seed}, command ${run.log.length}: ${error.message}\n${latest}`;
      throw error;
    }
  });
}
