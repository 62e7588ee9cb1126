/* A page that takes the room's place: settings, people, administration. Its title, the way back to the room, and tabs
 * where it has several: on the left of a wide screen, above on a narrow one. */
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from './context.js';
import { BackIcon } from './icons.jsx';
import { Link } from './link.jsx';
import { pageTitle } from './ui.js';

/** @typedef {import('../lib/route.js').Route} Route */

/**
 * @param {object} props
 * @param {string} props.title
 * @param {{ to: Route, label: string, current: boolean, note?: string | number }[]} [props.tabs] note: for example a count
 * @param {import('preact').ComponentChildren} [props.actions] buttons beside the title
 * @param {boolean} [props.wide] for tables; prose and forms are easier to read in a narrow column
 * @param {import('preact').ComponentChildren} props.children
 */
export function Page({ title, tabs, actions, wide = false, children }) {
  const { router } = useApp();
  const heading = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  const bar = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = tabs?.find(({ current }) => current)?.label ?? title;

  useEffect(() => {
    pageTitle.value = shown;
    return () => {
      pageTitle.value = null;
    };
  }, [shown]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(
    () => bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }),
    [shown],
  );

  return (
    <div class="page">
      <header class="page__header">
        <button
          type="button"
          class="icon-button page__back"
          title="Back to the room (Esc)"
          onClick={() => router.close()}
        >
          <BackIcon />
          <span class="visually-hidden">Back to the room</span>
        </button>
        <h1 class="page__title" tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {actions}
      </header>
      <div class={`page__main ${tabs ? 'page__main--tabs' : ''}`}>
        {tabs && (
          <nav class="page__tabs" aria-label={title} ref={bar}>
            {tabs.map(({ to, label, current, note }) => (
              <Link key={label} to={to} replace class="page__tab" current={current}>
                {label}
                {note ? <span class="page__note">{note}</span> : null}
              </Link>
            ))}
          </nav>
        )}
        <div class="page__scroller" key={shown}>
          <div class={`page__content ${wide ? 'page__content--wide' : ''}`}>{children}</div>
        </div>
      </div>
    </div>
  );
}

/**
 * A section of a page, with a heading.
 * @param {{ title?: string, about?: import('preact').ComponentChildren, children?: import('preact').ComponentChildren }} props
 */
export function Section({ title, about, children }) {
  return (
    <section class="section">
      {title && <h2 class="section__title">{title}</h2>}
      {about && <p class="section__about">{about}</p>}
      {children}
    </section>
  );
}
