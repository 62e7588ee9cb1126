/* A link within the page: opens without a reload, or in another tab with the usual keys. */
import { pathOf } from '../lib/route.js';
import { useApp } from './context.js';

/**
 * @param {object} props
 * @param {import('../lib/route.js').Route} props.to
 * @param {boolean} [props.replace] replaces the present entry of the browser's history
 * @param {() => void} [props.onGo] called before
 * @param {import('preact').ComponentChildren} props.children
 * @param {string} [props.class]
 * @param {string} [props.title]
 * @param {boolean} [props.current] it leads to the present page
 * @param {number} [props.tabIndex]
 */
export function Link({ to, replace, onGo, current, children, ...rest }) {
  const { router } = useApp();

  /** @param {MouseEvent} event */
  function open(event) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; /* a new tab, say */
    event.preventDefault();
    onGo?.();
    router.go(to, { replace });
  }

  return (
    <a href={pathOf(to)} onClick={open} aria-current={current ? 'page' : undefined} {...rest}>
      {children}
    </a>
  );
}
