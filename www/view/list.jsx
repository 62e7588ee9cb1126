/* A Listing on the screen: loading, empty, failed, or its rows and a button for more. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Listing } from '../model/listing.js';
import { useApp } from './context.js';
import { Loading, Problem } from './states.jsx';
import { watch } from './watch.js';

/**
 * A listing for as long as the component is drawn, loaded at once, and again when `fields` or `news` change.
 * @template {{ id: number }} Item
 * @param {Omit<ConstructorParameters<typeof Listing>[0], 'request'> & { request?: import('./context.js').AppContext['request'] }} kind of the first drawing
 * @param {Record<string, unknown>} [fields]
 * @param {unknown} [news] a new value means that the list has changed
 * @returns {Listing<Item>}
 */
export function useListing(kind, fields = {}, news) {
  const { request } = useApp();
  const listing = useMemo(() => /** @type {Listing<Item>} */ (new Listing({ request, ...kind })), []);
  const wanted = JSON.stringify(fields);
  const asked = useRef('');
  useEffect(() => {
    if (asked.current === wanted) listing.load();
    else listing.load(JSON.parse(wanted));
    asked.current = wanted;
  }, [wanted, news]);
  return watch(listing);
}

/**
 * The frame of a list: loading, empty, failed, or the items and a button for more.
 * @param {object} props
 * @param {Listing<any>} props.of
 * @param {import('preact').ComponentChildren} props.empty an <Empty>
 * @param {import('preact').ComponentChildren} props.children the items, when there are any
 */
export function Listed({ of: listing, empty, children }) {
  const { items, state, hasMore, problem } = watch(listing);
  if (!items.length) {
    if (state === 'failed') return <Problem message={problem} onRetry={() => listing.retry()} />;
    return state === 'ready' ? <>{empty}</> : <Loading />;
  }
  return (
    <>
      {children}
      {state === 'failed' && <Problem message={problem} onRetry={() => listing.retry()} />}
      {hasMore && state !== 'failed' && (
        <div class="list__more">
          <button
            type="button"
            class="button button--small"
            disabled={state === 'more'}
            onClick={() => listing.loadMore()}
          >
            {state === 'more' ? 'Loading…' : 'Show more'}
          </button>
        </div>
      )}
    </>
  );
}

/**
 * @template {{ id: number }} Item
 * @param {object} props
 * @param {Listing<Item>} props.of
 * @param {string} props.label the name of the list, for screen readers
 * @param {(item: Item) => import('preact').ComponentChildren} props.draw the inside of a row
 * @param {import('preact').ComponentChildren} props.empty an <Empty>
 * @param {string} [props.class]
 */
export function List({ of: listing, label, draw, empty, class: kind = '' }) {
  const { items, state } = watch(listing);
  return (
    <Listed of={listing} empty={empty}>
      <ul class={`list ${kind}`} aria-label={label} aria-busy={state === 'loading'}>
        {items.map((item) => (
          <li key={item.id} class="list__item">
            {draw(item)}
          </li>
        ))}
      </ul>
    </Listed>
  );
}
