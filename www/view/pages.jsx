/* Which component draws which page of lib/route.js. Pages are loaded when they are first opened: the chat does not need
 * them. */
import { useEffect, useState } from 'preact/hooks';
import { Page } from './page.jsx';
import { Loading, Problem } from './states.jsx';

/** @typedef {import('preact').FunctionComponent<{ route: any }>} PageComponent */

/** @type {Partial<Record<import('../lib/route.js').Route['page'], PageComponent>>} */
export const PAGES = {
  settings: later('Settings', async () => (await import('./settings.jsx')).SettingsPage),
  people: later('People', async () => (await import('./people_page.jsx')).PeoplePage),
  rooms: later('Rooms', async () => (await import('./rooms_page.jsx')).RoomsPage),
  admin: later('Administration', async () => (await import('./admin.jsx')).AdminPage),
};

/**
 * @param {string} title shown while the page loads
 * @param {() => Promise<PageComponent>} load
 * @returns {PageComponent}
 */
function later(title, load) {
  /** @type {PageComponent | null} */
  let loaded = null;
  return function Later(props) {
    const [failed, setFailed] = useState(false);
    const [, setArrived] = useState(false);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (component) => {
          loaded = component;
          setArrived(true);
        },
        () => setFailed(true),
      );
    }, []);
    if (loaded) {
      const Loaded = loaded;
      return <Loaded {...props} />;
    }
    /* A newer server no longer has the modules of the older page. */
    return (
      <Page title={title}>
        {failed ? (
          <Problem message="Couldn't load this page. Reload and try again." onRetry={() => location.reload()} />
        ) : (
          <Loading />
        )}
      </Page>
    );
  };
}
