/* A room in the sidebar: its unread count, its menu, and dragging it. */
import { isRoom, roomRoute } from '../lib/route.js';
import { plural } from '../lib/text.js';
import { useApp } from './context.js';
import { BellOffIcon, MoreIcon } from './icons.jsx';
import { Link } from './link.jsx';
import { RequestsBadge } from './people/requests_badge.jsx';
import { opensMenu } from './pop_up.jsx';
import { RoomIcon, RoomKindWords } from './room_icon.jsx';
import { moveRoom, openRoomMenu } from './room_menu.jsx';
import { minute } from './ui.js';
import { watch } from './watch.js';

/** @typedef {import('../model/room.js').Room} Room */

/** The room that is being dragged, and its section. @type {{ room: Room, key: string } | null} */
let dragged = null;

/** @param {{ room: Room, section: import('../model/sidebar.js').SidebarSection }} props */
export function RoomLink({ room, section }) {
  const app = useApp();
  const { chat, router } = app;
  watch(room);
  void minute.value; /* a pause can end by itself */
  const isCurrent = room === chat.current && isRoom(router.route.value);
  const isMuted = room.isMuted(Date.now());
  const isUnread = !room.archived && room.unread > 0 && !isMuted;
  const canMenu = room.membership !== null;
  const canDrag = canMenu && section.kind !== 'direct' && section.kind !== 'archived';
  /** @param {HTMLElement} anchor @param {{ x: number, y: number }} [at] */
  const openMenu = (anchor, at) => openRoomMenu(app, room, anchor, section, at);

  /** @param {KeyboardEvent & { currentTarget: HTMLElement }} event */
  function onKeyDown(event) {
    const by = (event.ctrlKey || event.metaKey) && event.shiftKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : 0;
    const from = section.rooms.indexOf(room);
    if (!by || !canDrag || !section.rooms[from + by]) return;
    event.preventDefault();
    event.stopPropagation();
    moveRoom(app, section, from, from + by);
  }

  /** @param {DragEvent & { currentTarget: HTMLElement }} event */
  function onDragOver(event) {
    if (!dragged || dragged.key !== section.key || dragged.room === room) return;
    event.preventDefault();
    event.currentTarget.dataset.drop = isBelow(section.rooms, dragged.room, room) ? 'after' : 'before';
  }

  /** @param {DragEvent & { currentTarget: HTMLElement }} event */
  function onDrop(event) {
    delete event.currentTarget.dataset.drop;
    if (!dragged || dragged.key !== section.key) return;
    event.preventDefault();
    const from = section.rooms.indexOf(dragged.room);
    const to = section.rooms.indexOf(room);
    if (from >= 0 && from !== to) moveRoom(app, section, from, to);
  }

  const kinds = [isUnread && 'unread', isMuted && 'muted', room.archived && 'archived']
    .filter(Boolean)
    .map((kind) => `room-link--${kind}`);
  return (
    <li
      class="room-item"
      draggable={canDrag}
      onDragStart={(event) => {
        dragged = { room, key: section.key };
        if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
      }}
      onDragEnd={() => (dragged = null)}
      onDragOver={onDragOver}
      onDragLeave={(event) => delete event.currentTarget.dataset.drop}
      onDrop={onDrop}
      onKeyDown={onKeyDown}
      {...(canMenu
        ? opensMenu((anchor, at) => openMenu(/** @type {HTMLElement} */ (anchor.querySelector('a')), at))
        : {})}
    >
      <Link to={roomRoute(room)} class={`room-link ${kinds.join(' ')}`} current={isCurrent}>
        <RoomIcon room={room} />
        <bdi class="room-link__name">{chat.titleOf(room)}</bdi>
        <RoomKindWords room={room} />
        {isMuted && (
          <>
            <BellOffIcon />
            <span class="visually-hidden">, muted</span>
          </>
        )}
        <RequestsBadge count={room.requests} />
        <Counts room={room} isUnread={isUnread} />
      </Link>
      {canMenu && (
        <button
          type="button"
          class="icon-button room-item__menu"
          aria-haspopup="menu"
          onClick={({ currentTarget }) => openMenu(currentTarget)}
        >
          <MoreIcon />
          <span class="visually-hidden">Actions for {chat.titleOf(room)}</span>
        </button>
      )}
    </li>
  );
}

/**
 * How many messages are unread, and how many of them mention the reader.
 * @param {{ room: Room, isUnread: boolean }} props
 */
function Counts({ room, isUnread }) {
  const { unread, mentions, archived } = room;
  if (archived) return null;
  /* In a direct conversation every message is for the reader. */
  const calls = room.kind === 'direct' && isUnread ? unread : mentions;
  if (calls > 0) {
    return (
      <span class="room-link__count room-link__count--calls">
        <span aria-hidden="true">{room.kind === 'direct' ? most(unread) : `@${most(mentions)}`}</span>
        <span class="visually-hidden">
          , {unread} unread{mentions > 0 && `, ${plural(mentions, 'mention')} of you`}
        </span>
      </span>
    );
  }
  if (!isUnread) return null;
  return (
    <span class="room-link__count">
      {most(unread)}
      <span class="visually-hidden"> unread</span>
    </span>
  );
}

/** @param {number} count */
const most = (count) => (count > 99 ? '99+' : String(count));

/** @param {Room[]} rooms @param {Room} one @param {Room} other whether `other` stands below */
const isBelow = (rooms, one, other) => rooms.indexOf(other) > rooms.indexOf(one);
