/* The servers that are measured, each started the same way: `start({ rooms })` gives `{ pid, port, stop }`, and `chat(groups)` the
 * arguments with which chatload talks to it. */
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM, startServer } from '../../lib/server.mjs';
import { openFilesLimit } from './machine.mjs';
import { freePort, startListening } from './processes.mjs';
import { preparePeer } from './tools.mjs';

const SPARE_FILES = 100;
const NGINX_CONNECTIONS_MAX = 19_900;

/** Limits that a crowd behind one address must not run into. What makes a message durable stays as it is. */
export const HUBBUB_SETTINGS = {
  rate_messages_per_s: 0,
  rate_newcomers_per_min: 0,
  max_connections: 19_500,
  max_connections_per_address: 0,
};

const ROOM_IN_PATH = (groups) => ['--path', groups > 1 ? '/ws?room=%g' : '/ws?room=0'];

/** @param {number} groups 1 is the lobby; else the rooms r0, r1, ... */
function hubbubChat(groups) {
  const room = groups > 1 ? 'r%g' : 'lobby';
  return [
    '--path',
    '/ws',
    '--hello',
    `{"type":"join","id":"j%d","room":"${room}"}`,
    '--joined',
    '{"type":"ack","id":"j',
    '--send-template',
    `{"type":"send","id":"%m","room":"${room}","body":"%s"}`,
  ];
}

/** The program that is ours. Every start is on a new data directory; one with rooms is made once and copied. */
class Hubbub {
  name = 'hubbub';
  about = 'this program, every message on disk first';
  chat = hubbubChat;
  #directory;
  #settings;
  #starts = 0;
  #templates = new Map();

  constructor(directory, settings) {
    this.#directory = directory;
    this.#settings = { ...HUBBUB_SETTINGS, ...settings };
  }

  #newDirectory() {
    return join(this.#directory, `hubbub-${++this.#starts}`);
  }

  async #launch(dataDir) {
    mkdirSync(dataDir, { recursive: true });
    const server = await startServer({ dataDir, settings: this.#settings, port: await freePort() });
    return server;
  }

  async #template(rooms) {
    const known = this.#templates.get(rooms);
    if (known) return known;
    const dataDir = this.#newDirectory();
    const server = await this.#launch(dataDir);
    try {
      for (let i = 0; i < rooms; i++) {
        const { code, stderr } = await server.command('room', 'add', `r${i}`);
        if (code !== 0) throw new Error(`room add ended with ${code}: ${stderr}`);
      }
    } finally {
      await server.stop();
    }
    this.#templates.set(rooms, dataDir);
    return dataDir;
  }

  /** The server object of tests/lib/server.mjs, which can do more than the peers': restart, metrics. `prepare` gets the database
   *  file of a place with an owner, before the start. */
  async start({ rooms = 0, prepare = null } = {}) {
    const dataDir = this.#newDirectory();
    if (rooms) cpSync(await this.#template(rooms), dataDir, { recursive: true });
    if (prepare) {
      await (await this.#launch(dataDir)).stop();
      await prepare(join(dataDir, 'hubbub.db'));
    }
    return this.#launch(dataDir);
  }
}

function peer(name, about, start) {
  return { name, about, chat: ROOM_IN_PATH, start };
}

function startNchan({ nginx, module, template }, prefix, port) {
  const files = Math.min(openFilesLimit(), 1 << 20);
  const values = {
    MODULE: module,
    PREFIX: prefix,
    PORT: port,
    FILES: files,
    CONNECTIONS: Math.min(files - SPARE_FILES, NGINX_CONNECTIONS_MAX),
  };
  mkdirSync(prefix, { recursive: true });
  writeFileSync(
    join(prefix, 'nginx.conf'),
    template.replace(/@([A-Z]+)@/g, (_, key) => values[key]),
  );
  return startListening(nginx, ['-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', join(prefix, 'error.log')], port);
}

const PEERS = [
  [
    'c-hub',
    'the bound: one bare epoll thread in C',
    (hub) => async () => {
      const port = await freePort();
      return startListening(hub, ['127.0.0.1', String(port)], port);
    },
  ],
  [
    'nchan',
    'nginx with nchan',
    (found, directory) => async () => startNchan(found, join(directory, 'nchan'), await freePort()),
  ],
  [
    'seed-hub',
    'the hub of Go tutorials, gorilla/websocket',
    (hub) => async () => {
      const port = await freePort();
      return startListening(hub, [`127.0.0.1:${port}`], port);
    },
  ],
  [
    'node-ws',
    'node with the package ws',
    (script) => async () => {
      const port = await freePort();
      return startListening(process.execPath, [script, '127.0.0.1', String(port)], port);
    },
  ],
];

export const SERVER_NAMES = [...PEERS.map(([name]) => name), 'hubbub'];

/**
 * @param {{ directory: string, wanted: string[], settings: Record<string, string> }} options
 * @returns {Promise<{ servers: object[], missing: { name: string, why: string }[] }>} missing: peers that cannot run here
 */
export async function prepareServers({ directory, wanted, settings }) {
  const servers = [];
  const missing = [];
  for (const [name, about, make] of PEERS.filter(([name]) => wanted.includes(name))) {
    try {
      servers.push(peer(name, about, make(await preparePeer[name](), directory)));
    } catch (error) {
      missing.push({ name, why: error.message });
    }
  }
  if (wanted.includes('hubbub')) {
    if (!existsSync(PROGRAM))
      throw new Error(`${PROGRAM} is missing: ./dev build makes it, or HUBBUB=PATH names another`);
    servers.push(new Hubbub(directory, settings));
  }
  return { servers, missing };
}
