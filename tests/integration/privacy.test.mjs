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
import { call, CallRefused, crew, post } from '../lib/accounts.mjs';
import { connect, Disconnected, guest, randomId, Refused, wholeHistory } from '../lib/client.mjs';
import { marksIn, PrivacyModel } from '../lib/privacy_model.mjs';
import { Random, seeded } from '../lib/random.mjs';
import { expected, hasAccount } from '../lib/role_model.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { isDurable } from '../lib/shape.mjs';
import { within } from '../lib/wait.mjs';

const RUNS = 3;
const COMMANDS = 300;
const QUIET_EVERY = 50;
const ROOMS_MOST = 9;
const DEVICES = 2;
const PATIENCE_MS = 10_000;

class Run {
  constructor(t, server, random) {
    Object.assign(this, { t, server, random, model: new PrivacyModel() });
    this.reading = new Set(); // what has been asked and not answered
    this.looked = new Map(); // how far each connection's frames have been looked at
    this.log = [];
  }

  /** Everybody of the place. */
  async enter() {
    const accounts = await crew(this.server, 'Mara', 'Anna', 'Ben', 'Cleo', 'Dora');
    await call(this.server, accounts[0], 'set_role', { user: accounts[1].user.id, role: 'moderator' });
    for (const who of accounts) { // tokens stay good when a ban is lifted, so nobody has to sign in again
      const { token } = await call(this.server, who, 'create_token', { name: 'test', scope: 'write' });
      const role = { owner: 'owner', Mara: 'moderator' }[who.user.name] ?? 'member';
      this.model.addPerson({ id: who.user.id, name: who.user.name, role, token });
    }
    const { user, cookie } = await guest(this.server, 'Gast');
    this.model.addPerson({ id: user.id, name: 'the guest', role: 'guest', cookie });
    this.model.addPerson({ name: 'the visitor', role: 'visitor' });
    for (const person of this.model.people) {
      person.clients = [];
      person.banned = person.hidden = false;
      for (let i = 0; i < (person.role === 'visitor' ? 1 : DEVICES); i++) await this.connect(person);
    }
    // The visitor gets an id with the first message.
    const visitor = this.model.people.at(-1);
    const { seq } = await visitor.clients[0].send('lobby', 'now I am somebody');
    visitor.id = (await call(this.server, this.owner, 'history', { room: 1, around: seq, limit: 1 })).events[0].author.id;
  }

  async connect(person) {
    const { token, cookie } = person;
    const client = await connect(this.server, { t: this.t, token, cookie, lenient: true });
    person.clients.push(client);
    this.looked.set(client, 0);
    return client;
  }

  get owner() {
    return this.model.people[0];
  }

  get present() {
    return this.model.people.filter((person) => !person.banned);
  }

  get clients() {
    return this.present.flatMap((person) => person.clients.map((client) => [person, client]));
  }

  pick(list) {
    return this.random.pick(list);
  }

  chance(percent) {
    return this.random.between(1, 100) <= percent;
  }

  /* -------------------------------------------------------------- commands */

  /** Carries it out on one of the actor's ways in, and holds whether it may be against the table: the ack, or null. */
  async command(actor, request, fields, about) {
    const want = about.want ?? expected({ request, role: actor.role, ...about });
    this.log.push(`${actor.name}: ${request} ${JSON.stringify(fields)}`);
    const overHttp = actor.role !== 'visitor' && this.chance(30);
    const id = randomId();
    const doing = overHttp ? call(this.server, actor, request, { id, ...fields }) : this.pick(actor.clients).request(request, fields);
    const answer = await doing.catch((error) => error);
    if (answer instanceof Error && !(answer instanceof Refused) && !(answer instanceof CallRefused)) throw answer;
    const got = answer instanceof Error ? answer.code : 'ok';
    assert.equal(got, want, `${this.log.at(-1)} as ${JSON.stringify({ role: actor.role, ...about })}`);
    return got === 'ok' ? answer : null;
  }

  /** What the table has to know about an actor and a room. */
  about(actor, room) {
    return { kind: room.kind, standing: this.model.standing(actor, room) };
  }

  /** And about another person. */
  aboutPerson(actor, person) {
    return { relation: person === actor ? 'self' : 'other', targetRole: person.role };
  }

  get room() {
    return this.pick([...this.model.rooms.values()]);
  }

  async createRoom(actor) {
    const kind = this.pick(['open', 'closed', 'closed', 'announcement']);
    const history = this.pick(['all', 'joined']);
    const [name, topic] = [this.model.mark(), this.model.mark()];
    const ack = await this.command(actor, 'create_room', { name, topic, kind, history }, {});
    if (ack) this.model.createRoom(ack.room, actor, { kind, history, name, topic });
  }

  async openDirect(actor) {
    const others = this.model.people.filter((person) => person !== actor && hasAccount(person.role));
    const asked = new Set([actor]);
    for (let n = this.random.between(0, 2); n > 0; n--) asked.add(this.pick(others));
    const people = [...asked];
    const isThere = [...this.model.rooms.values()].some(
      (room) => room.kind === 'direct' && room.members.size === people.length && people.every((person) => room.members.has(person)),
    );
    const about = !isThere && hasAccount(actor.role) && people.some((person) => person.banned) ? { want: 'not_found' } : {};
    const ack = await this.command(actor, 'open_direct', { users: people.slice(1).map(({ id }) => id) }, about);
    if (ack && hasAccount(actor.role)) this.model.openDirect(ack.room, people);
  }

  async editRoom(actor, room) {
    const all = { kind: this.pick(['open', 'closed', 'announcement']), history: this.pick(['all', 'joined']), topic: this.model.mark() };
    const fields = Object.fromEntries(Object.entries(all).filter(([name]) => name === 'topic' || this.chance(60)));
    if (await this.command(actor, 'edit_room', { room: room.id, ...fields }, this.about(actor, room)))
      this.model.editRoom(room, fields);
  }

  async renameRoom(actor, room) {
    const name = this.model.mark();
    if (await this.command(actor, 'rename_room', { room: room.id, name }, this.about(actor, room)))
      this.model.renameRoom(room, name);
  }

  async addMember(actor, room) {
    const person = this.chance(30) ? actor : this.pick(this.model.people);
    const about = { ...this.about(actor, room), ...this.aboutPerson(actor, person) };
    const want = expected({ request: 'add_member', role: actor.role, ...about });
    const cannot = want === 'ok' && (!hasAccount(person.role) || person.banned);
    const fields = { room: room.id, user: person.id };
    const ack = await this.command(actor, 'add_member', fields, cannot ? { want: 'forbidden' } : about);
    if (ack && !ack.duplicate) this.model.join(room, person, actor);
    else if (ack) assert.ok(room.members.has(person));
  }

  async removeMember(actor, room) {
    const insiders = [...room.members.keys()];
    const person = this.chance(40) || !insiders.length ? actor : this.pick(insiders);
    const about = { ...this.about(actor, room), ...this.aboutPerson(actor, person) };
    const ack = await this.command(actor, 'remove_member', { room: room.id, user: person.id }, about);
    if (ack && !ack.duplicate) this.model.leave(room, person, actor);
    else if (ack) assert.ok(!room.members.has(person));
  }

  async setRoomRole(actor, room) {
    const person = this.pick(this.model.people);
    const about = { ...this.about(actor, room), ...this.aboutPerson(actor, person) };
    const allowed = expected({ request: 'set_room_role', role: actor.role, ...about }) === 'ok';
    const want = allowed && !room.members.has(person) ? 'not_found' : undefined;
    const role = this.pick(['member', 'moderator']);
    const fields = { room: room.id, user: person.id, role };
    if (await this.command(actor, 'set_room_role', fields, { ...about, want })) room.members.get(person).role = role;
  }

  async askToJoin(actor, room) {
    if (!(await this.command(actor, 'request_join', { room: room.id, text: 'please' }, this.about(actor, room)))) return;
    if (room.kind !== 'closed' || room.members.has(actor)) return;
    const other = this.pick(this.present);
    const accept = this.chance(70);
    const fields = { room: room.id, user: actor.id, accept };
    const about = { ...this.about(other, room), relation: 'other', targetRole: actor.role };
    const ack = await this.command(other, 'answer_request', fields, about);
    if (ack && accept) this.model.join(room, actor, other);
  }

  async say(actor, room) {
    const body = `${this.model.mark()} ${this.pick(['', '@room', '@Anna', '@Ben and @Cleo'])}`.trim();
    const about = this.about(actor, room);
    const seen = room.last ? this.random.between(1, room.last) : 0;
    const isMessage = seen && room.events[seen - 1].type === 'message';
    const fields = { room: room.id, body };
    if (seen && this.chance(20)) {
      fields.reply_to = seen;
      const allowed = expected({ request: 'send', role: actor.role, ...about }) === 'ok';
      if (allowed && !(isMessage && this.model.maySee(actor, room, seen))) about.want = 'not_found';
    }
    if (await this.command(actor, 'send', fields, about)) this.model.say(room, actor, body);
  }

  async deleteMessage(actor, room) {
    const messages = room.events.map((event, i) => [i + 1, event]).filter(([, { type }]) => type === 'message');
    if (!messages.length) return;
    const [seq, { author, deleted }] = this.pick(messages);
    const about = { ...this.about(actor, room), ...this.aboutPerson(actor, author) };
    const allowed = ['ok', 'forbidden'].includes(expected({ request: 'delete', role: actor.role, ...about }));
    if (allowed && room.members.has(actor) && !this.model.maySee(actor, room, seq)) about.want = 'not_found';
    const ack = await this.command(actor, 'delete', { room: room.id, seq }, about);
    if (ack && !deleted) this.model.deleteMessage(room, seq);
  }

  async ban(actor) {
    const person = this.pick(this.model.people.filter((one) => one !== actor));
    const hide = this.chance(50);
    if (!(await this.command(actor, 'ban', { user: person.id, hide }, this.aboutPerson(actor, person)))) return;
    const { clients } = person;
    person.clients = [];
    Object.assign(person, { banned: true, hidden: hide });
    for (const client of clients) {
      assert.deepEqual(await within(client.closed, 'the end', PATIENCE_MS), { code: 1008, reason: 'banned' });
      this.look(person, client);
    }
  }

  async unban() {
    const banned = this.model.people.filter((person) => person.banned);
    if (!banned.length) return;
    const person = this.pick(banned);
    await this.command(this.owner, 'unban', { user: person.id }, { relation: 'other', targetRole: person.role });
    Object.assign(person, { banned: false, hidden: false });
    if (person.role !== 'visitor') await this.connect(person);
    else this.model.people.splice(this.model.people.indexOf(person), 1); // gone for good with the connection
  }

  async markRead(actor, room) {
    const request = this.pick(['read', 'mark_unread']);
    await this.command(actor, request, { room: room.id, seq: this.random.between(1, room.last + 2) }, this.about(actor, room));
  }

  async step() {
    const actor = this.pick(this.present);
    const dice = this.random.between(1, 100);
    if (this.model.rooms.size < 3 || (dice <= 4 && this.model.rooms.size < ROOMS_MOST)) return this.createRoom(actor);
    const { room } = this;
    if (dice <= 8) return this.openDirect(actor);
    if (dice <= 16) return this.editRoom(actor, room);
    if (dice <= 19) return this.renameRoom(actor, room);
    if (dice <= 32) return this.addMember(actor, room);
    if (dice <= 42) return this.removeMember(actor, room);
    if (dice <= 46) return this.setRoomRole(actor, room);
    if (dice <= 50) return this.askToJoin(actor, room);
    if (dice <= 80) return this.say(actor, room);
    if (dice <= 85) return this.deleteMessage(actor, room);
    if (dice <= 88) return this.ban(actor);
    if (dice <= 92) return this.unban();
    return this.markRead(actor, room);
  }

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
    ]);
    const asking = client.request(type, fields).catch((error) => {
      if (!(error instanceof Refused) && !(error instanceof Disconnected)) throw error;
    });
    this.reading.add(asking);
    asking.finally(() => this.reading.delete(asking)).catch(() => {});
  }

  /* -------------------------------------------------------------- what was heard */

  /** Everything that a connection has been told since the last look. */
  look(person, client) {
    client.check();
    for (const frame of client.frames.slice(this.looked.get(client))) this.lookAt(person, frame);
    this.looked.set(client, client.frames.length);
  }

  lookAt(person, frame) {
    const fault = this.faultOf(person, frame);
    assert.equal(fault, null, `${person.name} was told ${JSON.stringify(frame).slice(0, 400)}`);
  }

  faultOf(person, frame) {
    const events = frame.type === 'history' ? frame.events : isDurable(frame) ? [frame] : [];
    for (const event of events)
      if (this.model.rooms.has(event.room) && !this.model.everSaw(person, event.room, event.seq))
        return `event ${event.seq} of room ${event.room} was never for them`;
    // Whoever manages a closed room from outside is answered by its id, and no more.
    const about = frame.type === 'ack' ? [] : [frame.room, ...(frame.rooms ?? [])].map((room) => room?.id ?? room);
    for (const id of about.filter((one) => this.model.rooms.has(one))) if (!this.model.everKnew(person, id)) return `room ${id} was never there for them`;
    for (const number of marksIn(JSON.stringify(frame))) {
      const wrong = this.model.faultOfMark(person, number);
      if (wrong) return wrong;
    }
    return null;
  }

  /* -------------------------------------------------------------- when all is quiet */

  async quiet() {
    await Promise.all(this.reading);
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
    const client = person.role === 'visitor' ? person.clients[0] : await connect(this.server, { t: this.t, ...person, lenient: true });
    const isAccount = hasAccount(person.role);
    for (const room of model.rooms.values()) {
      const why = `${person.name} in room ${room.id}, which is ${room.kind}, ${room.history}`;
      const visible = model.visible(person, room);
      const told = await wholeHistory(client, room.id).catch((error) => this.notFound(error, why));
      assert.deepEqual(told && told.map(({ seq, type, body }) => [seq, type, body ?? told.find((e) => e.seq === seq).body]).map(([seq, type, body]) => [seq, type, type === 'message' ? body : '']), visible, why);
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
      const opened = await client.join(room.id, 0).catch((error) => this.notFound(error, why));
      assert.equal(Boolean(opened), Boolean(visible), why);
      if (!visible?.length) continue;
      const view = await client.sees(room.id, room.last);
      const sent = view.resets ? [] : visible;
      assert.deepEqual(view.events.map(({ seq }) => seq), sent.map(([seq]) => seq), `${why}: on joining`);
    }
    const mine = (room) => (isAccount ? room.members.has(person) : room.kind === 'open');
    const ids = (rooms) => rooms.map(({ id }) => id).filter((id) => model.rooms.has(id)).sort((a, b) => a - b);
    const idsWhere = (match) => ids([...model.rooms.values()].filter(match));
    if (person.role !== 'visitor') assert.deepEqual(ids(client.welcome.rooms), idsWhere(mine), `${person.name}: welcome`);
    if (isAccount) {
      const { rooms } = await client.request('rooms', { limit: 200 });
      assert.deepEqual(ids(rooms), idsWhere(({ kind }) => kind === 'open' || kind === 'announcement'), `${person.name}: the list`);
      const other = this.pick(model.people.filter((one) => hasAccount(one.role)));
      const { rooms: shared } = await client.request('person', { user: other.id });
      assert.deepEqual(ids(shared), idsWhere((room) => mine(room) && room.members.has(other)), `${person.name}: shared`);
    }
    if (person.role === 'visitor') return;
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
    const run = new Run(t, server, random);
    await run.enter();
    try {
      for (let i = 1; i <= COMMANDS; i++) {
        for (let n = random.between(0, 6); n > 0; n--) if (run.model.rooms.size) run.ask();
        await run.step();
        if (i % QUIET_EVERY === 0) await run.quiet();
      }
    } catch (error) {
      error.message = `seed ${random.seed}, command ${run.log.length}: ${error.message}\n${run.log.slice(-12).join('\n')}`;
      throw error;
    }
  });
}
