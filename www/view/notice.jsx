/* Events that are not messages, a line each; joins and leaves share a line that unfolds. */
import { clockTime, fullTime, isoTime } from '../lib/time.js';
import { noticeOf, summaryOf } from '../model/notices.js';

/** @typedef {import('../model/notices.js').NameOf} NameOf */

/** @param {{ row: import('../model/rows.js').NoticeRow, nameOf: NameOf, tabbable: boolean }} props */
export function Notice({ row, nameOf, tabbable }) {
  const { event } = row;
  return (
    <div
      class="notice"
      data-key={row.key}
      data-seq={event.seq}
      tabIndex={tabbable ? 0 : -1}
      role="article"
      aria-live="off"
    >
      <span>
        <bdi class="notice__who">{nameOf(event.actor)}</bdi> {noticeOf(event, nameOf)}
      </span>
      <time class="notice__time" dateTime={isoTime(event.at)} title={fullTime(event.at)} />
    </div>
  );
}

/**
 * @param {object} props
 * @param {import('../model/rows.js').PeopleRow} props.row
 * @param {NameOf} props.nameOf
 * @param {boolean} props.tabbable
 * @param {boolean} props.isUnfolded
 * @param {() => void} props.onToggle
 */
export function PeopleNotice({ row, nameOf, tabbable, isUnfolded, onToggle }) {
  const { events, key, seq } = row;
  const summary = summaryOf(events, nameOf);
  return (
    <div
      class="notice"
      data-key={key}
      data-first={events[0].seq}
      data-seq={seq}
      tabIndex={tabbable ? 0 : -1}
      role="article"
      aria-live="off"
    >
      {events.length > 1 ? (
        <button type="button" class="notice__toggle" aria-expanded={isUnfolded} tabIndex={-1} onClick={onToggle}>
          <bdi dir="ltr">{summary}</bdi>
        </button>
      ) : (
        <span>{summary}</span>
      )}
      {isUnfolded && events.length > 1 && (
        <ul class="notice__events">
          {events.map((event) => (
            <li key={event.seq}>
              <bdi>{nameOf(event.actor)}</bdi> {noticeOf(event, nameOf)}{' '}
              <time class="notice__at" dateTime={isoTime(event.at)} title={fullTime(event.at)}>
                {clockTime(event.at)}
              </time>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
