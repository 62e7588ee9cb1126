/* Opens the dialog that invites people. It is loaded on demand: its QR code needs a package. */
import { may } from '../../model/permissions.js';
import { useApp } from '../context.js';
import { showModal } from '../modal.jsx';
import { attempt } from '../toast.jsx';
import { watch } from '../watch.js';

/** @param {import('../../model/room.js').Room | null} [room] newcomers join it at once */
export async function invitePeople(room = null) {
  const part = await attempt(() => import('./invite_people.jsx'));
  if (part) showModal(() => <part.InvitePeople room={room} />);
}

/** Whether the reader can make links, and whether they would work. */
export function useMayInvite() {
  const { chat, identity } = useApp();
  const { place } = watch(identity);
  return may('create_invite', { me: chat.me }) && place?.signup !== 'closed';
}
