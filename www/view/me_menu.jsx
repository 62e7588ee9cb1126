/* The user's own entry at the foot of the sidebar, with its menu: status, settings, signing out. */
import { tabsFor } from '../model/admin/tabs.js';
import { statusOf } from '../model/persons.js';
import { plural } from '../lib/text.js';
import { Avatar } from './avatar.jsx';
import { confirm } from './confirm.jsx';
import { useApp } from './context.js';
import { EditIcon, KeyboardIcon, LeaveIcon, SettingsIcon, ShieldIcon, SmileIcon } from './icons.jsx';
import { Menu } from './menu.jsx';
import { dialog, minute } from './ui.js';
import { watch } from './watch.js';

/** @returns {() => Promise<void>} asks first when something would be lost */
export function useSignOut() {
  const { chat, identity } = useApp();
  return async () => {
    const { waiting } = chat.outbox;
    const isGuest = identity.state === 'guest';
    const losses = [
      waiting > 0 && `${plural(waiting, "message hasn't", "messages haven't")} been sent yet and will be lost.`,
      isGuest && "You can't return as this guest. Create an account to keep your messages.",
    ].filter(Boolean);
    const text = losses.join(' ');
    const title = isGuest ? 'Leave and discard this guest?' : 'Sign out?';
    if (text && !(await confirm({ title, text, action: isGuest ? 'Leave' : 'Sign out', danger: true }))) return;
    try {
      await identity.signOut();
    } catch {
      await confirm({
        title: "You're still signed in",
        text: "Can't reach the server. Try again in a moment.",
        action: 'OK',
      });
    }
  };
}

export function MeMenu() {
  const { chat, identity, reports, router } = useApp();
  const { me, persons, rooms } = watch(chat);
  const { state, place } = watch(identity);
  const { label: waiting } = watch(reports);
  watch(persons);
  void minute.value; /* a status can end by itself */
  const signOut = useSignOut();
  if (!me) return null;
  const status = statusOf(me, Date.now());
  const isGuest = state === 'guest';
  const [adminTab] = tabsFor(me, rooms.values());

  return (
    <Menu
      class="sidebar__me"
      items={[
        isGuest && { label: 'Change your name', icon: <EditIcon />, onSelect: () => (dialog.value = 'name') },
        isGuest &&
          place?.signup === 'open' && {
            label: 'Create an account',
            icon: <SmileIcon />,
            onSelect: () => router.go({ page: 'sign-up' }),
          },
        isGuest && { label: 'Sign in', icon: <SettingsIcon />, onSelect: () => router.go({ page: 'sign-in' }) },
        !isGuest && {
          label: status ? 'Change your status' : 'Set a status',
          icon: <SmileIcon />,
          onSelect: () => (dialog.value = 'status'),
        },
        !isGuest && {
          label: 'Settings',
          icon: <SettingsIcon />,
          onSelect: () => router.go({ page: 'settings', tab: 'profile' }),
        },
        adminTab !== undefined && {
          label: 'Administration',
          icon: <ShieldIcon />,
          note: waiting,
          onSelect: () => router.go({ page: 'admin', tab: waiting ? 'reports' : adminTab }),
        },
        { label: 'Keyboard shortcuts', icon: <KeyboardIcon />, onSelect: () => (dialog.value = 'shortcuts') },
        { label: isGuest ? 'Leave' : 'Sign out', icon: <LeaveIcon />, line: true, onSelect: signOut },
      ]}
    >
      <Avatar user={me} small />
      <span class="sidebar__my-name" title={me.name}>
        <bdi>{persons.nameOf(me)}</bdi>
        {status && <bdi class="sidebar__my-status">{status}</bdi>}
      </span>
      {waiting && (
        <span class="count" title="Open reports">
          {waiting}
          <span class="visually-hidden"> {waiting === '1' ? 'open report' : 'open reports'}</span>
        </span>
      )}
      <span class="visually-hidden">: your menu</span>
    </Menu>
  );
}
