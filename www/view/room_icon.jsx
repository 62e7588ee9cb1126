/* What kind of room it is, before its name; of a direct conversation, who it is with. */
import { Avatar } from './avatar.jsx';
import { useApp } from './context.js';
import { ArchiveIcon, HashIcon, LockIcon, MegaphoneIcon, PeopleIcon } from './icons.jsx';

const WORDS = { open: '', closed: 'closed', announcement: 'announcements', direct: 'direct conversation' };

/** @param {{ room: { kind?: import('../lib/protocol.js').RoomKind, archived?: boolean, between?: import('../lib/protocol.js').User[] } }} props */
export function RoomIcon({ room: { kind = 'open', archived = false, between = [] } }) {
  const { me } = useApp().chat;
  if (archived) return <ArchiveIcon />;
  if (kind === 'closed') return <LockIcon />;
  if (kind === 'announcement') return <MegaphoneIcon />;
  if (kind !== 'direct') return <HashIcon />;
  const others = between.filter(({ id }) => id !== me?.id);
  if (others.length > 1) return <PeopleIcon />;
  const [whom] = others.length ? others : between;
  return whom ? <Avatar user={whom} size="tiny" /> : <PeopleIcon />;
}

/** The same for whoever does not see it. @param {{ room: { kind?: import('../lib/protocol.js').RoomKind, archived?: boolean } }} props */
export function RoomKindWords({ room: { kind = 'open', archived = false } }) {
  const words = archived ? 'archived' : WORDS[kind];
  return words ? <span class="visually-hidden">, {words}</span> : null;
}
