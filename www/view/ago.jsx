/* A relative time ("5 minutes ago", "in 3 days"), with the full date on hover. */
import { fullTime, isoTime, relativeTime } from '../lib/time.js';
import { minute } from './ui.js';

/** @param {{ at: number }} props */
export function Ago({ at }) {
  void minute.value; /* redraws as time passes */
  return (
    <time dateTime={isoTime(at)} title={fullTime(at)}>
      {relativeTime(at, Date.now())}
    </time>
  );
}
