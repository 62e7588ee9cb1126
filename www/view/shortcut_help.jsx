/* Ctrl+/: the keys. */
import { Dialog } from './dialog.jsx';
import { SHORTCUTS } from './shortcuts.js';

export function ShortcutHelp() {
  return (
    <Dialog name="shortcuts" title="Keyboard shortcuts">
      <dl class="shortcuts">
        {SHORTCUTS.map(([keys, meaning]) => (
          <div key={meaning} class="shortcuts__row">
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
