/* Choosing people by a part of the name; chosen people are shown as chips before the field. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { reasonOf } from '../../lib/refusal.js';
import { Avatar } from '../avatar.jsx';
import { useApp } from '../context.js';
import { CloseIcon } from '../icons.jsx';
import { useListbox } from '../use_listbox.js';

/** @typedef {import('../../lib/protocol.js').PersonInfo} PersonInfo */

const MOMENT_MS = 150;
const SHOWN_MAX = 20;

/**
 * People whose name contains this text, loaded a moment after the last key.
 * @param {string} query
 * @param {number} [toAddTo] a room: only people who can be added to it
 * @returns {{ people: PersonInfo[] | null, problem: string, query: string }} null: not known yet; `query`: the text that they match
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
 * @param {(person: PersonInfo) => boolean} [props.isOffered] default: everyone
 * @param {number} [props.toAddTo] a room: its members are not offered
 */
export function PeoplePicker({ label, chosen, onChange, most, isOffered = () => true, toAddTo }) {
  const { chat } = useApp();
  const [query, setQuery] = useState('');
  const { people, problem, query: answered } = usePeople(query.trim(), toAddTo);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const id = useId();
  const isFull = chosen.length >= most;
  const offered = (people ?? []).filter(
    (person) => isOffered(person) && !chosen.some((other) => other.id === person.id),
  );
  const listbox = useListbox({ options: offered, keyOf: (person) => person.id, onPick: pick, answered });

  useEffect(() => input.current?.focus({ preventScroll: true }), []);

  /** @param {PersonInfo} person */
  function pick(person) {
    if (isFull) return;
    onChange([...chosen, person]);
    setQuery('');
    listbox.reset();
    input.current?.focus();
  }

  /** @param {KeyboardEvent & { currentTarget: HTMLInputElement }} event */
  function onKeyDown(event) {
    const text = event.currentTarget.value;
    const isForForm = text.trim() ? text.trim() === answered && !offered.length : chosen.length > 0;
    if (event.key === 'Enter' && isForForm) return;
    if (event.key === 'Backspace' && !text && !event.isComposing) {
      onChange(chosen.slice(0, -1));
      event.preventDefault();
    } else listbox.onKeyDown(event);
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
          {...listbox.field}
          ref={input}
          id={id}
          class="picker__input"
          placeholder={isFull ? 'Maximum reached' : chosen.length ? '' : 'A name'}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            listbox.reset();
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul {...listbox.list} class="picker__list" aria-label="People">
        {offered.map((person, place) => (
          <li key={person.id} {...listbox.optionProps(person, place)} class="picker__person">
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
              (query.trim() ? 'No matches.' : toAddTo ? 'Everyone is already a member.' : 'No other people yet.'))}
      </p>
    </div>
  );
}

/** The display name, and the user name if it differs. @param {{ person: PersonInfo }} props */
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
