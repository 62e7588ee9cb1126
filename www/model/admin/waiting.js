/* How many reports wait for us. The server counts anew whenever one comes or is handled, and tells the moderators of the place; at
 * the beginning of a connection, and to those who moderate some rooms only, it does not: then we look. */
import { Observable } from '../../lib/observable.js';

/** At most so many are looked at, which is what one answer can hold. */
export const REPORTS_MAX = 200;

export class WaitingReports extends Observable {
  count = 0;
  /** There are more than were counted. */
  isMore = false;
  #needs;
  #turn = 0;
  /** At the last look. */
  #could = false;

  /**
   * @param {object} needs
   * @param {(frame: import('../../lib/protocol.js').ClientFrame) => Promise<any>} needs.ask Connection.ask
   * @param {() => boolean} needs.mayHandle whether we may see any, as far as we know ourselves
   */
  constructor(needs) {
    super();
    this.#needs = needs;
  }

  /** For people; "": none. */
  get label() {
    return this.count ? `${this.count.toLocaleString()}${this.isMore ? '+' : ''}` : '';
  }

  /** @param {import('../../lib/protocol.js').ServerFrame} frame after the chat has taken it */
  receive(frame) {
    if (frame.type === 'reports_waiting') this.#tell(frame.waiting, false);
    else if (frame.type === 'welcome') this.look();
    else if ((frame.type === 'member' || frame.type === 'membership') && this.#needs.mayHandle() !== this.#could) this.look();
  }

  async look() {
    const turn = ++this.#turn;
    this.#could = this.#needs.mayHandle();
    if (!this.#could) return this.#tell(0, false);
    try {
      const { reports, more } = await this.#needs.ask({ type: 'reports', handled: false, limit: REPORTS_MAX });
      if (turn === this.#turn) this.#tell(reports.length, more === true);
    } catch {
      /* The old count stays until the next connection. */
    }
  }

  /** @param {number} count @param {boolean} isMore */
  #tell(count, isMore) {
    this.#turn++;
    if (count === this.count && isMore === this.isMore) return;
    this.count = count;
    this.isMore = isMore;
    this.changed();
  }
}
