/* Choosing the people of a direct message. */
import { useApp } from '../context.js';
import { attempt } from '../toast.jsx';
import { ChoosePeople } from './choose_people.jsx';

/** The most people, besides the user. */
const MOST = 11;

/**
 * Opens the conversation with a user.
 * @param {import('../context.js').AppContext} app
 * @param {number} user an id; the user's own: notes to themselves
 */
export async function openDirect({ request, chat, router }, user) {
  const users = user === chat.me?.id ? [] : [user];
  const ack = await attempt(() => request({ type: 'open_direct', users }));
  if (ack) router.go({ page: 'direct', id: ack.room });
}

export function NewMessage() {
  const { request, chat, router } = useApp();
  return (
    <ChoosePeople
      name="new-message"
      title="New message"
      label="To: up to 11 people (or yourself, for notes)"
      most={MOST}
      action="Start conversation"
      onChosen={async (chosen) => {
        const users = chosen.map(({ id }) => id).filter((id) => id !== chat.me?.id);
        const { room } = await request({ type: 'open_direct', users });
        router.go({ page: 'direct', id: room });
      }}
    />
  );
}
