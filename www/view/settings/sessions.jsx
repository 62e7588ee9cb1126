/* The user's sessions, and signing out other devices. */
import { useState } from 'preact/hooks';
import { deviceName, isPhone } from '../../lib/device.js';
import { reasonOf } from '../../lib/refusal.js';
import { Ago } from '../ago.jsx';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { PhoneIcon, SystemIcon } from '../icons.jsx';
import { List, useListing } from '../list.jsx';
import { Section } from '../page.jsx';
import { Empty } from '../states.jsx';

/** @typedef {import('../../lib/protocol.js').SessionInfo} SessionInfo */

export function SessionsTab() {
  const { request } = useApp();
  const sessions = /** @type {import('../../model/listing.js').Listing<SessionInfo>} */ (
    useListing({ type: 'sessions' })
  );
  const [problem, setProblem] = useState('');
  const others = sessions.items.filter(({ current }) => !current);

  /** @param {() => Promise<unknown>} verb */
  async function carryOut(verb) {
    setProblem('');
    try {
      await verb();
    } catch (error) {
      setProblem(reasonOf(error).message);
    }
    sessions.load();
  }

  async function endOthers() {
    const sure = await confirm({
      title: 'Sign out everywhere else?',
      text: "All other devices will have to sign in again. Programs that use an access token won't: revoke the token to stop them.",
      action: 'Sign out',
      danger: true,
    });
    if (sure) carryOut(() => request({ type: 'end_other_sessions' }));
  }

  return (
    <Section title="Devices" about="Where you're signed in. Sessions expire after 30 days without use.">
      <List
        of={sessions}
        label="Devices"
        empty={<Empty>You're not signed in anywhere.</Empty>}
        draw={(session) => (
          <SessionRow
            session={session}
            onEnd={() => carryOut(() => request({ type: 'end_session', session: session.id }))}
          />
        )}
      />
      <p class="form__problem" role="alert">
        {problem}
      </p>
      {others.length > 0 && (
        <button type="button" class="button" onClick={endOthers}>
          Sign out everywhere else
        </button>
      )}
    </Section>
  );
}

/** @param {{ session: SessionInfo, onEnd: () => void }} props */
function SessionRow({ session: { device, address, seen, since, current }, onEnd }) {
  const name = deviceName(device);
  return (
    <>
      <span class="list__icon">{isPhone(device) ? <PhoneIcon /> : <SystemIcon />}</span>
      <div class="list__main">
        <p class="list__title" title={device}>
          {name}
          {current && <span class="badge">this device</span>}
        </p>
        <p class="list__about">
          {address && <span>{address}</span>}
          <span>
            {current ? (
              'active now'
            ) : (
              <>
                seen <Ago at={seen} />
              </>
            )}
          </span>
          <span>
            signed in <Ago at={since} />
          </span>
        </p>
      </div>
      {!current && (
        <button type="button" class="button button--small" onClick={onEnd}>
          Sign out<span class="visually-hidden"> {name}</span>
        </button>
      )}
    </>
  );
}
