/* The room's name, topic, number of people, and menu. For a direct conversation, the other people. */
import { useEffect } from 'preact/hooks';
import { plural } from '../lib/text.js';
import { STATE_WORDS } from '../model/online.js';
import { may } from '../model/permissions.js';
import { statusOf } from '../model/persons.js';
import { useApp } from './context.js';
import { AddPersonIcon, MenuIcon, MoreIcon, PeopleIcon } from './icons.jsx';
import { Link } from './link.jsx';
import { RequestsBadge } from './people/requests_badge.jsx';
import { RoomIcon, RoomKindWords } from './room_icon.jsx';
import { openHeaderMenu } from './room_menu.jsx';
import { addPeople, mayAdd } from './rooms/first_steps.jsx';
import { Topic } from './rooms/topic.jsx';
import { isWide, minute, panel, peopleColumn, togglePeopleColumn } from './ui.js';
import { watch } from './watch.js';

/** @typedef {import('../model/room.js').Room} Room */

/** Whether a list of its people shows more than its title does. @param {Room} room */
export const hasPeople = ({ kind, between }) => kind !== 'direct' || between.length > 2;

/** Opens the list of rooms on a narrow screen. */
export function MenuButton() {
  const { chat, router } = useApp();
  const { current, rooms } = watch(chat);
  const elsewhere = rooms.unread - (current ? rooms.waitingIn(current) : 0);
  return (
    <button
      type="button"
      class="icon-button menu-button"
      aria-expanded={panel.value === 'rooms'}
      aria-controls="rooms-panel"
      onClick={() => router.openPanel('rooms')}
    >
      <MenuIcon />
      {elsewhere > 0 && <span class="menu-button__dot" aria-hidden="true" />}
      <span class="visually-hidden">
        Rooms
        {elsewhere > 0 && `, ${plural(elsewhere, 'unread message')}`}
      </span>
    </button>
  );
}

/** @param {{ room: Room }} props */
export function RoomHeader({ room }) {
  const app = useApp();
  const { chat, request } = app;
  watch(chat.persons);
  watch(room.people);
  const isDirect = watch(room).kind === 'direct';
  const asksMembers = !chat.isGuest && !isDirect;

  useEffect(() => {
    if (!asksMembers) return;
    /* A failure is not shown: then the button has the number of people online. */
    request({ type: 'members', room: room.id, limit: 1 }).then(
      (answer) => room.become({ memberCount: answer.count }),
      () => {},
    );
  }, [room.id, asksMembers]);

  return (
    <header class="room-header">
      <MenuButton />
      <div class="room-header__main">
        <h1 class="room-header__name">
          <RoomIcon room={room} />
          <bdi>{chat.titleOf(room)}</bdi>
          <RoomKindWords room={room} />
        </h1>
        {isDirect ? <Presence room={room} /> : <Topic room={room} />}
      </div>
      {room.memberCount === 1 && mayAdd(app, room) && (
        <button
          type="button"
          class="button button--small button--icon room-header__add"
          onClick={() => addPeople(app, room)}
        >
          <AddPersonIcon />
          <span class="room-header__add-words">Add people</span>
        </button>
      )}
      {hasPeople(room) && <PeopleButton room={room} />}
      {(room.membership || may('edit_room', { me: chat.me, room })) && (
        <button
          type="button"
          class="icon-button room-header__menu"
          aria-haspopup="menu"
          title="Room actions"
          onClick={({ currentTarget }) => openHeaderMenu(app, room, currentTarget)}
        >
          <MoreIcon />
          <span class="visually-hidden">Room actions</span>
        </button>
      )}
    </header>
  );
}

/** @param {{ room: Room }} props */
function PeopleButton({ room }) {
  const { chat, router } = useApp();
  watch(room);
  const { count: here } = watch(room.people);
  const isMembers = !chat.isGuest;
  const shown = room.kind === 'direct' ? room.between.length : isMembers ? (room.memberCount ?? 0) : here;
  const expanded = isWide.value ? peopleColumn.value : panel.value === 'people';
  const toggle = () => (isWide.value ? togglePeopleColumn() : router.openPanel('people'));
  return (
    <button
      type="button"
      class="room-header__people"
      aria-expanded={expanded}
      aria-controls="people-panel"
      title={expanded ? 'Hide people' : 'Show people'}
      onClick={toggle}
    >
      <PeopleIcon />
      <span>{shown ? shown.toLocaleString() : '–'}</span>
      <span class="visually-hidden">
        {isMembers ? `${shown === 1 ? 'member' : 'members'}, ${here} online` : 'online'}
      </span>
      <RequestsBadge count={room.requests} />
    </button>
  );
}

/** The other person: online, away or offline; and their status. @param {{ room: Room }} props */
function Presence({ room }) {
  const { chat } = useApp();
  watch(chat.persons);
  const online = watch(chat.online);
  void minute.value; /* a status can end by itself */
  const others = room.between.filter(({ id }) => id !== chat.me?.id);
  if (others.length === 1) {
    const [other] = others;
    const state = online.of(other.id) ?? 'offline';
    const status = statusOf(chat.persons.of(other), Date.now());
    const words = [STATE_WORDS[state], status].filter(Boolean).join(' · ');
    return (
      <p class="room-header__topic" dir="auto">
        {state !== 'offline' && <span class={`presence-dot presence-dot--${state}`} aria-hidden="true" />}
        <Link to={{ page: 'people', id: other.id }} class="room-header__profile">
          {words}
        </Link>
      </p>
    );
  }
  const here = others.filter(({ id }) => online.of(id) === 'active').map(chat.persons.nameOf);
  if (!others.length) return <p class="room-header__topic">Only you see this.</p>;
  return (
    <p class="room-header__topic">
      {plural(room.between.length, 'person', 'people')}
      {here.length > 0 && ` · online: ${here.join(', ')}`}
    </p>
  );
}
