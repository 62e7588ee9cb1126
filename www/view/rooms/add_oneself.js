/* An admin adds themselves to a private room, after a confirmation. */
import { roomRoute } from '../../lib/route.js';
import { said } from '../../lib/said.js';
import { confirm } from '../confirm.jsx';
import { attempt } from '../toast.jsx';

/**
 * @param {import('../context.js').AppContext} app
 * @param {import('../../lib/protocol.js').RoomInfo} room
 */
export async function addOneself({ request, router }, room) {
  const sure = await confirm({
    title: said`Add yourself to ${room.name}?`,
    text: 'Its members see that you have come, and it is written down in the audit.',
    action: 'Add me',
  });
  if (sure && (await attempt(() => request({ type: 'add_member', room: room.id })))) router.go(roomRoute(room));
}
