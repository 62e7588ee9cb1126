/* Facts about the server: the name of the workspace, its limits, its clock, and whether its version is still the one of
 * this page. */
import { roomLeft } from '../lib/frame_size.js';

const PROTOCOL = 1;
const LIMITS = { message_max_bytes: 16_384, history_on_join: 200, history_page: 200 };

export class Server {
  name = 'Hubbub';
  version = '';
  /** The numbering that its events belong to. */
  epoch = '';
  limits = LIMITS;
  /** Another version than this page: with 'updated' the page still works, with 'incompatible' it does not.
   * @type {'updated' | 'incompatible' | null} */
  outdated = null;
  /** How far its clock is ahead of ours, in ms. */
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
