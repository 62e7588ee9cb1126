/* The messages of the open room: its rows (rows.jsx), its keys (row_keys.js), and where the reader is in it
 * (following.js). */
import { useState } from 'preact/hooks';
import { said } from '../../lib/said.js';
import { useApp } from '../context.js';
import { openMessageMenu } from '../message_menu.jsx';
import { FirstSteps } from '../rooms/first_steps.jsx';
import { watch } from '../watch.js';
import { Beginning, MoreComing, RoomStart, UNLOADED } from './edges.jsx';
import { FloatingDay } from './floating_day.jsx';
import { useFollowing } from './following.js';
import { LatestPill, UnreadBar } from './jumps.jsx';
import { focusComposer, useRowKeys } from './row_keys.js';
import { Rows, timelineRows } from './rows.jsx';

/** @typedef {import('../../model/room.js').Room} Room */
/** @typedef {import('../../model/rows.js').Row} Row */

/** The events that the reader has unfolded: joins and leaves, and messages of blocked users. */
function useUnfolded() {
  const [unfolded, setUnfolded] = useState(/** @type {ReadonlySet<number>} */ (new Set()));
  return {
    unfolded,
    /** Unfolds, or folds again. @param {number[]} seqs */
    toggle: (seqs) =>
      setUnfolded((before) => {
        const rest = [...before].filter((seq) => !seqs.includes(seq));
        return new Set(rest.length < before.size ? rest : [...before, ...seqs]);
      }),
  };
}

/** @param {{ room: Room }} props drawn with the room's id as key */
export function Timeline({ room }) {
  const app = useApp();
  const { chat, dayClock } = app;
  useState(() => chat.guide.shown(room)); /* before it is drawn for the first time */
  watch(dayClock);
  watch(chat.persons);
  watch(chat.outbox);
  watch(room);
  const { state: connected } = watch(app.connection);
  const timeline = watch(room.timeline);
  const { unfolded, toggle } = useUnfolded();
  const rows = timelineRows(chat, room);
  const following = useFollowing(room, rows.length > 0);
  const { tabbable, listeners } = useRowKeys({ rows, rowOf: following.rowOf, onAct: act });

  /**
   * Enter on a row: unfolds it or opens its menu. Tab skips the buttons in a row, so that a row is one stop.
   * @param {Row} row
   * @param {HTMLElement} element
   * @returns {boolean} whether there is anything to do
   */
  function act(row, element) {
    if (row.kind === 'people') toggle(row.events.map(({ seq }) => seq));
    else if (row.kind !== 'message' || row.seq === null) return false;
    else if (row.gone === 'blocked' && !unfolded.has(row.seq)) toggle([row.seq]);
    else if (!row.gone || row.gone === 'blocked') openMessageMenu(app, room, row, element);
    else return false;
    return true;
  }

  const isKnown = room.wasJoined || timeline.lastSeq > 0;
  const isUnloaded = connected !== 'open' && !timeline.events.length && (!room.wasJoined || timeline.lastSeq > 0);
  const isEmpty = timeline.lastSeq === 0 && !rows.length;
  /* People have joined, but nobody has written. */
  const isFresh =
    !isEmpty &&
    timeline.live &&
    !timeline.hasOlder &&
    !timeline.loading &&
    !rows.some(({ kind }) => kind === 'message');
  const beginsHere = !timeline.hasOlder && !isEmpty && isKnown && timeline.loading !== 'page';
  return (
    <div class="timeline">
      <div class="timeline__scroller" ref={following.scroller}>
        <div class="timeline__content">
          <Beginning room={room} isUnloaded={isUnloaded && rows.length > 0} />
          {beginsHere && <RoomStart room={room} />}
          <div
            class="timeline__rows"
            ref={following.list}
            role="log"
            aria-label={said`Messages in ${chat.titleOf(room)}`}
            aria-live="polite"
            aria-relevant="additions"
            {...listeners}
          >
            <Rows
              room={room}
              rows={rows}
              tabbable={tabbable}
              unfolded={unfolded}
              onToggle={toggle}
              onGrow={following.holdStill}
            />
          </div>
          {isFresh && <FirstSteps room={room} onWrite={focusComposer} />}
          {timeline.loading === 'newer' && <MoreComing />}
        </div>
      </div>
      {isUnloaded && !rows.length && (
        <div class="empty">
          <p role="status">{UNLOADED}</p>
        </div>
      )}
      {isEmpty && isKnown && (
        <div class="empty">
          <p>No messages yet</p>
          <FirstSteps room={room} onWrite={focusComposer} />
        </div>
      )}
      {following.farUnread && <UnreadBar room={room} side={following.farUnread} onJump={following.toFirstUnread} />}
      <FloatingDay of={following.scrolledDay} />
      {!following.nearLatest && (
        <LatestPill unread={following.farUnread ? 0 : room.unread} onJump={following.toLatest} />
      )}
    </div>
  );
}
