/* The left side: the rooms, what is unread in them, and oneself. A drawer on a narrow screen. */
import { isRoom, roomRoute } from '../lib/route.js';
import { plural } from '../lib/text.js';
import { useApp } from './context.js';
import { ArchiveIcon, CloseIcon, HashIcon, MoonIcon, SearchIcon, SunIcon, SystemIcon } from './icons.jsx';
import { Link } from './link.jsx';
import { MeMenu } from './me_menu.jsx';
import { modifier } from './shortcuts.js';
import { Brand } from './brand.jsx';
import { dialog } from './ui.js';
import { watch } from './watch.js';

/** @param {{ room: import('../model/room.js').Room }} props */
function RoomLink({ room }) {
  const { chat, router } = useApp();
  watch(room);
  const isCurrent = room === chat.current && isRoom(router.route.value);
  const unread = room.archived ? 0 : room.unread;

  return (
    <li>
      <Link
        to={roomRoute(room)}
        class={`room-link ${unread ? 'room-link--unread' : ''} ${room.archived ? 'room-link--archived' : ''}`}
        current={isCurrent}
      >
        {room.archived ? <ArchiveIcon /> : <HashIcon />}
        <span class="room-link__name" dir="auto">
          {room.name}
        </span>
        {unread > 0 && (
          <span class="room-link__count">
            {unread > 99 ? '99+' : unread}
            <span class="visually-hidden"> unread</span>
          </span>
        )}
      </Link>
    </li>
  );
}

function ThemeButton() {
  const { theme } = useApp();
  const { choice } = watch(theme);
  const icons = { system: <SystemIcon />, light: <SunIcon />, dark: <MoonIcon /> };
  const names = { system: 'as the system', light: 'light', dark: 'dark' };
  return (
    <button type="button" class="icon-button" title={`Colours: ${names[choice]}`} onClick={() => theme.next()}>
      {icons[choice]}
      <span class="visually-hidden">Colours: {names[choice]}</span>
    </button>
  );
}

export function Sidebar() {
  const { chat, router } = useApp();
  watch(chat);
  const rooms = [...chat.rooms.values()];
  const open = rooms.filter((room) => !room.archived);
  const archived = rooms.filter((room) => room.archived);
  const { unread } = chat.rooms;
  return (
    <nav class="sidebar" id="rooms-panel" aria-label="Rooms" tabIndex={-1}>
      <header class="sidebar__header">
        <Brand />
        <button type="button" class="icon-button sidebar__close" onClick={() => router.closePanel()}>
          <CloseIcon />
          <span class="visually-hidden">Close the list of rooms</span>
        </button>
      </header>
      <button type="button" class="sidebar__switch" onClick={() => (dialog.value = 'switcher')}>
        <SearchIcon />
        <span>Go to a room</span>
        <kbd aria-hidden="true">{modifier} K</kbd>
      </button>
      <div class="sidebar__rooms">
        <h2 class="sidebar__title">
          Rooms
          {unread > 0 && <span class="visually-hidden">, {plural(unread, 'unread message')}</span>}
        </h2>
        <ul>
          {open.map((room) => (
            <RoomLink key={room.id} room={room} />
          ))}
        </ul>
        {archived.length > 0 && (
          <>
            <h2 class="sidebar__title">Archived</h2>
            <ul>
              {archived.map((room) => (
                <RoomLink key={room.id} room={room} />
              ))}
            </ul>
          </>
        )}
      </div>
      <footer class="sidebar__footer">
        <MeMenu />
        <ThemeButton />
      </footer>
    </nav>
  );
}
