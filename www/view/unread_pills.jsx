/* Buttons at the edges of the list of rooms, while unread rooms are scrolled out of view. */
import { useLayoutEffect, useState } from 'preact/hooks';
import { DownIcon } from './icons.jsx';

const COUNTS = '.room-link__count, .section-head__count';

/**
 * The nearest unread counts that are out of view.
 * @param {HTMLElement} scroller
 */
function beyond(scroller) {
  const { top, bottom } = scroller.getBoundingClientRect();
  const counts = [...scroller.querySelectorAll(COUNTS)].map((count) => ({ count, box: count.getBoundingClientRect() }));
  return {
    above: counts.filter(({ box }) => box.bottom <= top).at(-1)?.count ?? null,
    below: counts.find(({ box }) => box.top >= bottom)?.count ?? null,
  };
}

/** @param {{ scroller: { current: HTMLElement | null } }} props */
export function UnreadPills({ scroller }) {
  const [above, setAbove] = useState(false);
  const [below, setBelow] = useState(false);

  function look() {
    if (!scroller.current) return;
    const found = beyond(scroller.current);
    setAbove(found.above !== null);
    setBelow(found.below !== null);
  }

  useLayoutEffect(look);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);

  /** @param {'above' | 'below'} where */
  function go(where) {
    const count = scroller.current && beyond(scroller.current)[where];
    count?.scrollIntoView({ block: 'center' });
    /** @type {HTMLElement | null | undefined} */ (
      count?.closest('a') ?? count?.parentElement?.querySelector('button')
    )?.focus({ preventScroll: true });
  }

  return (
    <>
      {above && (
        <button type="button" class="pill pill--new pill--small pill--above" onClick={() => go('above')}>
          <DownIcon />
          Unread above
        </button>
      )}
      {below && (
        <button type="button" class="pill pill--new pill--small" onClick={() => go('below')}>
          <DownIcon />
          Unread below
        </button>
      )}
    </>
  );
}
