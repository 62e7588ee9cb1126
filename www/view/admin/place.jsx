/* The workspace, which its owner changes here, and the server's settings, which are changed in a file. */
import { useState } from 'preact/hooks';
import { settingsLike } from '../../model/admin/settings.js';
import { checkPlaceName } from '../../model/form.js';
import { may } from '../../model/permissions.js';
import { useApp } from '../context.js';
import { Checkbox, Form, TextField } from '../form.jsx';
import { Section } from '../page.jsx';
import { SearchField } from '../search_field.jsx';
import { Empty, Loading, Problem } from '../states.jsx';
import { useQuery } from '../use_query.js';
import { watch } from '../watch.js';
import { Table } from './table.jsx';

/** @typedef {import('../../lib/protocol.js').SettingInfo} SettingInfo */

/** Bytes of a name: proto/request_fields.c. */
const PLACE_NAME_BYTES = 256;

export function SettingsTab() {
  const { request, chat } = useApp();
  const { me } = watch(chat);
  /** @type {{ answer: import('../../lib/protocol.js').Settings | null, problem: string, retry: () => void }} */
  const { answer, problem, retry } = useQuery(() => request({ type: 'settings' }), []);
  if (problem) return <Problem message={problem} onRetry={retry} />;
  if (!answer) return <Loading />;
  return (
    <>
      <Section title="Workspace">
        {may('set_place', { me }) ? <PlaceForm place={answer.place} /> : <PlaceFacts place={answer.place} />}
      </Section>
      <Settings settings={answer.settings} />
    </>
  );
}

/** @typedef {import('../../lib/protocol.js').Settings['place']} PlaceSettings */

/** @param {{ place: PlaceSettings }} props */
function PlaceForm({ place }) {
  const { request, identity } = useApp();
  const { totp } = watch(identity);
  return (
    <Form
      action="Save"
      done="Saved."
      fieldOf={{ invalid: 'name' }}
      onSubmit={async ({ name, require_totp }) => {
        await request({ type: 'set_place', name, require_totp });
        await identity.identify().catch(() => null); /* our own permissions can be reduced now */
      }}
    >
      <TextField
        name="name"
        label="Workspace name"
        value={place.name}
        missing="Enter a workspace name."
        maxBytes={PLACE_NAME_BYTES}
        check={checkPlaceName}
        autoComplete="off"
      />
      <Checkbox
        name="require_totp"
        label="Require two-factor authentication for admins"
        value={place.require_totp}
        hint={`Until they set it up, admins and owners have member permissions only.${totp ? '' : " You haven't set it up yet."}`}
      />
    </Form>
  );
}

/** @param {{ place: PlaceSettings }} props */
function PlaceFacts({ place }) {
  return (
    <dl class="facts">
      <dt>Name</dt>
      <dd>
        <bdi>{place.name}</bdi>
      </dd>
      <dt>Require two-factor authentication for admins</dt>
      <dd>{place.require_totp ? 'yes' : 'no'}</dd>
    </dl>
  );
}

/** @param {{ settings: SettingInfo[] }} props */
function Settings({ settings }) {
  const [query, setQuery] = useState('');
  const shown = settingsLike(settings, query);
  return (
    <Section
      title="Server settings"
      about={
        <>
          Read at start from <code>civetweb.conf</code>, the environment and the command line. To change one, edit that
          file and restart the server.
        </>
      }
    >
      <SearchField label="Search settings" onSearch={setQuery} />
      {shown.length ? (
        <Table label="Server settings" columns={COLUMNS} rows={shown} keyOf={({ name }) => name} />
      ) : (
        <Empty>No matches.</Empty>
      )}
    </Section>
  );
}

/** @type {import('./table.jsx').Column<SettingInfo>[]} */
const COLUMNS = [
  { title: 'Setting', kind: 'main', draw: ({ name }) => <code class="code">{name}</code> },
  {
    title: 'Value',
    draw: ({ value }) => (value === '' ? <span class="quiet">empty</span> : <code class="code">{value}</code>),
  },
  { title: 'From', draw: ({ from }) => <span class={from === 'default' ? 'quiet' : 'code'}>{from}</span> },
];
