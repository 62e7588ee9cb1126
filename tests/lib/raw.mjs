/* A TCP connection that sends whatever bytes a test wants, and reads the server's frames strictly. */
import { randomBytes } from 'node:crypto';
import { connect as tcpConnect } from 'node:net';
import { parseFrame } from './shape.mjs';
import { within } from './wait.mjs';

export const OP = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/**
 * A frame's bytes. What is not given is as a well-behaved client would have it.
 * @param {number} opcode
 * @param {string | Buffer} payload
 * @param {object} [options]
 * @param {boolean} [options.fin]
 * @param {number} [options.rsv] three bits
 * @param {Buffer | null} [options.mask] null: not masked
 * @param {number | bigint} [options.length] announced instead of the true one
 * @param {7 | 16 | 64} [options.lengthBits] of the length field, instead of the fewest that do
 */
export function encodeFrame(opcode, payload, { fin = true, rsv = 0, mask = randomBytes(4), length, lengthBits } = {}) {
  const body = Buffer.from(payload);
  const announced = BigInt(length ?? body.length);
  const bits = lengthBits ?? (announced < 126n ? 7 : announced < 65536n ? 16 : 64);
  const head = Buffer.alloc({ 7: 2, 16: 4, 64: 10 }[bits]);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (mask ? 0x80 : 0) | { 7: Number(announced & 127n), 16: 126, 64: 127 }[bits];
  if (bits === 16) head.writeUInt16BE(Number(announced), 2);
  if (bits === 64) head.writeBigUInt64BE(announced, 2);
  if (!mask) return Buffer.concat([head, body]);
  return Buffer.concat([head, mask, body.map((byte, i) => byte ^ mask[i % 4])]);
}

/** A text frame with an object as JSON. */
export function jsonFrame(object) {
  return encodeFrame(OP.text, JSON.stringify(object));
}

/** The payload of a Close frame. */
export function closePayload(code, reason = '') {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return Buffer.concat([payload, Buffer.from(reason)]);
}

/**
 * The text of a handshake. `headers` change or (null) remove those that a browser would send.
 * @param {{ port: number }} server
 */
export function handshake(server, { method = 'GET', path = '/ws', version = 'HTTP/1.1', headers = {} } = {}) {
  const all = {
    Host: `127.0.0.1:${server.port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== null)
    .flatMap(([name, value]) => [value].flat().map((v) => `${name}: ${v}`));
  return [`${method} ${path} ${version}`, ...lines, '', ''].join('\r\n');
}

export class Raw {
  #socket;
  #buffer = Buffer.alloc(0);
  #ended = false;
  #look = () => {};

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (part) => {
      this.#buffer = Buffer.concat([this.#buffer, part]);
      this.#look();
    });
    const end = () => {
      this.#ended = true;
      this.#look();
    };
    this.ended = new Promise((resolve) => socket.on('end', resolve).on('close', resolve));
    socket.on('end', end).on('close', end).on('error', end);
  }

  get socket() {
    return this.#socket;
  }

  write(bytes) {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** One byte per packet, as far as the system lets us. */
  async writeByByte(bytes) {
    for (const byte of bytes) {
      if (this.#socket.destroyed) return;
      await new Promise((resolve) => this.#socket.write(Buffer.of(byte), resolve));
    }
  }

  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  destroy() {
    this.#socket.destroy();
  }

  /** What `parse` makes of the bytes so far: [value, bytes used], or null for "more". Null at the end of file. */
  #take(parse, what) {
    const value = new Promise((resolve, reject) => {
      this.#look = () => {
        try {
          const found = parse(this.#buffer);
          if (!found && !this.#ended) return;
          this.#look = () => {};
          if (found) this.#buffer = this.#buffer.subarray(found[1]);
          resolve(found ? found[0] : null);
        } catch (error) {
          reject(error);
        }
      };
      this.#look();
    });
    return within(value, what);
  }

  /** The head of an HTTP answer, or null. */
  head() {
    return this.#take((bytes) => {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return null;
      const [first, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
      const headers = new Headers(
        lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      );
      return [{ status: Number(first.split(' ')[1]), headers }, end + 4];
    }, 'the head of an HTTP answer');
  }

  /** That many bytes, or null. */
  bytes(n) {
    return this.#take((bytes) => (bytes.length >= n ? [bytes.subarray(0, n), n] : null), `${n} bytes`);
  }

  /** The next frame: { opcode, payload }, or null at the end of file. Throws when it breaks RFC 6455. */
  frame() {
    return this.#take((bytes) => {
      if (bytes.length < 2) return null;
      const [first, second] = bytes;
      if ((first & 0xf0) !== 0x80) throw new Error(`a frame with the first byte ${first.toString(16)}`);
      if (second & 0x80) throw new Error('the server masked a frame');
      const size = second < 126 ? 2 : second === 126 ? 4 : 10;
      if (bytes.length < size) return null;
      const length = size === 2 ? second : size === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
      if (bytes.length < size + length) return null;
      return [{ opcode: first & 15, payload: bytes.subarray(size, size + length) }, size + length];
    }, 'a frame');
  }

  /** The next text frame, parsed; pings before it are skipped. */
  async json() {
    for (;;) {
      const frame = await this.frame();
      if (!frame) throw new Error('the connection ended where a message was expected');
      if (frame.opcode === OP.close)
        throw new Error(`closed with ${frame.payload.readUInt16BE(0)} where a message was expected`);
      if (frame.opcode === OP.text) return parseFrame(frame.payload.toString());
    }
  }

  /** The next message with these fields; others before it are skipped. */
  async message(fields) {
    for (;;) {
      const message = await this.json();
      if (Object.entries(fields).every(([key, value]) => message[key] === value)) return message;
    }
  }

  /**
   * How it closed: the Close frame's code and reason, and the texts that came before it; null when there was none.
   * Waits for the end of file behind it.
   */
  async closing() {
    const texts = [];
    for (;;) {
      const frame = await this.frame();
      if (!frame) return null;
      const { opcode, payload } = frame;
      if (opcode === OP.text) texts.push(payload.toString());
      if (opcode !== OP.close) continue;
      if (await this.frame()) throw new Error('a frame came behind the Close frame');
      return { code: payload.length ? payload.readUInt16BE(0) : 1005, reason: payload.subarray(2).toString(), texts };
    }
  }
}

/** A TCP connection to the server. With `t`, it ends with the test. */
export async function rawConnect(server, t) {
  const socket = tcpConnect({ host: '127.0.0.1', port: server.port, noDelay: true });
  t?.after(() => socket.destroy());
  await within(
    new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject)),
    'a TCP connection',
  );
  return new Raw(socket);
}

/** A TCP connection that has been upgraded; `welcome` has been read. */
export async function rawUpgrade(server, t, options) {
  const raw = await rawConnect(server, t);
  raw.write(handshake(server, options));
  const head = await raw.head();
  if (head?.status !== 101) throw new Error(`the handshake was answered ${head?.status}`);
  raw.welcome = await raw.json();
  return raw;
}
