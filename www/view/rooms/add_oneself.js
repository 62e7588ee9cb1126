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
    title: said`Join ${room.name}?`,
    text: 'Its members will see that you joined, and the audit log will record it.',
    action: 'Join',
  });
  if (sure && (await attempt(() => request({ type: 'add_member', room: room.id })))) router.go(roomRoute(room));
}
