/* Connection problems that last long enough to matter, and other notices for the whole page. It covers nothing. */
import { useEffect, useState } from 'preact/hooks';
import { connectionStatus } from '../model/connection_status.js';
import { useApp } from './context.js';
import { Link } from './link.jsx';
import { watch } from './watch.js';

/** Redraws every second while something is wrong. @param {boolean} active */
function useSeconds(active) {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setTick((tick) => tick + 1), 1000);
    return () => clearInterval(timer);
  }, [active]);
}

export function Banner() {
  const { chat, connection, identity } = useApp();
  const { needsTotp } = watch(identity);
  watch(chat);
  watch(chat.outbox);
  const { state, cause, downSince, retryAt } = watch(connection);
  useSeconds(downSince !== null);
  const trouble = connectionStatus({
    state,
    cause,
    downSince,
    retryAt,
    online: navigator.onLine,
    queued: chat.outbox.waiting,
    now: Date.now(),
  });
  return (
    <div class="banners">
      <div role="status">
        {trouble && (
          <div class="banner banner--trouble">
            <p>
              {trouble.text} {/* Hidden from screen readers, which would read it every second. */}
              <span aria-hidden="true">{trouble.progress}</span>
            </p>
            {state === 'waiting' && (
              <button type="button" class="button button--small" onClick={() => connection.retryNow()}>
                Retry now
              </button>
            )}
          </div>
        )}
        {needsTotp && !trouble && (
          <div class="banner banner--trouble">
            <p>Admins here need two-factor authentication.</p>
            <Link class="button button--small" to={{ page: 'settings', tab: 'account' }}>
              Set up
            </Link>
          </div>
        )}
        {chat.server.outdated && !trouble && (
          <div class="banner">
            <p>
              {chat.server.outdated === 'updated'
                ? 'Hubbub has been updated. Reload to get the new version.'
                : 'This page is out of date. Please reload.'}
            </p>
            <button type="button" class="button button--small" onClick={() => location.reload()}>
              Reload
            </button>
          </div>
        )}
      </div>
    </div>
  );
}
