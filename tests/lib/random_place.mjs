/* A place in which several people do things at random: each command goes to the program on some way in, is held against
 * the table of roles, and is told to a model. For tests/integration/privacy.test.mjs. */
import assert from 'node:assert/strict';
import { call, CallRefused, crew } from './accounts.mjs';
import { connect, guest, randomId, Refused } from './client.mjs';
import { PrivacyModel } from './privacy_model.mjs';
import { expected, hasAccount, rank } from './role_model.mjs';
import { within } from './wait.mjs';

const ROOMS_MOST = 9;
const DEVICES = 2;
const PATIENCE_MS = 10_000;

export class RandomPlace {
  constructor(t, server, random) {
    Object.assign(this, { t, server, random, model: new PrivacyModel() });
    this.log = [];
  }

  /** Everybody of the place. */
  async enter() {
    const accounts = await crew(this.server, 'Mara', 'Anna', 'Ben', 'Cleo', 'Dora');
    await call(this.server, accounts[0], 'set_role', { user: accounts[1].user.id, role: 'moderator' });
    for (const who of accounts) {
      // tokens stay good when a ban is lifted, so nobody has to sign in again
      const { token } = await call(this.server, who, 'create_token', { name: 'test', scope: 'admin' });
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
    const { events } = await call(this.server, this.owner, 'history', { room: 1, around: seq, limit: 1 });
    visitor.id = events[0].author.id;
  }

  async connect(person) {
    const { token, cookie } = person;
    const client = await connect(this.server, { t: this.t, token, cookie, lenient: true });
    person.clients.push(client);
    return client;
  }

  get owner() {
    return this.model.people[0];
  }

  get staff() {
    return this.present.filter((person) => rank(person.role) >= rank('moderator'));
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
    const doing = overHttp
      ? call(this.server, actor, request, { id, ...fields })
      : this.pick(actor.clients).request(request, fields);
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

  /** The seq of some message of a room; undefined: there is none. */
  messageOf(room) {
    const seqs = room.events.map((event, i) => (event.type === 'message' ? i + 1 : 0)).filter(Boolean);
    return seqs.length ? this.pick(seqs) : undefined;
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
    const isBetween = ({ kind, members }) =>
      kind === 'direct' && members.size === people.length && people.every((person) => members.has(person));
    const isNew = ![...this.model.rooms.values()].some(isBetween);
    const cannot = isNew && hasAccount(actor.role) && people.some((person) => person.banned);
    const about = cannot ? { want: 'not_found' } : {};
    const ack = await this.command(actor, 'open_direct', { users: people.slice(1).map(({ id }) => id) }, about);
    if (ack && hasAccount(actor.role)) this.model.openDirect(ack.room, people);
  }

  async editRoom(actor, room) {
    const kind = this.pick(['open', 'closed', 'announcement']);
    const all = { kind, history: this.pick(['all', 'joined']), topic: this.model.mark() };
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
    if (ack && room.kind === 'direct') return; // hidden from oneself
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
    if (await this.command(actor, 'set_room_role', fields, { ...about, want }))
      this.model.setRoomRole(room, person, role);
  }

  async askToJoin(actor, room) {
    if (!(await this.command(actor, 'request_join', { room: room.id, text: 'please' }, this.about(actor, room))))
      return;
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
    const seq = this.messageOf(room);
    if (!seq) return;
    const { author, deleted } = room.events[seq - 1];
    const about = { ...this.about(actor, room), ...this.aboutPerson(actor, author) };
    const allowed = ['ok', 'forbidden'].includes(expected({ request: 'delete', role: actor.role, ...about }));
    if (allowed && room.members.has(actor) && !this.model.maySee(actor, room, seq)) about.want = 'not_found';
    const ack = await this.command(actor, 'delete', { room: room.id, seq }, about);
    if (ack && !deleted) this.model.deleteMessage(room, seq);
  }

  async report(actor, room) {
    const seq = this.messageOf(room);
    if (!seq) return;
    const about = this.about(actor, room);
    const allowed = expected({ request: 'report', role: actor.role, ...about }) === 'ok';
    if (allowed && (room.events[seq - 1].deleted || !this.model.maySee(actor, room, seq))) about.want = 'not_found';
    if (await this.command(actor, 'report', { room: room.id, seq }, about)) this.model.report(room, seq);
  }

  async ban(anybody) {
    const actor = this.chance(70) ? this.pick(this.staff) : anybody;
    const person = this.pick(this.model.people.filter((one) => one !== actor));
    const hide = this.chance(50);
    if (!(await this.command(actor, 'ban', { user: person.id, hide }, this.aboutPerson(actor, person)))) return;
    const { clients } = person;
    person.clients = [];
    Object.assign(person, { banned: true, hidden: hide });
    for (const client of clients) {
      assert.deepEqual(await within(client.closed, 'the end', PATIENCE_MS), { code: 1008, reason: 'banned' });
      this.ended(person, client);
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
    const seq = this.random.between(1, room.last + 2);
    await this.command(actor, request, { room: room.id, seq }, this.about(actor, room));
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
    if (dice <= 83) return this.deleteMessage(actor, room);
    if (dice <= 85) return this.report(actor, room);
    if (dice <= 88) return this.ban(actor);
    if (dice <= 92) return this.unban();
    return this.markRead(actor, room);
  }
}
