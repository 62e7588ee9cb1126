/* The room's name, and how many people are in it. */
import { plural } from '../lib/text.js';
import { useApp } from './context.js';
import { HashIcon, MenuIcon, PeopleIcon } from './icons.jsx';
import { isWide, panel, peopleColumn, togglePeopleColumn } from './ui.js';
import { watch } from './watch.js';

/** The way to the list of rooms on a narrow screen. */
export function MenuButton() {
  const { chat, router } = useApp();
  const { current, rooms } = watch(chat);
  const elsewhere = rooms.unread - (current?.unread ?? 0);
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

/** @param {{ room: import('../model/room.js').Room }} props */
export function RoomHeader({ room }) {
  const { router } = useApp();
  watch(room);
  const { count } = watch(room.people);
  const expanded = isWide.value ? peopleColumn.value : panel.value === 'people';
  const toggle = () => (isWide.value ? togglePeopleColumn() : router.openPanel('people'));
  return (
    <header class="room-header">
      <MenuButton />
      <h1 class="room-header__name" dir="auto">
        <HashIcon />
        <span>{room.name}</span>
      </h1>
      <button
        type="button"
        class="room-header__people"
        aria-expanded={expanded}
        aria-controls="people-panel"
        title={expanded ? 'Hide who is here' : 'Show who is here'}
        onClick={toggle}
      >
        <PeopleIcon />
        <span>{count ? count.toLocaleString() : '–'}</span>
        <span class="visually-hidden">{count === 1 ? 'person is here' : 'people are here'}</span>
      </button>
    </header>
  );
}
