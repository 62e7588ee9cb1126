/* Choosing people: one types a part of a name, and whom one picks stands before it as a chip. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { reasonOf } from '../../lib/refusal.js';
import { Avatar } from '../avatar.jsx';
import { useApp } from '../context.js';
import { CloseIcon } from '../icons.jsx';

/** @typedef {import('../../lib/protocol.js').PersonInfo} PersonInfo */

const MOMENT_MS = 150;
const SHOWN_MAX = 20;

/**
 * People whose name has this in it, a moment after the last letter.
 * @param {string} query
 * @param {number} [toAddTo] a room: only people who can be added to it
 * @returns {{ people: PersonInfo[] | null, problem: string, query: string }} null: not known yet; `query`: which they are the answer to
 */
export function usePeople(query, toAddTo) {
  const { request, chat } = useApp();
  const [found, setFound] = useState({ people: /** @type {PersonInfo[] | null} */ (null), problem: '', query: '' });
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(
      async () => {
        try {
          const { people } = await request({ type: 'people', query, room: toAddTo, limit: SHOWN_MAX });
          chat.persons.learn(...people);
          if (isWanted) setFound({ people, problem: '', query });
        } catch (error) {
          if (isWanted) setFound({ people: [], problem: reasonOf(error).message, query });
        }
      },
      query ? MOMENT_MS : 0,
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [query, toAddTo]);
  return found;
}

/**
 * @param {object} props
 * @param {string} props.label
 * @param {PersonInfo[]} props.chosen
 * @param {(chosen: PersonInfo[]) => void} props.onChange
 * @param {number} props.most
 * @param {(person: PersonInfo) => boolean} [props.isOffered] everybody, when left out
 * @param {number} [props.toAddTo] a room: its members are not offered
 */
export function PeoplePicker({ label, chosen, onChange, most, isOffered = () => true, toAddTo }) {
  const { chat } = useApp();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const { people, problem, query: answered } = usePeople(query.trim(), toAddTo);
  /** Enter was pressed before the answer to what stands in the field: the first one is meant. */
  const takesFirst = useRef(false);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const id = useId();
  const isFull = chosen.length >= most;
  const offered = (people ?? []).filter(
    (person) => isOffered(person) && !chosen.some((other) => other.id === person.id),
  );
  const index = Math.min(at, offered.length - 1);

  useEffect(() => input.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    if (!takesFirst.current || answered !== input.current?.value.trim()) return;
    takesFirst.current = false;
    if (offered[0]) pick(offered[0]);
  }, [people]);
  useEffect(
    () => void document.getElementById(`${id}-${offered[index]?.id}`)?.scrollIntoView({ block: 'nearest' }),
    [index],
  );

  /** @param {PersonInfo} person */
  function pick(person) {
    if (isFull) return;
    onChange([...chosen, person]);
    setQuery('');
    setAt(0);
    input.current?.focus();
  }

  /** Takes what stands in the field, which a fast writer has changed since it was drawn last.
   * @param {KeyboardEvent & { currentTarget: HTMLInputElement }} event */
  function onKeyDown(event) {
    if (event.isComposing) return;
    const value = event.currentTarget.value.trim();
    if (event.key === 'ArrowDown') setAt((index + 1) % Math.max(offered.length, 1));
    else if (event.key === 'ArrowUp') setAt((index - 1 + offered.length) % Math.max(offered.length, 1));
    else if (event.key === 'Backspace' && !event.currentTarget.value) onChange(chosen.slice(0, -1));
    else if (event.key === 'Enter' && value !== answered) takesFirst.current = true;
    else if (event.key === 'Enter' && offered[index] && (value || !chosen.length)) pick(offered[index]);
    else return;
    event.preventDefault();
  }

  return (
    <div class="picker">
      <label class="form__label" for={id}>
        {label}
      </label>
      <div class="picker__box field">
        {chosen.map((person) => (
          <span key={person.id} class="picker__chip">
            <Avatar user={person} size="tiny" />
            <bdi>{chat.persons.nameOf(person)}</bdi>
            <button
              type="button"
              class="picker__remove"
              onClick={() => onChange(chosen.filter(({ id: other }) => other !== person.id))}
            >
              <CloseIcon />
              <span class="visually-hidden">Take {chat.persons.nameOf(person)} out</span>
            </button>
          </span>
        ))}
        <input
          ref={input}
          id={id}
          class="picker__input"
          role="combobox"
          aria-expanded={offered.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={offered[index] ? `${id}-${offered[index].id}` : undefined}
          placeholder={isFull ? 'That is all' : chosen.length ? '' : 'A name'}
          autoComplete="off"
          spellcheck={false}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
            takesFirst.current = false;
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul class="picker__list" id={`${id}-list`} role="listbox" aria-label="People">
        {offered.map((person, place) => (
          <li
            key={person.id}
            id={`${id}-${person.id}`}
            class="picker__person"
            role="option"
            aria-selected={place === index}
            onPointerMove={() => place !== index && setAt(place)}
            onClick={() => pick(person)}
          >
            <Avatar user={person} small />
            <PersonNames person={person} />
          </li>
        ))}
      </ul>
      <p class="picker__none" role="status">
        {problem ||
          (isFull
            ? `At most ${most} people.`
            : people &&
              !offered.length &&
              (query.trim() ? 'No matches.' : toAddTo ? 'Everyone is a member already.' : 'There is nobody else yet.'))}
      </p>
    </div>
  );
}

/** What somebody is called, and the user name where that is another. @param {{ person: PersonInfo }} props */
export function PersonNames({ person }) {
  const { persons } = useApp().chat;
  const called = persons.nameOf(person);
  return (
    <span class="person-names">
      <bdi class="person-names__called">{called}</bdi>
      {called !== person.name && <bdi class="person-names__user">@{person.name}</bdi>}
    </span>
  );
}
