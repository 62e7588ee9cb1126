/* Why the reader is signed out, above the way back in. */
import { useApp } from '../context.js';
import { AlertIcon } from '../icons.jsx';
import { watch } from '../watch.js';

/** @type {Record<import('../../model/identity.js').SignedOutReason['why'], string>} */
const WORDS = {
  session_ended: 'You were signed out, or your session expired. Your drafts are saved.',
  banned: 'You have been banned from this workspace.',
  forgotten: "You're signed out. Choose a name to continue; your drafts are saved.",
};

export function SignedOutNote() {
  const { signedOutReason } = watch(useApp().identity);
  if (!signedOutReason) return null;
  return (
    <div class={`note ${signedOutReason.why === 'banned' ? 'note--danger' : ''}`} role="status">
      <AlertIcon />
      <p>{signedOutReason.message || WORDS[signedOutReason.why]}</p>
    </div>
  );
}
