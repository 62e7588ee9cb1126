/* Adding people to a room. */
import { useState } from 'preact/hooks';
import { plural } from '../../lib/text.js';
import { hasAccount } from '../../model/may.js';
import { useDeed } from '../admin/use_deed.js';
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { closeModal } from '../modal.jsx';
import { say } from '../toast.jsx';
import { PeoplePicker } from './picker.jsx';

/** At once. */
const MOST = 20;

/** @param {{ room: import('../../model/room.js').Room, onAdded: () => void }} props */
export function AddMembers({ room, onAdded }) {
  const { ask, chat } = useApp();
  const [chosen, setChosen] = useState(/** @type {import('../../lib/protocol.js').PersonInfo[]} */ ([]));
  const [isBusy, setBusy] = useState(false);
  const { problem, carryOut } = useDeed();

  async function add() {
    setBusy(true);
    let added = 0;
    await carryOut(async () => {
      for (const person of chosen) {
        await ask({ type: 'add_member', room: room.id, user: person.id });
        added++;
      }
    });
    if (added) onAdded();
    if (added === chosen.length) {
      say(added === 1 ? `${chat.persons.nameOf(chosen[0])} is a member now.` : `${plural(added, 'person is', 'people are')} members now.`);
      closeModal();
    } else {
      setChosen(chosen.slice(added));
      setBusy(false);
    }
  }

  return (
    <Dialog name="add-members" title={`Add people to ${room.name}`} onClose={closeModal}>
      <PeoplePicker
        label="Whom?"
        chosen={chosen}
        onChange={setChosen}
        most={MOST}
        isOffered={(person) => hasAccount(person) && !person.banned}
      />
      <p class="form__problem" role="alert">
        {problem}
      </p>
      <div class="confirm__actions">
        <button type="button" class="button button--primary" disabled={!chosen.length || isBusy} onClick={add}>
          {isBusy ? 'One moment…' : 'Add'}
        </button>
      </div>
    </Dialog>
  );
}
