/* The whole screen. */
import { useEffect } from 'preact/hooks';
import { Banner } from './banner.jsx';
import { Composer } from './composer.jsx';
import { useApp } from './context.js';
import { closeDialog, Dialog } from './dialog.jsx';
import { NameForm } from './name_form.jsx';
import { PeoplePanel } from './people_panel.jsx';
import { MenuButton, RoomHeader } from './room_header.jsx';
import { ShortcutHelp } from './shortcut_help.jsx';
import { Sidebar } from './sidebar.jsx';
import { NameScreen, StartScreen } from './start_screen.jsx';
import { Switcher } from './switcher.jsx';
import { Timeline } from './timeline.jsx';
import { TypingLine } from './typing_line.jsx';
import { dialog, panel, peopleColumn } from './ui.js';
import { watch } from './watch.js';

export function App() {
  const { identity, welcomed } = watch(useApp().chat);
  if (identity === 'nameless') return <NameScreen />;
  return welcomed ? <ChatScreen /> : <StartScreen />;
}

function ChatScreen() {
  const { chat, router } = useApp();
  const room = watch(chat).current;
  const opened = panel.value;

  useEffect(() => {
    if (!opened) return;
    document.getElementById(`${opened}-panel`)?.focus({ preventScroll: true });
    return () => {
      /** @type {HTMLElement | null} */ (document.querySelector(`[aria-controls="${opened}-panel"]`))?.focus();
    };
  }, [opened]);

  return (
    <div class="layout" data-panel={opened ?? undefined} data-people={room && peopleColumn.value ? 'shown' : undefined}>
      <Sidebar />
      <main class="room" inert={opened !== null}>
        <Banner />
        {room ? (
          <>
            <RoomHeader room={room} />
            <Timeline key={room.id} room={room} />
            <TypingLine room={room} />
            <Composer key={`composer ${room.id}`} room={room} />
          </>
        ) : (
          <NoRoom />
        )}
      </main>
      {room && <PeoplePanel room={room} />}
      <div class="scrim" onClick={() => router.closePanel()} />
      {dialog.value === 'switcher' && <Switcher />}
      {dialog.value === 'shortcuts' && <ShortcutHelp />}
      {dialog.value === 'name' && (
        <Dialog name="name" title="Change your name">
          <NameForm label="Your name" action="Change" initial={chat.me?.name} onDone={closeDialog} />
        </Dialog>
      )}
    </div>
  );
}

/** The address names a room that is not there, or there is none at all. */
function NoRoom() {
  const { chat, router } = useApp();
  const [first] = watch(chat).rooms.values();
  return (
    <>
      <header class="room-header">
        <MenuButton />
        <h1 class="room-header__name">{first ? 'No such room' : 'No rooms'}</h1>
      </header>
      <div class="empty">
        {first ? (
          <>
            <p>
              There is no room called <b dir="auto">{chat.wanted}</b>.
            </p>
            <button type="button" class="button button--primary" onClick={() => router.go(first.name)}>
              Go to {first.name}
            </button>
          </>
        ) : (
          <p>
            This server has no rooms yet. Whoever runs it makes one with <code>hubbub room add NAME</code>.
          </p>
        )}
      </div>
    </>
  );
}
