/* A moment as the distance from now ("5 minutes ago", "in 3 days"), with the whole date on hover. */
import { fullTime, isoTime, relativeTime } from '../lib/time.js';
import { minute } from './ui.js';

/** @param {{ at: number }} props */
export function Ago({ at }) {
  void minute.value; /* drawn again as time goes by */
  return (
    <time dateTime={isoTime(at)} title={fullTime(at)}>
      {relativeTime(at, Date.now())}
    </time>
  );
}
