/* The list of all people, and one person's page. */
import { useState } from 'preact/hooks';
import { ROLE_NAMES } from '../model/admin/roles.js';
import { statusOf } from '../model/persons.js';
import { SearchField } from './search_field.jsx';
import { Avatar } from './avatar.jsx';
import { useApp } from './context.js';
import { SayIcon } from './icons.jsx';
import { Link } from './link.jsx';
import { List, useListing } from './list.jsx';
import { Page, Section } from './page.jsx';
import { openDirect } from './people/new_message.jsx';
import { PersonNames } from './people/picker.jsx';
import { ProfilePage } from './people/profile.jsx';
import { Empty } from './states.jsx';
import { minute } from './ui.js';
import { watch } from './watch.js';

/** @typedef {import('../lib/protocol.js').PersonInfo} PersonInfo */

/** @param {{ route: { page: 'people', id?: number } }} props */
export function PeoplePage({ route: { id } }) {
  const { isGuest } = watch(useApp().chat);
  if (isGuest) {
    return (
      <Page title="People">
        <Empty>You're here as a guest. With an account you can see who else is here.</Empty>
      </Page>
    );
  }
  return id === undefined ? <Directory /> : <ProfilePage key={id} id={id} />;
}

function Directory() {
  const [query, setQuery] = useState('');
  const listing = /** @type {import('../model/listing.js').Listing<PersonInfo>} */ (
    useListing({ type: 'people' }, { query })
  );
  return (
    <Page title="People">
      <Section>
        <SearchField label="Search people" onSearch={setQuery} />
        <List
          of={listing}
          label="People"
          draw={(person) => <ListedPerson person={person} />}
          empty={<Empty>{query ? 'No matches.' : 'No people yet.'}</Empty>}
        />
      </Section>
    </Page>
  );
}

/** @param {{ person: PersonInfo }} props */
function ListedPerson({ person: listed }) {
  const app = useApp();
  const { chat } = app;
  const person = watch(chat.persons).of(listed);
  void minute.value; /* a status can end by itself */
  const status = statusOf(person, Date.now());
  const { role = 'member' } = person;
  return (
    <>
      <Avatar user={person} />
      <div class="list__main">
        <p class="list__title">
          <Link to={{ page: 'people', id: person.id }} class="list__link">
            <PersonNames person={person} />
          </Link>
          {role !== 'member' && <span class="badge badge--quiet">{ROLE_NAMES[role]}</span>}
          {person.banned && <span class="badge badge--danger">Banned</span>}
          {person.id === chat.me?.id && <span class="person__note">you</span>}
        </p>
        {status && (
          <p class="list__about" dir="auto">
            {status}
          </p>
        )}
      </div>
      {role !== 'guest' && !person.banned && person.id !== chat.me?.id && (
        <button type="button" class="icon-button" title="Message" onClick={() => openDirect(app, person.id)}>
          <SayIcon />
          <span class="visually-hidden">Message {chat.persons.nameOf(person)}</span>
        </button>
      )}
    </>
  );
}
