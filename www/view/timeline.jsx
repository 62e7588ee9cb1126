/* The messages of the open room. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { rowsOf } from '../model/rows.js';
import { said } from '../lib/said.js';
import { dayLabel, dayOf } from '../lib/time.js';
import { useApp } from './context.js';
import { FloatingDay, ScrolledDay } from './floating_day.jsx';
import { LatestPill, NewLine, UnreadBar } from './jumps.jsx';
import { Message } from './message.jsx';
import { openMessageMenu } from './message_menu.jsx';
import { Notice, PeopleNotice } from './notice.jsx';
import { FirstSteps } from './rooms/first_steps.jsx';
import { ScrollAnchor } from './scroll_anchor.js';
import { panel } from './ui.js';
import { watch } from './watch.js';

/** @typedef {import('../model/room.js').Room} Room */
/** @typedef {import('../model/rows.js').Row} Row */

const QUOTE_MAX = 90;

const UNLOADED = 'This room can’t be loaded until you’re connected again.';

/** The top of the list: what is above it. @param {{ room: Room, isUnloaded: boolean }} props */
function Beginning({ room, isUnloaded }) {
  const { chat } = useApp();
  const { timeline } = room;
  if (isUnloaded) return <p class="timeline__start">{UNLOADED}</p>;
  if (timeline.failed) {
    return (
      <div class="timeline__more">
        <button type="button" class="button button--small" onClick={() => chat.pager.retry(room)}>
          Load older messages
        </button>
      </div>
    );
  }
  if (timeline.hasOlder || timeline.loading === 'page') {
    return (
      <div class="timeline__more" aria-hidden="true">
        <span class="spinner" />
      </div>
    );
  }
  return null;
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
  /* On a narrow screen the list of rooms or people may lie over it. */
  const attended = watch(chat).attended && panel.value === null;
  const scroller = useRef(/** @type {HTMLDivElement | null} */ (null));
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  const anchor = useRef(/** @type {ScrollAnchor | null} */ (null));
  const [scrolledDay] = useState(() => new ScrolledDay());
  /** Where the reader is to be put once there are rows: where an opened room begins, or at the "new" line.
   * @type {{ current: 'open' | 'line' | null }} */
  const placing = useRef('open');
  const [nearLatest, setNearLatest] = useState(true);
  const [farUnread, setFarUnread] = useState(/** @type {import('./jumps.jsx').Side | null} */ (null));
  const [focusKey, setFocusKey] = useState(/** @type {string | null} */ (null));
  /** What the reader has unfolded: lines of people, and messages of those whom they have blocked. */
  const [unfolded, setUnfolded] = useState(/** @type {ReadonlySet<number>} */ (new Set()));
  const { target } = room;

  const rows = rowsOf({
    events: timeline.events,
    pending: timeline.live ? chat.outbox.of(room.id) : [],
    ahead_ms: chat.server.ahead_ms,
    dividerSeq: room.dividerSeq,
    hasOlder: timeline.hasOlder,
    me: chat.me,
    nameOf: chat.persons.nameOf,
    dayOf,
    hasArrived: (event) => timeline.hasArrived(event),
    goneOf: ({ author, deleted, hidden }) => {
      if (deleted) return 'deleted';
      if (hidden || chat.persons.of(author).hidden) return 'hidden';
      return chat.blocked.has(author.id) ? 'blocked' : null;
    },
    isMention: room.isMention,
  });
  const focusable = rows.filter(({ kind }) => kind === 'message' || kind === 'notice' || kind === 'people');
  const tabbable = focusable.find((row) => row.key === focusKey)?.key ?? focusable[focusable.length - 1]?.key;

  /** The reader stays at the end. On the way to the newest, the end of what is here is not the end. */
  function follow() {
    if (timeline.loading === 'page' || !anchor.current) return;
    const { atBottom } = anchor.current.position;
    timeline.following = atBottom && (timeline.live || timeline.chasing);
    timeline.chasing &&= atBottom;
  }

  /** Tells the models what the reader has before them. */
  function look() {
    const seen = anchor.current?.position;
    if (!anchor.current || !seen || placing.current) return;
    follow();
    anchor.current.pinned = timeline.following;
    if (attended && seen.inView) chat.see(room, seen.inView.first, seen.inView.last);
    setNearLatest(timeline.following || (seen.nearLatest && timeline.live));
    setFarUnread(sideOfUnread());
    if (timeline.loading || timeline.failed) return;
    if (seen.nearTop) chat.pager.older(room);
    if (seen.nearBottom) chat.pager.newer(room);
  }

  /** Where the unread begin, when one cannot simply scroll down to it. @returns {import('./jumps.jsx').Side | null} */
  function sideOfUnread() {
    if (!room.unread) return null;
    const next = timeline.nextToRead(room.readSeq);
    if (next === null && timeline.follows(room.readSeq)) return null;
    if (next === null) return room.readSeq < timeline.first ? 'above' : 'below';
    return anchor.current?.isAbove(next) ? 'above' : null;
  }

  /* The document is still as it was before this drawing. */
  if (anchor.current && !placing.current) {
    if (anchor.current.hasMoved) follow();
    anchor.current.pinned = timeline.following;
    /* While the page is hidden, the first message that is missed stays in view. */
    anchor.current.waits = document.hidden && room.unread > 0 && room.dividerSeq === room.readSeq;
    anchor.current.capture();
  }

  useLayoutEffect(() => {
    if (!scroller.current || !list.current) return;
    const made = new ScrollAnchor(scroller.current, list.current, (isReader) => {
      if (isReader) scrolledDay.show(made.dayAbove);
      latestLook.current();
    });
    anchor.current = made;
    return () => {
      made.stop();
      scrolledDay.rest();
    };
  }, []);

  const latestLook = useRef(look);
  latestLook.current = look;

  useLayoutEffect(() => {
    if (placing.current && rows.length && !timeline.loading) {
      if (target) anchor.current?.toSeq(target.seq);
      else if (placing.current === 'line') anchor.current?.toLine();
      else anchor.current?.toLineOrBottom();
      placing.current = null;
    } else anchor.current?.restore();
    look();
    if (!placing.current)
      room.divideMissed(); /* only now: what has come since the last drawing was not to be seen before */
  });

  useEffect(() => {
    anchor.current?.settle();
    look();
  }, [attended]);

  /* A link to a message of the room that is open. */
  const led = useRef(target);
  if (target && target !== led.current) placing.current = 'open';
  led.current = target;

  /* What is above counts as read only as long as one looks at it. */
  useEffect(() => () => chat.reading.left(room), []);

  function goToFirstUnread() {
    chat.guide.toFirstUnread(room);
    placing.current = 'line';
    room.become({ target: null });
  }

  function goToLatest() {
    chat.guide.toLatest(room);
    anchor.current?.toBottom();
    look();
  }

  /** Unfolds, or folds again. @param {number[]} seqs */
  function toggle(seqs) {
    const rest = [...unfolded].filter((seq) => !seqs.includes(seq));
    setUnfolded(new Set(rest.length < unfolded.size ? rest : [...unfolded, ...seqs]));
  }

  /**
   * Enter on a row: what can be done with it. Its buttons are for the pointer: Tab leads past them, so that a row is one stop.
   * @param {Row | undefined} row
   * @param {HTMLElement} element
   * @returns {boolean} whether there is anything to do
   */
  function act(row, element) {
    if (row?.kind === 'people') toggle(row.events.map(({ seq }) => seq));
    else if (row?.kind === 'message' && row.seq !== null && row.gone === 'blocked' && !unfolded.has(row.seq))
      toggle([row.seq]);
    else if (row?.kind === 'message' && row.seq !== null && (!row.gone || row.gone === 'blocked'))
      openMessageMenu(app, room, row, element);
    else return false;
    return true;
  }

  /** Arrow keys go from message to message. @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.dataset.key === undefined) return;
    const index = focusable.findIndex((row) => row.key === target.dataset.key);
    if (event.key === 'Enter' && act(focusable[index], target)) return event.preventDefault();
    const next = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: focusable.length - 1 }[event.key];
    if (next === undefined || index < 0) return;
    event.preventDefault();
    const row = focusable[next];
    if (row) anchor.current?.rowOf(row.key)?.focus();
    else if (next >= focusable.length) focusComposer();
  }

  /** @param {number | null} seq */
  function quoteOf(seq) {
    if (seq === null) return null;
    const event = timeline.find(seq);
    const isShown = event?.type === 'message' && !event.deleted && !event.hidden && !chat.blocked.has(event.author.id);
    if (!isShown) return 'Reply to an earlier message';
    const text = event.body.replace(/\s+/g, ' ').replace(/[\u2066-\u2069]/g, '');
    return said`Reply to ${chat.persons.nameOf(event.author)}: ${text.length > QUOTE_MAX ? `${text.slice(0, QUOTE_MAX)}…` : text}`;
  }

  /** @param {Row} row */
  function draw(row) {
    switch (row.kind) {
      case 'day':
        return (
          <div class="day" key={row.key} aria-live="off">
            <time dateTime={dayOf(row.at)}>{dayLabel(row.at, dayClock.now)}</time>
          </div>
        );
      case 'new':
        return <NewLine key={row.key} room={room} />;
      case 'notice':
        return <Notice key={row.key} row={row} nameOf={chat.persons.nameOf} tabbable={row.key === tabbable} />;
      case 'people':
        return (
          <PeopleNotice
            key={row.key}
            row={row}
            nameOf={chat.persons.nameOf}
            tabbable={row.key === tabbable}
            isUnfolded={row.events.some(({ seq }) => unfolded.has(seq))}
            onToggle={() => toggle(row.events.map(({ seq }) => seq))}
          />
        );
      default:
        return (
          <Message
            key={row.key}
            row={row}
            myName={chat.me?.name ?? ''}
            persons={chat.persons}
            people={chat.persons.namedIn(row.body)}
            tabbable={row.key === tabbable}
            repliesTo={quoteOf(row.replyTo)}
            isUnfolded={row.seq !== null && unfolded.has(row.seq)}
            isTarget={row.seq !== null && row.seq === target?.seq}
            onRetry={(id) => chat.outbox.retry(id)}
            onDiscard={(id) => chat.outbox.discard(id)}
            onUnfold={(seq) => toggle([seq])}
            onGrow={() => {
              /* What is read stays where it is, also at the bottom. */
              if (anchor.current) anchor.current.pinned = timeline.following = false;
              anchor.current?.capture();
            }}
            onMenu={(of, anchor) => openMessageMenu(app, room, of, anchor)}
          />
        );
    }
  }

  const isKnown = room.wasJoined || timeline.lastSeq > 0;
  const isUnloaded = connected !== 'open' && !timeline.events.length && (!room.wasJoined || timeline.lastSeq > 0);
  const isEmpty = timeline.lastSeq === 0 && !rows.length;
  /* People have come, but nobody has written. */
  const isFresh =
    !isEmpty &&
    timeline.live &&
    !timeline.hasOlder &&
    !timeline.loading &&
    !rows.some(({ kind }) => kind === 'message');
  return (
    <div class="timeline">
      <div class="timeline__scroller" ref={scroller}>
        <div class="timeline__content">
          <Beginning room={room} isUnloaded={isUnloaded && rows.length > 0} />
          {!timeline.hasOlder && !isEmpty && isKnown && timeline.loading !== 'page' && (
            <p class="timeline__start">
              This is where {room.kind === 'direct' && 'your conversation with '}
              <b dir="auto">{chat.titleOf(room)}</b> begins.
            </p>
          )}
          <div
            class="timeline__rows"
            ref={list}
            role="log"
            aria-label={said`Messages in ${chat.titleOf(room)}`}
            aria-live="polite"
            aria-relevant="additions"
            onKeyDown={onKeyDown}
            onFocusCapture={(event) => {
              const row = /** @type {HTMLElement | null} */ (
                /** @type {HTMLElement} */ (event.target).closest('[data-key]')
              );
              setFocusKey(row?.dataset.key ?? null);
              if (row) makeTabbable(row);
            }}
          >
            {rows.map(draw)}
          </div>
          {isFresh && <FirstSteps room={room} onWrite={focusComposer} />}
          {timeline.loading === 'newer' && (
            <div class="timeline__more" aria-hidden="true">
              <span class="spinner" />
            </div>
          )}
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
      {farUnread && <UnreadBar room={room} side={farUnread} onJump={goToFirstUnread} />}
      <FloatingDay of={scrolledDay} />
      {!nearLatest && <LatestPill unread={farUnread ? 0 : room.unread} onJump={goToLatest} />}
    </div>
  );
}

/** At once: the next Tab may come before the rows are drawn again. @param {HTMLElement} row */
function makeTabbable(row) {
  for (const other of row.parentElement?.querySelectorAll(':scope > [tabindex="0"]') ?? [])
    /** @type {HTMLElement} */ (other).tabIndex = -1;
  row.tabIndex = 0;
}

export function focusComposer() {
  /** @type {HTMLElement | null} */ (document.querySelector('.composer__text'))?.focus();
}
