/* Shown instead of content: loading, empty, or failed. */

/** Visible only after a moment (css/states.css). @param {{ what?: string }} props */
export function Loading({ what = 'Loading' }) {
  return (
    <div class="state state--loading" role="status">
      <span class="spinner" aria-hidden="true" />
      <span class="visually-hidden">{what}…</span>
    </div>
  );
}

/**
 * A sentence, with an optional button.
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
