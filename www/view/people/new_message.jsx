/* A direct message: to whom? */
import { useState } from 'preact/hooks';
import { hasAccount } from '../../model/may.js';
import { useDeed } from '../admin/use_deed.js';
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { closeModal } from '../modal.jsx';
import { attempt } from '../toast.jsx';
import { PeoplePicker } from './picker.jsx';

/** Besides oneself. */
const MOST = 11;

/**
 * The conversation with somebody.
 * @param {import('../context.js').AppContext} app
 * @param {number} user an id; one's own: notes to oneself
 */
export async function openDirect({ ask, chat, router }, user) {
  const users = user === chat.me?.id ? [] : [user];
  const ack = await attempt(() => ask({ type: 'open_direct', users }));
  if (ack) router.go({ page: 'direct', id: ack.room });
}

export function NewMessage() {
  const app = useApp();
  const { me } = app.chat;
  const [chosen, setChosen] = useState(/** @type {import('../../lib/protocol.js').PersonInfo[]} */ ([]));
  const [isBusy, setBusy] = useState(false);
  const { problem, carryOut } = useDeed();

  async function open() {
    setBusy(true);
    const others = chosen.map(({ id }) => id).filter((id) => id !== me?.id);
    const isOpen = await carryOut(async () => {
      const { room } = await app.ask({ type: 'open_direct', users: others });
      app.router.go({ page: 'direct', id: room });
    });
    if (isOpen) closeModal();
    else setBusy(false);
  }

  return (
    <Dialog name="new-message" title="New message" onClose={closeModal}>
      <PeoplePicker
        label="To whom? Up to 11 people; yourself for notes"
        chosen={chosen}
        onChange={setChosen}
        most={MOST}
        isOffered={(person) => hasAccount(person) && !person.banned}
      />
      <p class="form__problem" role="alert">
        {problem}
      </p>
      <div class="confirm__actions">
        <button type="button" class="button button--primary" disabled={!chosen.length || isBusy} onClick={open}>
          {isBusy ? 'One moment…' : 'Open the conversation'}
        </button>
      </div>
    </Dialog>
  );
}
