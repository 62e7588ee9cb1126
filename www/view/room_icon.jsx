/* The icon of a room's kind, before its name; for a direct conversation, the other person's picture. */
import { STATE_WORDS } from '../model/online.js';
import { Avatar } from './avatar.jsx';
import { useApp } from './context.js';
import { watch } from './watch.js';
import { ArchiveIcon, HashIcon, LockIcon, MegaphoneIcon, PeopleIcon } from './icons.jsx';

const WORDS = { open: '', closed: 'private', announcement: 'announcements', direct: 'direct conversation' };

/** @param {{ room: { kind?: import('../lib/protocol.js').RoomKind, archived?: boolean, between?: import('../lib/protocol.js').User[] } }} props */
export function RoomIcon({ room: { kind = 'open', archived = false, between = [] } }) {
  const { me, online } = useApp().chat;
  watch(online);
  if (archived) return <ArchiveIcon />;
  if (kind === 'closed') return <LockIcon />;
  if (kind === 'announcement') return <MegaphoneIcon />;
  if (kind !== 'direct') return <HashIcon />;
  const others = between.filter(({ id }) => id !== me?.id);
  if (others.length > 1) return <PeopleIcon />;
  const [whom] = others.length ? others : between;
  if (!whom) return <PeopleIcon />;
  return (
    <span class={`person__avatar person--${others.length ? (online.of(whom.id) ?? 'offline') : 'offline'}`}>
      <Avatar user={whom} size="tiny" />
      <span class="person__dot" aria-hidden="true" />
    </span>
  );
}

/**
 * The same for screen readers.
 * @param {{ room: { kind?: import('../lib/protocol.js').RoomKind, archived?: boolean, between?: import('../lib/protocol.js').User[] } }} props
 */
export function RoomKindWords({ room: { kind = 'open', archived = false, between = [] } }) {
  const { me, online } = useApp().chat;
  watch(online);
  const others = between.filter(({ id }) => id !== me?.id);
  const state =
    kind === 'direct' && others.length === 1 ? `, ${STATE_WORDS[online.of(others[0].id) ?? 'offline']}` : '';
  const words = archived ? 'archived' : WORDS[kind];
  return words ? (
    <span class="visually-hidden">
      , {words}
      {state}
    </span>
  ) : null;
}
