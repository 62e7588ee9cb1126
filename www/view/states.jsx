/* What stands where there is nothing to show yet: waiting, nothing there, or something went wrong. */

/** Seen only when it takes longer than a blink (css/states.css). @param {{ what?: string }} props */
export function Loading({ what = 'Loading' }) {
  return (
    <div class="state state--loading" role="status">
      <span class="spinner" aria-hidden="true" />
      <span class="visually-hidden">{what}…</span>
    </div>
  );
}

/**
 * One sentence, and what one can do about it.
 * @param {{ children: import('preact').ComponentChildren, action?: string, onAction?: () => void }} props
 */
export function Empty({ children, action, onAction }) {
  return (
    <div class="state state--empty">
      <p>{children}</p>
      {action && (
        <button type="button" class="button" onClick={onAction}>
          {action}
        </button>
      )}
    </div>
  );
}

/** @param {{ message: string, onRetry?: () => void }} props */
export function Problem({ message, onRetry }) {
  return (
    <div class="state state--problem" role="alert">
      <p>{message}</p>
      {onRetry && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
