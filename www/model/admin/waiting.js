/* The number of open reports: the server sends it when a connection starts, and whenever it changes. */
import { Observable } from '../../lib/observable.js';

export class WaitingReports extends Observable {
  count = 0;

  /** The reason for people; "": none. */
  get label() {
    return this.count ? this.count.toLocaleString() : '';
  }

  /** @param {import('../../lib/protocol.js').ServerFrame} frame */
  receive(frame) {
    if (frame.type === 'welcome') this.#tell(frame.reports_waiting ?? 0);
    else if (frame.type === 'reports_waiting') this.#tell(frame.waiting);
  }

  /** @param {number} count */
  #tell(count) {
    if (count === this.count) return;
    this.count = count;
    this.changed();
  }
}
