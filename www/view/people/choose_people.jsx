/* A dialog for choosing people, with an action on them. */
import { useState } from 'preact/hooks';
import { hasAccount } from '../../model/permissions.js';
import { Dialog } from '../dialog.jsx';
import { closeModal } from '../modal.jsx';
import { useAction } from '../use_action.js';
import { PeoplePicker } from './picker.jsx';

/** @typedef {import('../../lib/protocol.js').PersonInfo} PersonInfo */

/**
 * @param {object} props
 * @param {string} props.name of the dialog
 * @param {string} props.title
 * @param {string} props.label of the field
 * @param {number} props.most
 * @param {string} props.action
 * @param {number} [props.toAddTo] a room: its members are not offered
 * @param {import('preact').ComponentChildren} [props.children] below the field
 * @param {(chosen: PersonInfo[], setChosen: (left: PersonInfo[]) => void) => Promise<void>} props.onChosen the action. When
 *   it succeeds, the dialog closes; a refusal is shown, and setChosen can leave fewer people for another try
 */
export function ChoosePeople({ name, title, label, most, action, toAddTo, onChosen, children }) {
  const [chosen, setChosen] = useState(/** @type {PersonInfo[]} */ ([]));
  const [isBusy, setBusy] = useState(false);
  const { problem, carryOut } = useAction();

  async function go() {
    setBusy(true);
    if (await carryOut(() => onChosen(chosen, setChosen))) closeModal();
    else setBusy(false);
  }

  return (
    <Dialog name={name} title={title} onClose={closeModal}>
      <PeoplePicker
        label={label}
        chosen={chosen}
        onChange={setChosen}
        most={most}
        toAddTo={toAddTo}
        isOffered={(person) => hasAccount(person) && !person.banned}
      />
      {children}
      <p class="form__problem" role="alert">
        {problem}
      </p>
      <div class="confirm__actions">
        <button type="button" class="button button--primary" disabled={!chosen.length || isBusy} onClick={go}>
          {isBusy ? 'Please wait…' : action}
        </button>
      </div>
    </Dialog>
  );
}
