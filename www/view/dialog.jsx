/* A modal dialog on the browser's own <dialog>, which traps the focus, closes on Esc and gives the focus back. */
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { CloseIcon } from './icons.jsx';
import { dialog } from './ui.js';

export function closeDialog() {
  dialog.value = null;
}

/**
 * @param {object} props
 * @param {string} props.name which it is
 * @param {string} props.title
 * @param {boolean} [props.hideTitle]
 * @param {() => void} [props.onClose] called when the reader closes it; needed for dialogs that ui.js does not name
 * @param {{ current: HTMLElement | null }} [props.focus] the element to focus first; by default, the browser chooses
 * @param {import('preact').ComponentChildren} props.children
 */
export function Dialog({ name, title, hideTitle = false, onClose, focus, children }) {
  const element = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  const isThere = useRef(true);
  useLayoutEffect(() => {
    const shown = element.current;
    shown?.showModal();
    focus?.current?.focus();
    return () => {
      isThere.current = false;
      shown?.close();
    };
  }, []);
  const close = onClose ?? closeDialog;
  return (
    <dialog
      ref={element}
      class={`dialog dialog--${name}`}
      aria-labelledby={id}
      onCancel={(event) => {
        if (event.target !== element.current) return; /* a choice of files */
        event.preventDefault(); /* close it now: closed later, it could close the next dialog */
        close();
      }}
      onClose={() => isThere.current && close() /* this event comes late: another dialog can be open by now */}
      onClick={(event) => event.target === element.current && close()}
    >
      <div class="dialog__box">
        <header class={hideTitle ? 'visually-hidden' : 'dialog__header'}>
          <h2 id={id}>{title}</h2>
          {!hideTitle && (
            <button type="button" class="icon-button" onClick={close}>
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
