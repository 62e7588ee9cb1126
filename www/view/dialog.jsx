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
 * @param {() => void} [props.onClose] the reader closes it; for a dialog that is not the one of ui.js
 * @param {{ current: HTMLElement | null }} [props.focus] what has the focus first; otherwise the browser chooses
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
        event.preventDefault(); /* what closes at once cannot close the next one, late */
        close();
      }}
      onClose={() => isThere.current && close() /* it comes late: another may be open by now */}
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
