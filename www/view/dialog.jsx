/* A modal dialog on the browser's own <dialog>, which traps the focus, closes on Esc and gives the focus back. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { CloseIcon } from './icons.jsx';
import { dialog } from './ui.js';

export function closeDialog() {
  dialog.value = null;
}

/**
 * @param {object} props
 * @param {typeof dialog.value} props.name which it is
 * @param {string} props.title
 * @param {boolean} [props.hideTitle]
 * @param {import('preact').ComponentChildren} props.children
 */
export function Dialog({ name, title, hideTitle = false, children }) {
  const element = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const shown = element.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={element}
      class={`dialog dialog--${name}`}
      aria-labelledby="dialog-title"
      onClose={() => dialog.value === name && closeDialog() /* it comes late: another may be open by now */}
      onClick={(event) => event.target === element.current && closeDialog()}
    >
      <div class="dialog__box">
        <header class={hideTitle ? 'visually-hidden' : 'dialog__header'}>
          <h2 id="dialog-title">{title}</h2>
          {!hideTitle && (
            <button type="button" class="icon-button" onClick={closeDialog}>
              <CloseIcon />
              <span class="visually-hidden">Close</span>
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
