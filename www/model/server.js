/* The server that we talk to: what its place is called, what it allows, what its clock says, and whether it is still the one that this
 * page came from. */
import { roomLeft } from '../lib/frame_size.js';

const PROTOCOL = 1;
const LIMITS = { message_max_bytes: 16_384, history_on_join: 200, history_page: 200 };

export class Server {
  name = 'Hubbub';
  version = '';
  /** Which numbering its events are of. */
  epoch = '';
  limits = LIMITS;
  /** It is not the one that this page came from: 'updated' works on, 'incompatible' does not.
   * @type {'updated' | 'incompatible' | null} */
  outdated = null;
  /** How far its clock is ahead of ours. */
  ahead_ms = 0;

  /** @param {import('../lib/protocol.js').Welcome} frame @param {number} now */
  welcome({ protocol, server, epoch, limits }, now) {
    if (this.version && this.version !== server.version) this.outdated = 'updated';
    if (protocol !== PROTOCOL) this.outdated = 'incompatible';
    this.name = server.name;
    this.version = server.version;
    this.epoch = epoch;
    this.ahead_ms = server.now - now;
    this.limits = { ...LIMITS, ...limits };
  }

  /**
   * How many bytes longer a text may become.
   * @param {string} text
   * @returns {number} below zero when it is too long already
   */
  roomLeft(text) {
    return roomLeft(text, this.limits.message_max_bytes);
  }
}
