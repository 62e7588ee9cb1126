/* How many reports wait for us: the server says so when a connection begins, and whenever it is another number. */
import { Observable } from '../../lib/observable.js';

export class WaitingReports extends Observable {
  count = 0;

  /** For people; "": none. */
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
