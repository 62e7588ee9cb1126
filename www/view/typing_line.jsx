/* Who is typing. It always takes its height, so that nothing moves; hidden from screen readers. */
import { listNames } from '../lib/text.js';
import { watch } from './watch.js';

const NAMED_MAX = 3;

/** @param {{ room: import('../model/room.js').Room }} props */
export function TypingLine({ room }) {
  const { names } = watch(room.typing);
  return (
    <div class="typing-line">
      {names.length > 0 && (
        <>
          <span class="typing-line__dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span class="typing-line__names">
            {listNames(names, NAMED_MAX)} {names.length === 1 ? 'is' : 'are'} typing
          </span>
        </>
      )}
    </div>
  );
}
