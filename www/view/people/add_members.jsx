/* Adding people to a room. */
import { said } from '../../lib/said.js';
import { plural } from '../../lib/text.js';
import { useApp } from '../context.js';
import { say } from '../toast.jsx';
import { ChoosePeople } from './choose_people.jsx';
import { invitePeople, useMayInvite } from './invite.jsx';

/** How many people can be added at once. */
const MOST = 20;

/** @param {{ room: import('../../model/room.js').Room, onAdded: () => void }} props */
export function AddMembers({ room, onAdded }) {
  const { request, chat } = useApp();
  const mayInvite = useMayInvite();

  /** @type {Parameters<typeof ChoosePeople>[0]['onChosen']} */
  async function add(chosen, setChosen) {
    let added = 0;
    try {
      for (const person of chosen) {
        await request({ type: 'add_member', room: room.id, user: person.id });
        added++;
      }
    } finally {
      if (added) onAdded();
      setChosen(chosen.slice(added));
    }
    say(
      added === 1
        ? said`${chat.persons.nameOf(chosen[0])} was added.`
        : said`${plural(added, 'person was', 'people were')} added.`,
    );
  }

  return (
    <ChoosePeople
      name="add-members"
      title={said`Add people to ${room.name}`}
      label="Names"
      most={MOST}
      action="Add"
      toAddTo={room.id}
      onChosen={add}
    >
      {mayInvite && (
        <p class="form__hint">
          Not here yet?{' '}
          <button type="button" class="link-button" onClick={() => invitePeople(room)}>
            Invite them with a link
          </button>
        </p>
      )}
    </ChoosePeople>
  );
}
