/* The menus of a room: in the sidebar and in its header. */
import { PAUSE_CHOICES, untilOf, untilWords } from '../lib/durations.js';
import { HOME } from '../lib/route.js';
import { said } from '../lib/said.js';
import { may } from '../model/permissions.js';
import { positionsAfterMove } from '../model/sidebar.js';
import { confirm } from './confirm.jsx';
import {
  ArchiveIcon,
  BellIcon,
  BellOffIcon,
  CheckIcon,
  DownIcon,
  FolderIcon,
  HideIcon,
  LeaveIcon,
  SettingsIcon,
  StarIcon,
  UpIcon,
} from './icons.jsx';
import { showModal } from './modal.jsx';
import { popUp } from './pop_up.jsx';
import { RoomSettings } from './rooms/room_settings.jsx';
import { SectionDialog } from './rooms/section_dialog.jsx';
import { attempt, say } from './toast.jsx';

/** @typedef {import('../model/room.js').Room} Room */
/** @typedef {import('./context.js').AppContext} AppContext */
/** @typedef {import('./menu.jsx').MenuItem} MenuItem */

/** @type {Record<import('../lib/protocol.js').Level, string>} */
const LEVELS = { all: 'All messages', mentions: 'Mentions only', nothing: 'Nothing' };

/**
 * Changes the reader's settings for a room.
 * @param {AppContext} app
 * @param {Room} room
 * @param {Record<string, unknown>} what as in set_membership
 * @param {string} [done]
 */
export function setMembership({ request }, room, what, done) {
  return attempt(() => request({ type: 'set_membership', room: room.id, ...what }), done);
}

/**
 * @param {AppContext} app
 * @param {Room} room
 * @returns {MenuItem | false}
 */
function readItem({ chat }, room) {
  return room.unread > 0 && { label: 'Mark as read', icon: <CheckIcon />, onSelect: () => chat.guide.markRead(room) };
}

/**
 * @param {AppContext} app
 * @param {Room} room of the reader's list
 * @param {HTMLElement} anchor further menus open there
 * @returns {(MenuItem | false)[]}
 */
function ownItems(app, room, anchor) {
  const { membership } = room;
  if (!membership) return [];
  const { chat } = app;
  const title = chat.titleOf(room);
  const now = Date.now();
  const isMuted = room.isMuted(now);
  const { favourite, level, section } = membership;
  const open = (/** @type {string} */ label, /** @type {(MenuItem | false)[]} */ items) =>
    popUp({ label, items, anchor });

  const levels = () =>
    open(
      said`Notifications for ${title}`,
      Object.entries(LEVELS).map(([value, label]) => ({
        label,
        checked: value === level,
        onSelect: () => setMembership(app, room, { level: value }),
      })),
    );
  const quiet = () =>
    open(
      said`Mute notifications for ${title}`,
      PAUSE_CHOICES.map(({ value, label }) => ({
        label,
        onSelect: () => {
          const until = untilOf(value, Date.now());
          setMembership(
            app,
            room,
            { muted_until: until },
            said`Notifications for ${title} muted ${untilWords(until, Date.now())}.`,
          );
        },
      })),
    );
  const sections = () =>
    open(said`Move ${title} to a section`, [
      ...['', ...chat.sidebar.ownSections].map((name) => ({
        label: name || (room.kind === 'direct' ? 'Direct messages' : 'Rooms'),
        checked: !favourite && name === section,
        onSelect: () => void setMembership(app, room, { section: name, position: 0, favourite: false }),
      })),
      { label: 'New section…', line: true, onSelect: () => showModal(() => <SectionDialog room={room} />) },
    ]);

  return [
    {
      label: favourite ? 'Remove from favourites' : 'Add to favourites',
      icon: <StarIcon />,
      onSelect: () => setMembership(app, room, { favourite: !favourite, position: 0 }),
    },
    { label: 'Move to a section…', icon: <FolderIcon />, onSelect: sections },
    { label: `Notifications: ${LEVELS[level].toLowerCase()}…`, icon: <BellIcon />, line: true, onSelect: levels },
    isMuted
      ? {
          label: 'Unmute notifications',
          icon: <BellIcon />,
          onSelect: () => setMembership(app, room, { muted_until: 0 }),
        }
      : { label: 'Mute notifications…', icon: <BellOffIcon />, onSelect: quiet },
  ];
}

/**
 * @param {AppContext} app
 * @param {Room} room
 * @returns {(MenuItem | false)[]}
 */
function leaveItems(app, room) {
  const { chat, request } = app;
  if (!room.membership) return [];
  if (room.kind === 'direct') {
    const close = async () => {
      const isClosed = await setMembership(app, room, { hidden: true }, "Closed until there's a new message.");
      if (isClosed && room === chat.current) app.router.go(HOME);
    };
    return [{ label: 'Close conversation', icon: <HideIcon />, line: true, onSelect: close }];
  }
  const leave = async () => {
    const isClosed = room.kind === 'closed';
    const text = isClosed
      ? "You'll need to be added again to return."
      : 'It will be removed from your list. You can rejoin any time.';
    const yes = await confirm({ title: said`Leave ${room.name}?`, text, action: 'Leave', danger: isClosed });
    if (yes) attempt(() => request({ type: 'remove_member', room: room.id }), said`You left ${room.name}.`);
  };
  return may('remove_member', { me: chat.me, room, target: chat.me })
    ? [{ label: 'Leave', icon: <LeaveIcon />, line: true, danger: true, onSelect: leave }]
    : [];
}

/**
 * In the sidebar.
 * @param {AppContext} app
 * @param {Room} room
 * @param {HTMLElement} anchor
 * @param {{ key: string, kind: string, rooms: Room[] }} section of the room
 * @param {{ x: number, y: number }} [at] the pointer
 */
export function openRoomMenu(app, room, anchor, { key, kind, rooms }, at) {
  const index = rooms.indexOf(room);
  const canMove = room.membership && kind !== 'direct' && kind !== 'archived';
  popUp({
    label: app.chat.titleOf(room),
    anchor,
    at,
    items: [
      readItem(app, room),
      ...ownItems(app, room, anchor),
      canMove &&
        index > 0 && {
          label: 'Move up',
          icon: <UpIcon />,
          line: true,
          onSelect: () => moveRoom(app, { key, rooms }, index, index - 1),
        },
      canMove &&
        index < rooms.length - 1 && {
          label: 'Move down',
          icon: <DownIcon />,
          line: index === 0,
          onSelect: () => moveRoom(app, { key, rooms }, index, index + 1),
        },
      ...leaveItems(app, room),
    ],
  });
}

/**
 * Moves a room within its section.
 * @param {AppContext} app
 * @param {{ key: string, rooms: Room[] }} section
 * @param {number} from
 * @param {number} to
 */
export async function moveRoom({ chat, request }, { key, rooms }, from, to) {
  const places = rooms.map(({ id, membership }) => ({ id, position: membership?.position ?? 0 }));
  const order = [...rooms];
  order.splice(to, 0, ...order.splice(from, 1));
  const moves = positionsAfterMove(places, from, to);
  const moveAll = (/** @type {{ id: number, position: number }[]} */ all) =>
    all.forEach(({ id, position }) => chat.rooms.get(id)?.moveTo(position));
  moveAll(moves);
  chat.sidebar.rearrange(key, order);
  say(said`${chat.titleOf(rooms[from])} is now number ${to + 1} of ${rooms.length}.`);
  for (const [index, { id, position }] of moves.entries()) {
    if (await attempt(() => request({ type: 'set_membership', room: id, position }))) continue;
    const undone = moves.slice(index).map((move) => move.id);
    moveAll(places.filter((place) => undone.includes(place.id)));
    chat.sidebar.rearrange(key, rooms);
    return;
  }
}

/**
 * In the header: the reader's settings, and managing the room.
 * @param {AppContext} app
 * @param {Room} room
 * @param {HTMLElement} anchor
 */
export function openHeaderMenu(app, room, anchor) {
  const { chat, request } = app;
  const facts = { me: chat.me, room };
  const archive = async () => {
    const { archived, name } = room;
    const text = 'It stays readable, but nobody can post. You can unarchive it later.';
    if (!archived && !(await confirm({ title: said`Archive ${name}?`, text, action: 'Archive', danger: true }))) return;
    attempt(() => request({ type: 'archive_room', room: room.id, archived: !archived }));
  };
  popUp({
    label: chat.titleOf(room),
    anchor,
    items: [
      readItem(app, room),
      may('edit_room', facts) && {
        label: 'Room settings…',
        icon: <SettingsIcon />,
        onSelect: () => showModal(() => <RoomSettings room={room} />),
      },
      ...ownItems(app, room, anchor),
      may('archive_room', facts) && {
        label: room.archived ? 'Unarchive' : 'Archive…',
        icon: <ArchiveIcon />,
        line: true,
        onSelect: archive,
      },
      ...leaveItems(app, room),
    ],
  });
}
