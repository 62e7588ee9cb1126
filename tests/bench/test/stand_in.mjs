#!/usr/bin/env node
/* A stand-in for Hubbub that the tests of the measuring tools run against: it speaks as much of the command line and of the
 * protocol as those use, and makes mistakes on demand, so that one can see whether they are noticed.
 *
 *     stand_in.mjs --config FILE --set listening_ports=127.0.0.1:PORT --set data_dir=DIR [--set fault=NAME]
 *                  [setup --owner NAME | room add NAME] */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';

const FAULT_EVERY = 40; // deliveries
const RING = 200;
const ROOM_ID = new Map();

const settings = {};
const words = [];
for (let args = process.argv.slice(2); args.length;) {
  const word = args.shift();
  if (word === '--config') args.shift();
  else if (word === '--set') {
    const [, name, value] = args.shift().match(/^([^=]+)=(.*)$/);
    settings[name] = value;
  } else words.push(word);
}
mkdirSync(settings.data_dir, { recursive: true });
const roomsFile = join(settings.data_dir, 'rooms');
const eventsFile = join(settings.data_dir, 'events');

if (words.length) {
  if (words[0] === 'setup')
    writeFileSync(join(settings.data_dir, 'hubbub.db'), ''); // the sign that there is an owner
  else appendFileSync(roomsFile, `${words[2]}\n`);
  process.exit(0);
}

function linesOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

const rooms = new Map(['lobby', ...linesOf(roomsFile)].map((name) => [name, { name, events: [], members: new Set() }]));
const roomOf = (name) => {
  if (!rooms.has(name) && linesOf(roomsFile).includes(name)) rooms.set(name, { name, events: [], members: new Set() });
  return rooms.get(name);
};
for (const line of linesOf(eventsFile)) {
  const [name, text] = JSON.parse(line);
  roomOf(name).events.push(text);
}

let deliveries = 0;

function deliver(room, member, text) {
  const fault = ++deliveries % FAULT_EVERY === 0 ? settings.fault : null;
  if (fault === 'lose') return;
  if (fault === 'cut') member.terminate();
  if (fault === 'double') member.send(text);
  if (fault === 'misroute')
    for (const other of rooms.values()) if (other !== room) for (const stranger of other.members) stranger.send(text);
  member.send(text);
}

function isIn(client) {
  return [...rooms.values()].some(({ members }) => members.has(client));
}

/** Who has opened nothing hears only that something was said. */
function tellOutside(client, room, text) {
  if (settings.fault === 'stray' && ++deliveries % FAULT_EVERY === 0) client.send(text);
  client.send(
    JSON.stringify({ type: 'activity', room: idOf(room.name), last_seq: room.events.length, unread: 1, mentions: 0 }),
  );
}

function idOf(name) {
  if (!ROOM_ID.has(name)) ROOM_ID.set(name, ROOM_ID.size + 1);
  return ROOM_ID.get(name);
}

const verbs = {
  join(client, room, { id, after }) {
    client.send(JSON.stringify({ type: 'ack', id, room: idOf(room.name), last_seq: room.events.length }));
    for (const text of room.events.slice(after ?? -RING)) deliver(room, client, text);
    room.members.add(client);
    client.once('close', () => room.members.delete(client));
  },
  send(client, room, { id, body }) {
    const seq = room.events.length + 1;
    const author = { id: 1, name: 'Anna' };
    const text = JSON.stringify({ type: 'message', room: idOf(room.name), seq, author, body, at: Date.now(), id });
    appendFileSync(eventsFile, `${JSON.stringify([room.name, text])}\n`);
    room.events.push(text);
    client.send(JSON.stringify({ type: 'ack', id, room: idOf(room.name), seq, at: Date.now() }));
    for (const member of room.members) deliver(room, member, text);
    for (const other of server.clients) if (!isIn(other)) tellOutside(other, room, text);
  },
  history(client, room, { id, before, limit }) {
    const last = before - 1 + (settings.fault === 'wrong_page' ? -1 : 0);
    const events = room.events.slice(Math.max(0, last - limit), Math.max(0, last));
    client.send(
      `{"type":"history","id":${JSON.stringify(id)},"room":${idOf(room.name)},"events":[${events.join(',')}],"more":true}`,
    );
  },
};

const [host, port] = settings.listening_ports.split(':');
const server = new WebSocketServer({ host, port: Number(port), path: '/ws', perMessageDeflate: false, backlog: 4096 });
server.on('connection', (client, { url }) => {
  appendFileSync(join(settings.data_dir, 'paths'), `${url}\n`);
  const listed = [...rooms.values()].map(({ name, events }) => ({
    id: idOf(name),
    name,
    kind: 'open',
    last_seq: events.length,
  }));
  const half = Math.ceil(listed.length / 2);
  const first = listed.slice(settings.fault === 'short_welcome' ? 1 : 0, half);
  client.send(JSON.stringify({ type: 'welcome', protocol: 1, rooms: first, more: true }));
  client.send(JSON.stringify({ type: 'welcome_rooms', rooms: listed.slice(half), more: false }));
  client.on('message', (data) => {
    const request = JSON.parse(data);
    verbs[request.type](client, roomOf(request.room), request);
  });
  client.on('error', () => {});
});
server.on('listening', () => console.error(`level=info event=ready address=${host}:${server.address().port}`));
process.on('SIGTERM', () => {
  for (const client of server.clients) client.close(1012, 'restart');
  setTimeout(() => process.exit(0), 100);
});
