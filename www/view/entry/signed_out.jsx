/* Why the reader is signed out, above the way back in. */
import { useApp } from '../context.js';
import { AlertIcon } from '../icons.jsx';
import { watch } from '../watch.js';

/** @type {Record<import('../../model/identity.js').SignedOutReason['why'], string>} */
const WORDS = {
  session_ended:
    'Your session has ended: it was signed out elsewhere, or its time was up. What you have written is still here.',
  banned: 'You have been banned from this place.',
  forgotten: 'The server no longer knows this browser. Choose a name to go on; what you have written is still here.',
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
