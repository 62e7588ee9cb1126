/* A modal dialog on the browser's own <dialog>, which traps the focus, closes on Esc and gives the focus back. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { CloseIcon } from './icons.jsx';
import { dialog } from './ui.js';

export function closeDialog() {
  dialog.value = null;
}

/** @param {{ title: string, hideTitle?: boolean, class?: string, children: import('preact').ComponentChildren }} props */
export function Dialog({ title, hideTitle = false, class: name = '', children }) {
  const element = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const shown = element.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={element}
      class={`dialog ${name}`}
      aria-labelledby="dialog-title"
      onClose={closeDialog}
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
