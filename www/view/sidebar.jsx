/* The left side: the rooms in their sections with unread counts, and the user's own entry. A drawer on a narrow screen. */
import { useEffect, useId, useRef } from 'preact/hooks';
import { plural } from '../lib/text.js';
import { may } from '../model/permissions.js';
import { Brand } from './brand.jsx';
import { useApp } from './context.js';
import {
  AddPersonIcon,
  ChevronIcon,
  CloseIcon,
  ListIcon,
  MoonIcon,
  PeopleIcon,
  PlusIcon,
  SearchIcon,
  SunIcon,
  SystemIcon,
} from './icons.jsx';
import { Link } from './link.jsx';
import { MeMenu } from './me_menu.jsx';
import { Menu } from './menu.jsx';
import { showModal } from './modal.jsx';
import { invitePeople, useMayInvite } from './people/invite.jsx';
import { NewMessage } from './people/new_message.jsx';
import { RoomLink } from './room_link.jsx';
import { CreateRoom } from './rooms/create_room.jsx';
import { modifier } from './shortcuts.js';
import { dialog } from './ui.js';
import { UnreadPills } from './unread_pills.jsx';
import { watch } from './watch.js';

function ThemeButton() {
  const { theme } = useApp();
  const { choice } = watch(theme);
  const icons = { system: <SystemIcon />, light: <SunIcon />, dark: <MoonIcon /> };
  const names = { system: 'system default', light: 'light', dark: 'dark' };
  return (
    <button type="button" class="icon-button" title={`Theme: ${names[choice]}`} onClick={() => theme.next()}>
      {icons[choice]}
      <span class="visually-hidden">Theme: {names[choice]}</span>
    </button>
  );
}

/** The "+" button of a section. @param {{ kind: import('../model/sidebar.js').SectionKind }} props */
function AddButton({ kind }) {
  const { chat, router } = useApp();
  if (kind === 'direct' && may('open_direct', { me: chat.me })) {
    return (
      <button
        type="button"
        class="icon-button section-head__add"
        title="New message"
        onClick={() => showModal(() => <NewMessage />)}
      >
        <PlusIcon />
        <span class="visually-hidden">New message</span>
      </button>
    );
  }
  if (kind !== 'rooms' || !may('create_room', { me: chat.me })) return null;
  return (
    <Menu
      class="icon-button section-head__add"
      title="Add a room"
      label="Add a room"
      items={[
        { label: 'Create a room', icon: <PlusIcon />, onSelect: () => showModal(() => <CreateRoom />) },
        { label: 'Browse rooms', icon: <ListIcon />, onSelect: () => router.go({ page: 'rooms' }) },
      ]}
    >
      <PlusIcon />
    </Menu>
  );
}

/** @param {{ section: import('../model/sidebar.js').SidebarSection }} props */
function Section({ section }) {
  const { chat } = useApp();
  const { key, kind, title, rooms } = section;
  const isCollapsed = watch(chat.sidebar).collapsed.has(key);
  /* The open room is always shown, also in a folded section. */
  const shown = isCollapsed ? rooms.filter((room) => room === chat.current) : rooms;
  const waiting = rooms.reduce((sum, room) => sum + chat.rooms.waitingIn(room), 0);
  const id = useId();
  return (
    <section class="sidebar__section" aria-labelledby={id}>
      <div class="section-head">
        <h2 class="section-head__title" id={id}>
          <button
            type="button"
            aria-expanded={!isCollapsed}
            aria-controls={`${id}-rooms`}
            onClick={() => chat.sidebar.toggle(key)}
          >
            <ChevronIcon />
            <span class="visually-hidden">Section </span>
            <bdi>{title}</bdi>
            {waiting > 0 && <span class="visually-hidden">, {plural(waiting, 'unread message')}</span>}
          </button>
        </h2>
        {isCollapsed && waiting > 0 && (
          <span class="section-head__count" aria-hidden="true">
            {waiting > 99 ? '99+' : waiting}
          </span>
        )}
        <AddButton kind={kind} />
      </div>
      <ul id={`${id}-rooms`}>
        {shown.map((room) => (
          <RoomLink key={room.id} room={room} section={section} />
        ))}
      </ul>
      {!rooms.length && <p class="sidebar__empty">{kind === 'direct' ? 'No conversations yet' : 'No rooms yet'}</p>}
    </section>
  );
}

/** The distance of the open room from the edges of the list, which leaves space for the buttons to unread rooms. */
const MARGIN_PX = 44;

/** Scrolls only the list, until the open room is in view. @param {HTMLElement} list */
function followRoom(list) {
  const link = list.querySelector('.room-link[aria-current="page"]');
  if (!link) return;
  const { top, bottom } = link.getBoundingClientRect();
  const bounds = list.getBoundingClientRect();
  const above = top - bounds.top;
  const below = bottom - bounds.bottom;
  if (above < 0) list.scrollTop += above - MARGIN_PX;
  else if (below > 0) list.scrollTop += below + MARGIN_PX;
}

export function Sidebar() {
  const { chat, router } = useApp();
  watch(chat.persons);
  const { sidebar } = watch(chat);
  watch(sidebar);
  const mayInvite = useMayInvite();
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    if (list.current) followRoom(list.current);
  }, [chat.current]);
  const byMouse = (/** @type {PointerEvent} */ { pointerType }) => pointerType === 'mouse';
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
        <span>Jump to…</span>
        <kbd aria-hidden="true">{modifier} K</kbd>
      </button>
      {!chat.isGuest && (
        <div class="sidebar__places">
          <Link to={{ page: 'rooms' }} class="sidebar__place" current={router.route.value.page === 'rooms'}>
            <ListIcon />
            All rooms
          </Link>
          <Link to={{ page: 'people' }} class="sidebar__place" current={router.route.value.page === 'people'}>
            <PeopleIcon />
            People
          </Link>
        </div>
      )}
      {mayInvite && (
        <button type="button" class="sidebar__place sidebar__invite" onClick={() => invitePeople()}>
          <AddPersonIcon />
          Invite people
        </button>
      )}
      <div class="sidebar__list">
        <div
          class="sidebar__rooms"
          ref={list}
          onPointerEnter={(event) => byMouse(event) && sidebar.hold(true)}
          onPointerLeave={(event) => byMouse(event) && sidebar.hold(false)}
        >
          {sidebar.sections.map((section) => (
            <Section key={section.key} section={section} />
          ))}
        </div>
        <UnreadPills scroller={list} />
      </div>
      <footer class="sidebar__footer">
        <MeMenu />
        <ThemeButton />
      </footer>
    </nav>
  );
}
