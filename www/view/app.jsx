/* The whole screen. */
import { useEffect } from 'preact/hooks';
import { screenOf } from '../model/screen.js';
import { Banner } from './banner.jsx';
import { Composer } from './composer.jsx';
import { ConfirmDialog } from './confirm.jsx';
import { useApp } from './context.js';
import { closeDialog, Dialog } from './dialog.jsx';
import { GuestScreen } from './entry/guest_screen.jsx';
import { InvitedAlready } from './entry/invited_already.jsx';
import { ResetScreen } from './entry/reset_screen.jsx';
import { SetUpScreen } from './entry/set_up_screen.jsx';
import { SignInScreen } from './entry/sign_in_screen.jsx';
import { SignUpScreen } from './entry/sign_up_screen.jsx';
import { WaitScreen } from './entry/wait_screen.jsx';
import { closeModal, Modal } from './modal.jsx';
import { NameForm } from './name_form.jsx';
import { NoRoom } from './no_room.jsx';
import { PAGES } from './pages.jsx';
import { PeoplePanel } from './people_panel.jsx';
import { PopUp } from './pop_up.jsx';
import { hasPeople, RoomHeader } from './room_header.jsx';
import { StatusDialog } from './settings/status.jsx';
import { ShortcutHelp } from './shortcut_help.jsx';
import { Sidebar } from './sidebar.jsx';
import { Switcher } from './switcher.jsx';
import { Timeline } from './timeline/timeline.jsx';
import { Toast } from './toast.jsx';
import { TypingLine } from './typing_line.jsx';
import { dialog, panel, peopleColumn } from './ui.js';
import { watch } from './watch.js';

/** @type {Record<import('../model/screen.js').Screen, import('preact').FunctionComponent>} */
const SCREENS = {
  wait: WaitScreen,
  'set up': SetUpScreen,
  guest: GuestScreen,
  'sign in': SignInScreen,
  'sign up': SignUpScreen,
  'invited already': InvitedAlready,
  reset: ResetScreen,
  chat: ChatScreen,
};

export function App() {
  const { chat, identity, router } = useApp();
  const { welcomed } = watch(chat);
  const { state, place, signedOutReason } = watch(identity);
  const hadAccount = signedOutReason?.why === 'session_ended' || signedOutReason?.why === 'banned';
  const screen = screenOf({ state, place, route: router.route.value, welcomed, hadAccount });
  const Screen = SCREENS[screen];
  useEffect(() => {
    if (screen === 'chat') return;
    closeDialog();
    closeModal();
  }, [screen]);
  return (
    <>
      <Screen />
      <ConfirmDialog />
    </>
  );
}

function ChatScreen() {
  const { chat, router } = useApp();
  const route = router.route.value;
  const OtherPage = PAGES[route.page];
  const room = OtherPage ? null : watch(chat).current;
  const people = room !== null && hasPeople(room);
  const opened = panel.value;

  useEffect(() => {
    if (!opened) return;
    document.getElementById(`${opened}-panel`)?.focus({ preventScroll: true });
    return () => {
      /** @type {HTMLElement | null} */ (document.querySelector(`[aria-controls="${opened}-panel"]`))?.focus();
    };
  }, [opened]);

  return (
    <div
      class="layout"
      data-panel={opened ?? undefined}
      data-people={people && peopleColumn.value ? 'shown' : undefined}
    >
      <Sidebar />
      <main class="room" inert={opened !== null}>
        <Banner />
        {OtherPage ? (
          <OtherPage route={route} />
        ) : room ? (
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
      {people && <PeoplePanel key={room.id} room={room} />}
      <div class="scrim" onClick={() => router.closePanel()} />
      {dialog.value === 'switcher' && <Switcher />}
      {dialog.value === 'shortcuts' && <ShortcutHelp />}
      {dialog.value === 'name' && (
        <Dialog name="name" title="Change your name">
          <NameForm action="Change" initial={chat.me?.name} onDone={closeDialog} />
        </Dialog>
      )}
      {dialog.value === 'status' && <StatusDialog />}
      <Modal />
      <PopUp />
      <Toast />
    </div>
  );
}
