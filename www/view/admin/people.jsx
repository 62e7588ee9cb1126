/* All users, with a button to manage each. */
import { useEffect, useState } from 'preact/hooks';
import { ROLE_NAMES } from '../../model/admin/roles.js';
import { hasAccount, rankOf } from '../../model/permissions.js';
import { Avatar } from '../avatar.jsx';
import { useApp } from '../context.js';
import { List, useListing } from '../list.jsx';
import { Section } from '../page.jsx';
import { PersonNames } from '../people/picker.jsx';
import { SearchField } from '../search_field.jsx';
import { Empty } from '../states.jsx';
import { watch } from '../watch.js';
import { PersonDialog } from './person_dialog.jsx';

/** @typedef {import('../../lib/protocol.js').PersonInfo} PersonInfo */

export function PeopleTab() {
  const { chat } = useApp();
  const [query, setQuery] = useState('');
  const people = /** @type {import('../../model/listing.js').Listing<PersonInfo>} */ (
    useListing({ type: 'people' }, query ? { query } : {})
  );
  const [chosen, setChosen] = useState(/** @type {PersonInfo | null} */ (null));
  useEffect(() => chat.persons.learn(...people.items), [people.items]);

  return (
    <Section title="People">
      <SearchField label="Search by name" onSearch={setQuery} />
      <List
        of={people}
        label="People"
        empty={<Empty>{query ? 'No matches.' : 'No people yet.'}</Empty>}
        draw={(person) => <PersonRow person={person} onManage={() => setChosen(person)} />}
      />
      {chosen && <PersonDialog person={chosen} onClose={() => setChosen(null)} />}
    </Section>
  );
}

/** @param {{ person: PersonInfo, onManage: () => void }} props */
function PersonRow({ person: listed, onManage }) {
  const { chat } = useApp();
  const { persons } = chat;
  const person = watch(persons).of(listed);
  const name = persons.nameOf(person);
  const { role = 'member', banned } = person;
  return (
    <>
      <Avatar user={person} />
      <div class="list__main">
        <p class="list__title">
          <PersonNames person={person} />
          {rankOf(person) > rankOf({ role: 'member' }) && <span class="badge">{ROLE_NAMES[role]}</span>}
          {banned && <span class="badge badge--danger">Banned</span>}
          {person.id === chat.me?.id && <span class="badge badge--quiet">You</span>}
        </p>
        <p class="list__about">
          <span>{hasAccount(person) ? 'Account' : 'Guest, without an account'}</span>
        </p>
      </div>
      <button type="button" class="button button--small" onClick={onManage}>
        Manage<span class="visually-hidden"> {name}</span>
      </button>
    </>
  );
}
