/* The messages of the open room. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { rowsOf } from '../model/rows.js';
import { dayLabel, dayOf } from '../lib/time.js';
import { plural } from '../lib/text.js';
import { may, whyNotWrite } from '../model/may.js';
import { useApp } from './context.js';
import { DownIcon } from './icons.jsx';
import { Message } from './message.jsx';
import { openMessageMenu } from './message_menu.jsx';
import { Notice, PeopleNotice } from './notice.jsx';
import { ScrollKeeper } from './scroll_keeper.js';
import { watch } from './watch.js';

/** @typedef {import('../model/room.js').Room} Room */
/** @typedef {import('../model/rows.js').Row} Row */

const QUOTE_MAX = 90;

/** The top of the list: what is above it. @param {{ room: Room }} props */
function Beginning({ room }) {
  const { chat } = useApp();
  const { timeline } = room;
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
  const { chat, today } = app;
  watch(today);
  watch(chat.persons);
  watch(chat.outbox);
  watch(room);
  const timeline = watch(room.timeline);
  const attended = watch(chat).attended;
  const scroller = useRef(/** @type {HTMLDivElement | null} */ (null));
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  const keeper = useRef(/** @type {ScrollKeeper | null} */ (null));
  const placed = useRef(false);
  const [atBottom, setAtBottom] = useState(true);
  const [focusKey, setFocusKey] = useState(/** @type {string | null} */ (null));
  /** What the reader has unfolded: lines of people, and messages of those whom they have blocked. */
  const [unfolded, setUnfolded] = useState(/** @type {ReadonlySet<number>} */ (new Set()));
  const { target } = room;

  const rows = rowsOf({
    events: timeline.events,
    pending: timeline.live ? chat.outbox.of(room.id) : [],
    dividerSeq: room.dividerSeq,
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

  /** Tells the models what the reader has before them. */
  function look() {
    const seen = keeper.current?.position;
    if (!seen || !placed.current) return;
    timeline.following = seen.atBottom && timeline.live;
    if (keeper.current) keeper.current.pinned = timeline.following;
    setAtBottom(timeline.following);
    chat.see(room, seen.seenSeq);
    if (timeline.loading || timeline.failed) return;
    if (seen.nearTop) chat.pager.older(room);
    if (seen.nearBottom) chat.pager.newer(room);
  }

  /* The document is still as it was before this drawing. */
  if (keeper.current && placed.current) {
    if (keeper.current.hasMoved) timeline.following = keeper.current.position.atBottom && timeline.live;
    keeper.current.pinned = timeline.following;
    keeper.current.capture();
  }

  useLayoutEffect(() => {
    if (!scroller.current || !list.current) return;
    const made = new ScrollKeeper(scroller.current, list.current, () => latestLook.current());
    keeper.current = made;
    return () => made.stop();
  }, []);

  const latestLook = useRef(look);
  latestLook.current = look;

  useLayoutEffect(() => {
    if (!placed.current && rows.length && !timeline.loading) {
      placed.current = true;
      if (target) keeper.current?.toSeq(target.seq);
      else keeper.current?.toRowOrBottom('new');
    } else keeper.current?.restore();
    look();
  });

  useEffect(look, [attended]);

  /* A link to a message of the room that is open. */
  const led = useRef(target);
  if (target && target !== led.current) placed.current = false;
  led.current = target;

  /* What is above counts as read only as long as one looks at it. */
  useEffect(() => () => chat.reading.left(room), []);

  function goToLatest() {
    timeline.following = true;
    if (timeline.live) {
      keeper.current?.toBottom();
      look();
    } else chat.pager.latest(room);
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
    else if (row?.kind === 'message' && row.seq !== null && row.gone === 'blocked' && !unfolded.has(row.seq)) toggle([row.seq]);
    else if (row?.kind === 'message' && row.seq !== null && (!row.gone || row.gone === 'blocked')) openMessageMenu(app, room, row, element);
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
    if (row) keeper.current?.rowOf(row.key)?.focus();
    else if (next >= focusable.length) focusComposer();
  }

  /** @param {number | null} seq */
  function quoteOf(seq) {
    if (seq === null) return null;
    const event = timeline.find(seq);
    const isShown = event?.type === 'message' && !event.deleted && !event.hidden && !chat.blocked.has(event.author.id);
    if (!isShown) return 'Reply to an earlier message';
    const text = event.body.replace(/\s+/g, ' ');
    return `Reply to ${chat.persons.nameOf(event.author)}: ${text.length > QUOTE_MAX ? `${text.slice(0, QUOTE_MAX)}…` : text}`;
  }

  /** @param {Row} row */
  function draw(row) {
    switch (row.kind) {
      case 'day':
        return (
          <div class="day" key={row.key} aria-live="off">
            <time dateTime={dayOf(row.at)}>{dayLabel(row.at, today.now)}</time>
          </div>
        );
      case 'new':
        return (
          <div class="new-line" key={row.key} data-key={row.key} aria-live="off">
            <span>New</span>
          </div>
        );
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
            tabbable={row.key === tabbable}
            repliesTo={quoteOf(row.replyTo)}
            isUnfolded={row.seq !== null && unfolded.has(row.seq)}
            isTarget={row.seq !== null && row.seq === target?.seq}
            onRetry={(id) => chat.outbox.retry(id)}
            onDiscard={(id) => chat.outbox.discard(id)}
            onUnfold={(seq) => toggle([seq])}
            onMenu={(of, anchor) => openMessageMenu(app, room, of, anchor)}
          />
        );
    }
  }

  const isEmpty = timeline.lastSeq === 0 && !rows.length;
  return (
    <div class="timeline">
      <div class="timeline__scroller" ref={scroller}>
        <div class="timeline__content">
          <Beginning room={room} />
          {!timeline.hasOlder && !isEmpty && timeline.loading !== 'page' && (
            <p class="timeline__start">
              This is where {room.kind === 'direct' && 'your conversation with '}
              <b dir="auto">{chat.titleOf(room)}</b> begins.
            </p>
          )}
          <div
            class="timeline__rows"
            ref={list}
            role="log"
            aria-label={`Messages in ${chat.titleOf(room)}`}
            aria-live="polite"
            aria-relevant="additions"
            onKeyDown={onKeyDown}
            onFocusCapture={(event) => {
              const row = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest('[data-key]'));
              setFocusKey(row?.dataset.key ?? null);
              if (row) makeTabbable(row);
            }}
          >
            {rows.map(draw)}
          </div>
          {timeline.loading === 'newer' && (
            <div class="timeline__more" aria-hidden="true">
              <span class="spinner" />
            </div>
          )}
        </div>
      </div>
      {isEmpty && (
        <div class="empty">
          <p>Nothing has been said here yet.</p>
          <div class="empty__actions">
            {!whyNotWrite(room, chat.me) && (
              <button type="button" class="button button--primary" onClick={focusComposer}>
                Write the first message
              </button>
            )}
            {room.kind !== 'direct' && may('create_invite', { me: chat.me }) && (
              <button type="button" class="button" onClick={() => app.router.go({ page: 'admin', tab: 'invitations' })}>
                Invite people
              </button>
            )}
          </div>
        </div>
      )}
      {!atBottom && (
        <button type="button" class={`pill ${room.unread ? 'pill--new' : ''}`} onClick={goToLatest}>
          <DownIcon />
          {room.unread ? plural(room.unread, 'new message') : 'Go to the latest'}
        </button>
      )}
    </div>
  );
}

/** At once: the next Tab may come before the rows are drawn again. @param {HTMLElement} row */
function makeTabbable(row) {
  for (const other of row.parentElement?.querySelectorAll(':scope > [tabindex="0"]') ?? []) /** @type {HTMLElement} */ (other).tabIndex = -1;
  row.tabIndex = 0;
}

export function focusComposer() {
  /** @type {HTMLElement | null} */ (document.querySelector('.composer__text'))?.focus();
}
