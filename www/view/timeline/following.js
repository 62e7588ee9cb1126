/* Where the reader is in the list of messages. The list follows the newest as long as the reader is at its end;
 * otherwise what they read stays where it is. The models are told what has been seen, and to fetch more before either
 * end of the list is reached. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../context.js';
import { panel } from '../ui.js';
import { watch } from '../watch.js';
import { ScrolledDay } from './floating_day.jsx';
import { ScrollAnchor } from './scroll_anchor.js';

/** @typedef {import('../../model/room.js').Room} Room */

/**
 * @typedef {object} Following
 * @property {import('preact').RefObject<HTMLDivElement | null>} scroller
 * @property {import('preact').RefObject<HTMLDivElement | null>} list in the scroller: the rows
 * @property {ScrolledDay} scrolledDay
 * @property {boolean} nearLatest no button needs to lead to the latest
 * @property {import('./jumps.jsx').Side | null} farUnread where the unread begin, when they are out of reach
 * @property {(key: string) => HTMLElement | null | undefined} rowOf
 * @property {() => void} toFirstUnread
 * @property {() => void} toLatest
 * @property {() => void} holdStill a row is about to grow: it grows downwards, also at the end of the list
 */

/**
 * Called while the timeline is drawn, when the document is still as it was before.
 * @param {Room} room
 * @param {boolean} hasRows
 * @returns {Following}
 */
export function useFollowing(room, hasRows) {
  const { chat } = useApp();
  const { timeline, target } = room;
  /* On a narrow screen, the list of rooms or people can cover it. */
  const attended = watch(chat).attended && panel.value === null;
  const scroller = useRef(/** @type {HTMLDivElement | null} */ (null));
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  const anchor = useRef(/** @type {ScrollAnchor | null} */ (null));
  const [scrolledDay] = useState(() => new ScrolledDay());
  /** Where to scroll once there are rows: to the start position of an opened room, or to the "new" line.
   * @type {{ current: 'open' | 'line' | null }} */
  const placing = useRef('open');
  const [nearLatest, setNearLatest] = useState(true);
  const [farUnread, setFarUnread] = useState(/** @type {import('./jumps.jsx').Side | null} */ (null));

  /** The list follows new messages while the reader is at the end of the newest ones, or on the way to them. */
  function follow() {
    if (timeline.loading === 'page' || !anchor.current) return;
    const { atBottom } = anchor.current.position;
    timeline.following = atBottom && (timeline.live || timeline.chasing);
    timeline.chasing &&= atBottom;
  }

  /** Tells the models what is in view. */
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

  /**
   * Where the first unread message is, if the reader cannot just scroll down to it.
   * @returns {import('./jumps.jsx').Side | null}
   */
  function sideOfUnread() {
    if (!room.unread) return null;
    const next = timeline.nextToRead(room.readSeq);
    if (next === null && timeline.follows(room.readSeq)) return null;
    if (next === null) return room.readSeq < timeline.first ? 'above' : 'below';
    return anchor.current?.isAbove(next) ? 'above' : null;
  }

  if (anchor.current && !placing.current) {
    if (anchor.current.hasMoved) follow();
    anchor.current.pinned = timeline.following;
    /* While the page is hidden, the first missed message stays in view. */
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
    if (placing.current && hasRows && !timeline.loading) {
      if (target) anchor.current?.toSeq(target.seq);
      else if (placing.current === 'line') anchor.current?.toLine();
      else anchor.current?.toLineOrBottom();
      placing.current = null;
    } else anchor.current?.restore();
    look();
    if (!placing.current)
      room.divideMissed(); /* only now: what has come since the last drawing was not visible before */
  });

  useEffect(() => {
    anchor.current?.settle();
    look();
  }, [attended]);

  /* The reader has followed a link to a message of the open room. */
  const led = useRef(target);
  if (target && target !== led.current) placing.current = 'open';
  led.current = target;

  /* Leaving the room ends reading it. */
  useEffect(() => () => chat.reading.left(room), []);

  return {
    scroller,
    list,
    scrolledDay,
    nearLatest,
    farUnread,
    rowOf: (key) => anchor.current?.rowOf(key),
    toFirstUnread() {
      chat.guide.toFirstUnread(room);
      placing.current = 'line';
      room.become({ target: null });
    },
    toLatest() {
      chat.guide.toLatest(room);
      anchor.current?.toBottom();
      look();
    },
    holdStill() {
      if (anchor.current) anchor.current.pinned = timeline.following = false;
      anchor.current?.capture();
    },
  };
}
