/* Why somebody who was in is not any more, above the way back in. */
import { useApp } from '../context.js';
import { AlertIcon } from '../icons.jsx';
import { watch } from '../watch.js';

/** @type {Record<import('../../model/identity.js').Farewell['why'], string>} */
const WORDS = {
  session_ended:
    'Your session has ended: it was signed out elsewhere, or its time was up. What you have written is still here.',
  banned: 'You have been banned from this place.',
  forgotten: 'The server no longer knows this browser. Choose a name to go on; what you have written is still here.',
};

export function Farewell() {
  const { farewell } = watch(useApp().identity);
  if (!farewell) return null;
  return (
    <div class={`note ${farewell.why === 'banned' ? 'note--danger' : ''}`} role="status">
      <AlertIcon />
      <p>{farewell.message || WORDS[farewell.why]}</p>
    </div>
  );
}
